import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { Random } from '../../../platform/crypto/random';
import { EventLog } from '../../../platform/events/event-log';
import { userReclaimed } from '../identity.events';
import { MailedSecrets } from './mailbox/mailed-secrets.port';
import { RetirePassword } from './passwords/retire-password';
import { Users } from './users.port';

/** Gives an account to the owner of its mailbox, for whom another issuer vouches (RC-09). Joins the unit of work. */
@Injectable()
export class ReclaimUser {
  constructor(
    private readonly users: Users,
    private readonly secrets: MailedSecrets,
    private readonly retiring: RetirePassword,
    private readonly random: Random,
    private readonly events: EventLog,
  ) {}

  /** Within the caller's unit of work, whose instant is `now`. False, and nothing done, where it is nothing new. */
  async execute(id: UserId, provider: string, now: Date): Promise<boolean> {
    const user = await this.users.take(id);
    const replaced = user?.snapshot().passwordHash ?? null;
    if (!user?.reclaim(this.random.uuid(now), now)) return false;
    await this.users.save(user);
    await this.secrets.removeAllOf(id, ['email_verification', 'password_reset', 'email_change']);
    await this.retiring.execute(id, replaced);
    // Sessions, keys and second factors of before end with the event.
    await this.events.append(userReclaimed(id, provider));
    return true;
  }
}
