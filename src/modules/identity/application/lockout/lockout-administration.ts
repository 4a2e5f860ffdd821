import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { Clock } from '../../../../platform/time/clock';
import { inBatches } from '../../../../platform/database/in-batches';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { userUnlocked } from '../../identity.events';
import type { Lockout } from '../../domain/lockout/lockout';
import { Lockouts } from './lockouts.port';

/** Who is kept out of an account because of wrong passwords. */
export type LockoutView = {
  /** In a row, from anywhere. */
  readonly failures: number;
  /** Since when nobody but known devices signs in with the password. */
  readonly stoppedAt: Date | null;
  readonly waiting: readonly { readonly source: string; readonly until: Date }[];
};

/** The administrator who unlocks, in the tenant where the user was found. */
export type Unlocker = Pick<Principal, 'userId' | 'tenantId'>;

const REMOVED_AT_ONCE = 1_000;
/** As many as can come between two cleanings, with the limits nobody changed. */
const BATCHES = 200;
/** Nobody can tell whether a name is still remembered: the answers are the same, and what they cost. */
const NOBODYS_MS = 3_600_000;

/** What is done about lockouts from outside: by administrators, by the owner's recovery, by the cleaning. */
@Injectable()
export class LockoutAdministration {
  constructor(
    private readonly lockouts: Lockouts,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  async of(user: UserId): Promise<LockoutView> {
    const lockout = await this.lockouts.find(user);
    if (!lockout) return { failures: 0, stoppedAt: null, waiting: [] };
    const { failures, stoppedAt } = lockout.snapshot();
    return { failures, stoppedAt, waiting: lockout.lockedSources(this.clock.now()) };
  }

  /** Lets everybody try again who was kept out as a stranger; null: from the command line. Joins the unit of work. */
  unlock(user: UserId, by: Unlocker | null): Promise<void> {
    return this.work.run(async () => {
      const wasLocked = await this.clear(user);
      await this.events.append(userUnlocked(user, by, wasLocked));
    });
  }

  /** As `unlock`, for whoever puts it on record themselves. Whether anybody was kept out. */
  clear(user: UserId): Promise<boolean> {
    return this.change(user, (lockout, now) => lockout.unlock(now));
  }

  /** A new password is a new secret: what was guessed at was the old one. Joins the unit of work. */
  recover(user: UserId): Promise<void> {
    return this.work.run(async () => {
      if (await this.change(user, (lockout, now) => lockout.recover(now)))
        await this.events.append(userUnlocked(user, null, true));
    });
  }

  private change(user: UserId, change: (lockout: Lockout, now: Date) => boolean): Promise<boolean> {
    return this.work.run(async (now) => {
      const lockout = await this.lockouts.take(user);
      const wasLocked = change(lockout, now);
      await this.lockouts.save(lockout);
      return wasLocked;
    });
  }

  /** Names that are nobody's are forgotten after an hour. Returns how many were. */
  forgetNobodys(): Promise<number> {
    const batch = (size: number): Promise<number> =>
      this.work.run((now) => this.lockouts.removeNobodys(new Date(now.getTime() - NOBODYS_MS), size));
    return inBatches(REMOVED_AT_ONCE, batch, BATCHES);
  }
}
