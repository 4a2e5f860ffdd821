import { Injectable } from '@nestjs/common';
import { Overloaded } from '../../../../kernel/domain-error';
import { Lines } from '../../../../platform/concurrency/lines';
import { Signals } from '../../../../platform/concurrency/signals';
import { HashingSettings, LockoutSettings } from '../../../../platform/config/settings';
import { Random } from '../../../../platform/crypto/random';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { GuessSource } from '../../domain/lockout/guess-source';
import type { Start } from '../../domain/lockout/lockout';
import { Lockouts } from './lockouts.port';

/** A password that may be compared, announced and not yet settled. */
export type Attempt = AttemptOrigin & { readonly checkId: string };

/** `released`: it was right and opened nothing; `ignored`: it was not compared. */
export type AttemptOutcome = 'failed' | 'passed' | 'released' | 'ignored';

export type AttemptOrigin = {
  /** The user's id; of a name that is nobody's, one that stands in for it. */
  readonly account: string;
  readonly source: GuessSource;
  /** For the owner to read; null where it is not known. */
  readonly ipAddress: string | null;
};

export type Beginning = { readonly attempt: Attempt; readonly recentFailures: number } & (
  | { readonly kind: 'begun' }
  /** The password must not be compared. To be settled as ignored all the same: time must not tell. */
  | { readonly kind: 'refused'; readonly reason: 'locked' | 'stopped' }
);

/** How often a caller asks again, at most 50 ms apart. What it waits for takes a few of these; else a replica died. */
const QUESTIONS = 20;
const PATIENCE_MS = 2_000;

/**
 * Announces passwords before they are compared. Of those that come at once from one source no more are under way than
 * may turn out wrong; the others wait in line, and go on as soon as one of them turned out right.
 */
@Injectable()
export class PasswordAttempts {
  private readonly lines: Lines;
  /** However many guess at one account, only one of them at a time holds a connection to wait for its row. */
  private readonly rows = new Lines({ room: Infinity, patienceMs: PATIENCE_MS });
  private readonly settled = new Signals();

  constructor(
    private readonly lockouts: Lockouts,
    private readonly work: UnitOfWork,
    private readonly random: Random,
    private readonly policy: LockoutSettings,
    { queue }: HashingSettings,
  ) {
    this.lines = new Lines({ room: queue, patienceMs: PATIENCE_MS });
  }

  /** Throws Overloaded when too many wait already, or nothing was settled for seconds. */
  begin(origin: AttemptOrigin): Promise<Beginning> {
    const { account, source } = origin;
    return this.lines.run(`${account} ${source.key}`, async () => {
      for (let question = 0; question < QUESTIONS; question += 1) {
        const beginning = await this.rows.run(account, () => this.start(origin));
        if (beginning) return beginning;
        await this.settled.next(account);
      }
      throw new Overloaded();
    });
  }

  /** What is done between the beginning of an attempt and its end. When it throws, there was no attempt. */
  async orAbandon<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.abandon(attempt).catch(() => undefined); // it ends by itself, then, a little later
      throw error;
    }
  }

  /** Lets those in line ask again. */
  noteSettled(account: string): void {
    this.settled.send(account);
  }

  private async abandon({ account, checkId }: Attempt): Promise<void> {
    await this.work.run(async (now) => {
      const lockout = await this.lockouts.take(account);
      lockout.release(checkId, now);
      await this.lockouts.save(lockout);
    });
    this.noteSettled(account);
  }

  private start(origin: AttemptOrigin): Promise<Beginning | null> {
    return this.work.run(async (now) => {
      const lockout = await this.lockouts.take(origin.account);
      const recentFailures = lockout.recentFailures(origin.source, now);
      const checkId = this.random.uuid(now);
      const start: Start = lockout.begin(origin.source, checkId, this.policy, now);
      if (start === 'wait') return null;
      await this.lockouts.save(lockout);
      const attempt = { ...origin, checkId };
      if (start !== 'check') return { kind: 'refused', reason: start, attempt, recentFailures };
      return { kind: 'begun', attempt, recentFailures };
    });
  }
}
