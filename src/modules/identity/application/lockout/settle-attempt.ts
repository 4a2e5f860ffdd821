import { Injectable } from '@nestjs/common';
import { LockoutSettings } from '../../../../platform/config/settings';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { LockoutNotices } from './lockout-notices';
import { Lockouts } from './lockouts.port';
import { type Attempt, type AttemptOutcome, PasswordAttempts } from './password-attempts';

/** Says what became of a password that was compared, within the unit of work of what it led to. */
@Injectable()
export class SettleAttempt {
  constructor(
    private readonly lockouts: Lockouts,
    private readonly attempts: PasswordAttempts,
    private readonly notices: LockoutNotices,
    private readonly work: UnitOfWork,
    private readonly policy: LockoutSettings,
  ) {}

  async execute(attempt: Attempt, outcome: AttemptOutcome): Promise<void> {
    const { account, source, checkId } = attempt;
    if (outcome === 'ignored') {
      // About as long as the others take, without holding what those need who may still sign in.
      await this.lockouts.find(account);
      return;
    }
    await this.work.run(async (now) => {
      const lockout = await this.lockouts.take(account);
      if (outcome === 'passed') lockout.pass(source, checkId, now);
      if (outcome === 'released') lockout.release(checkId, now);
      const failure = outcome === 'failed' ? lockout.fail(source, checkId, this.policy, now) : null;
      await this.lockouts.save(lockout);
      if (failure) await this.notices.failed(attempt, failure, now);
      this.work.afterCommit(() => {
        this.attempts.noteSettled(account);
      });
    });
  }

  /** What is done before an attempt is settled. When it throws, there was no attempt. */
  orAbandon<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
    return this.attempts.orAbandon(attempt, work);
  }
}
