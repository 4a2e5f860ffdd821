import { Injectable } from '@nestjs/common';
import type { RecordedEvent } from '../../../../platform/events/event-subscriptions';
import { PASSWORD_RESET } from '../../mailbox.events';
import { UserMails } from '../mailbox/user-mails';
import { Users } from '../users.port';

/** Tells the owner of an account that its password is another one, however that came. */
@Injectable()
export class PasswordNotices {
  constructor(
    private readonly users: Users,
    private readonly mails: UserMails,
  ) {}

  async onReplaced({ type, outcome, userId, at, ipAddress }: RecordedEvent): Promise<void> {
    if (outcome !== 'success' || userId === null) return;
    const user = (await this.users.find(userId))?.snapshot();
    if (!user) return;
    const how = type === PASSWORD_RESET ? 'reset' : 'changed';
    await this.mails.send(user, 'password-changed', { at: at.toISOString(), address: ipAddress, how });
  }
}
