import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { Background } from '../../../../platform/concurrency/background';
import { MailboxFacade } from '../../../identity/mailbox.facade';

/** Mails the way in once more to whoever knows the password of an account, but has not proven its address. */
@Injectable()
export class Reminder {
  constructor(
    private readonly mailboxes: MailboxFacade,
    private readonly background: Background,
  ) {}

  /** The answer does not wait for it: its time would tell that the password is right. Not within a unit of work. */
  onRefused(user: UserId, reason: string): void {
    if (reason === 'unverified') this.background.run('a reminder', () => this.mailboxes.remindToVerify(user));
  }
}
