import { Injectable } from '@nestjs/common';
import { userId } from '../../../../kernel/ids';
import { LockoutSettings } from '../../../../platform/config/settings';
import { EventLog } from '../../../../platform/events/event-log';
import { Outbox } from '../../../../platform/mail/outbox';
import { kindOf } from '../../domain/lockout/guess-source';
import type { Failure } from '../../domain/lockout/lockout';
import { signInStopped, sourceLocked } from '../../identity.events';
import type { Attempt } from './password-attempts';
import { Users } from '../users.port';

/** Puts on record what wrong passwords lead to, and tells the owner of the account. Joins the unit of work. */
@Injectable()
export class LockoutNotices {
  constructor(
    private readonly users: Users,
    private readonly events: EventLog,
    private readonly outbox: Outbox,
    private readonly policy: LockoutSettings,
  ) {}

  /** Of an account that is nobody's there is nothing to record and nobody to tell. */
  async failed({ account, source, ipAddress }: Attempt, failure: Failure, now: Date): Promise<void> {
    const { failures, lockedUntil, stopped, ownerIsTold } = failure;
    if (lockedUntil === null && !stopped && !ownerIsTold) return;
    const user = (await this.users.find(userId(account)))?.snapshot();
    if (!user) return;
    if (lockedUntil) await this.events.append(sourceLocked(user.id, kindOf(source), lockedUntil, failures));
    if (stopped) await this.events.append(signInStopped(user.id, failures));
    if (!ownerIsTold) return;
    const { stopAfter } = this.policy;
    const facts = { at: now.toISOString(), failures, stopAfter, address: ipAddress };
    await this.outbox.enqueue({ to: user.email, template: 'wrong-passwords', facts });
  }
}
