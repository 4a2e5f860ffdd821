import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { TenantRules } from '../../tenant-rules.facade';
import { LockoutAdministration } from '../lockout/lockout-administration';
import { PasswordHistory } from './password-history.port';

/**
 * What becomes of a password when another takes its place, however that came about: it is remembered where a tenant
 * demands that it does not come back, and wrong guesses at it count no more.
 */
@Injectable()
export class RetirePassword {
  constructor(
    private readonly history: PasswordHistory,
    private readonly rules: TenantRules,
    private readonly lockouts: LockoutAdministration,
    private readonly work: UnitOfWork,
  ) {}

  /** `hash` is the old one; null: there was none. Joins the unit of work of the caller, who has taken the user. */
  execute(user: UserId, hash: string | null): Promise<void> {
    return this.work.run(async () => {
      if (hash !== null) {
        const { passwordHistory } = await this.rules.of(user);
        await this.history.remember(user, hash, passwordHistory);
      }
      await this.lockouts.recover(user);
    });
  }
}
