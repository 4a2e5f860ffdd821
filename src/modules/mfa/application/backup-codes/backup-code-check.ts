import { Injectable } from '@nestjs/common';
import { parseBackupCode } from '../../domain/backup-code';
import { BackupCodes } from '../backup-codes.port';
import { FactorCheck, type ShownCode } from '../factor-check';
import { FactorNotices } from '../factor-notices';

/** A code from the list that was written down. It was compared before (`PrepareCode`): here it is used up. */
@Injectable()
export class BackupCodeCheck extends FactorCheck {
  readonly method = 'backup_codes';

  constructor(
    private readonly codes: BackupCodes,
    private readonly notices: FactorNotices,
  ) {
    super();
  }

  fits(code: string): boolean {
    return parseBackupCode(code) !== null;
  }

  async redeem({ userId, backupCodeId }: ShownCode, now: Date): Promise<boolean> {
    if (backupCodeId === null || !(await this.codes.spend(userId, backupCodeId, now))) return false;
    await this.notices.backupCodeUsed(userId, await this.codes.countOf(userId));
    return true;
  }
}
