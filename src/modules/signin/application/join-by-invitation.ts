import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { MailboxFacade } from '../../identity/mailbox.facade';
import { type Invited, InvitationsFacade } from '../../tenancy/invitations.facade';

/** Makes a user a member by an invitation. Within the caller's unit of work. */
@Injectable()
export class JoinByInvitation {
  constructor(
    private readonly invitations: InvitationsFacade,
    private readonly mailboxes: MailboxFacade,
  ) {}

  /** Holds the invitation first of all. False, and on record why, when it may not be accepted any more. */
  take(invited: Invited, now: Date): Promise<boolean> {
    return this.invitations.take(invited, now);
  }

  /** Of an invitation that was taken. The user comes before the membership, which refers to it. */
  async execute(invited: Invited, user: UserId, now: Date): Promise<void> {
    // The invitation was read where the account gets its mail.
    await this.mailboxes.prove(user);
    await this.invitations.redeem(invited, user, now);
  }

  refused(invited: Invited, user: UserId, reason: string): Promise<void> {
    return this.invitations.refused(invited, user, reason);
  }
}
