import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { Due, Month } from '../../domain/archive/due-months';
import type { Finding } from '../../domain/seals/finding';
import { VerifyAuditLog } from '../seals/verify-audit-log';
import { DueMonths } from './due-months';
import { RemoveMonth } from './remove-month';
import { WriteMonth, type WrittenMonth } from './write-month';

/** What has become of it: as far as it came, and why it went no further. */
export type Archiving = {
  readonly archived: readonly WrittenMonth[];
  readonly stopped: null | {
    readonly month: Month | null;
    readonly reason: 'log_unsound' | 'not_sealed_yet' | 'archive_unsound' | 'file_not_whole';
    readonly findings: readonly Finding[];
  };
};

/**
 * Takes months that are over out of the database into files, oldest first. Nothing leaves it that is not whole in its file,
 * and nothing at all while the log is not as it was sealed. Cut off anywhere, it is begun again and loses nothing.
 */
@Injectable()
export class ArchiveAuditLog {
  constructor(
    private readonly due: DueMonths,
    private readonly verifying: VerifyAuditLog,
    private readonly writing: WriteMonth,
    private readonly removing: RemoveMonth,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws NotTheOwner; MonthGrew, when something comes to a month while it is archived. */
  execute(due: Due, folder: string): Promise<Archiving> {
    return this.work.overAllTenants(async () => {
      const months = await this.due.list(due);
      if (months.length === 0) return { archived: [], stopped: null };
      const { verified, findings } = await this.verifying.execute({ whose: null, afterSeal: 0, hasTime: () => true });
      if (!verified) return { archived: [], stopped: { month: null, reason: 'log_unsound', findings } };
      return this.archive(months, folder);
    });
  }

  private async archive(months: readonly Month[], folder: string): Promise<Archiving> {
    const archived: WrittenMonth[] = [];
    for (const month of months) {
      const written = await this.writing.execute(month, folder);
      const reason = faultOf(written);
      if (reason !== null) return { archived, stopped: { month, reason, findings: written.findings } };
      await this.removing.execute(written);
      archived.push(written);
    }
    return { archived, stopped: null };
  }
}

function faultOf({ isWhole, findings, unsealed }: WrittenMonth): NonNullable<Archiving['stopped']>['reason'] | null {
  if (!isWhole) return 'file_not_whole';
  if (findings.length > 0) return 'archive_unsound';
  // Somebody who has been adding events all the while holds up the seals.
  return unsealed > 0 ? 'not_sealed_yet' : null;
}
