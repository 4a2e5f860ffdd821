import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../kernel/ids';
import { Clock } from '../../../platform/time/clock';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { userUnlocked } from '../identity.events';
import { Lockouts } from './lockouts.port';

/** Who is kept out of an account because of wrong passwords. */
export type LockoutView = {
  /** In a row, from anywhere. */
  readonly failures: number;
  /** Since when nobody but known devices signs in with the password. */
  readonly stoppedAt: Date | null;
  readonly waiting: readonly { readonly source: string; readonly until: Date }[];
};

const REMOVED_AT_ONCE = 1_000;
/** For how long a name that is nobody's is treated as one that was guessed at. */
const NOBODYS_MS = 24 * 3_600_000;

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

  /** Forgives every wrong password. `tenant` is where the user was found, for the record. Joins the unit of work. */
  unlock(user: UserId, tenant: TenantId | null): Promise<void> {
    return this.work.run(async (now) => {
      const lockout = await this.lockouts.take(user);
      const wasLocked = lockout.recover(now);
      await this.lockouts.save(lockout);
      await this.events.append(userUnlocked(user, tenant, wasLocked));
    });
  }

  /** A new password is a new secret: what was guessed at was the old one. Joins the unit of work. */
  recover(user: UserId): Promise<void> {
    return this.work.run(async (now) => {
      const lockout = await this.lockouts.take(user);
      const wasLocked = lockout.recover(now);
      await this.lockouts.save(lockout);
      if (wasLocked) await this.events.append(userUnlocked(user, null, wasLocked));
    });
  }

  /** Names that are nobody's are forgotten after a day. Returns how many were. */
  forgetNobodys(): Promise<number> {
    return this.work.run((now) => this.lockouts.removeNobodys(new Date(now.getTime() - NOBODYS_MS), REMOVED_AT_ONCE));
  }
}
