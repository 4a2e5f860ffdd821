import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { MethodNotOffered, NoFactor } from '../../domain/errors';
import { FactorChanges } from '../factor-changes';
import { FactorNotices } from '../factor-notices';
import { Factors } from '../factors.port';
import { type BackupCodeSet, BackupCodeSets } from './backup-code-sets';

/** Gives a user ten new backup codes, which take the place of the old ones at once (MF-08). */
@Injectable()
export class RegenerateBackupCodes {
  constructor(
    private readonly sets: BackupCodeSets,
    private readonly changes: FactorChanges,
    private readonly factors: Factors,
    private readonly notices: FactorNotices,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * The codes, as they are shown this once. Throws MethodNotOffered, NoFactor and Overloaded; and whatever those throw who
   * watch that the session goes on in which they were asked for: then the old ones stay.
   */
  async execute(by: Principal): Promise<readonly string[]> {
    if (!this.sets.areOffered) throw new MethodNotOffered();
    const set = await this.sets.draft();
    if (!(await this.work.run((now) => this.replace(by, set, now)))) throw new NoFactor();
    return set.shown;
  }

  private async replace(by: Principal, set: BackupCodeSet, now: Date): Promise<boolean> {
    const guesses = await this.changes.begin(by.userId);
    if (!guesses || (await this.factors.typesOf(by.userId)).length === 0) return false;
    await this.sets.keep(by.userId, set, null, now);
    guesses.renewed('backup_codes');
    await this.factors.saveGuesses(guesses);
    await this.notices.backupCodesRenewed(by);
    return true;
  }
}
