import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { AccountsFacade } from '../../../identity/accounts.facade';
import { EmailTaken, IdentityFacade } from '../../../identity/identity.facade';
import { MailboxFacade } from '../../../identity/mailbox.facade';
import { type Invited, InvitationsFacade } from '../../../tenancy/invitations.facade';
import { QuotaExceeded } from '../../../tenancy/quotas.facade';

/** Makes a user a member by an invitation. Within the caller's unit of work. */
@Injectable()
export class JoinByInvitation {
  constructor(
    private readonly invitations: InvitationsFacade,
    private readonly mailboxes: MailboxFacade,
    private readonly accounts: AccountsFacade,
    private readonly identity: IdentityFacade,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Holds the invitation first of all, and then the account, which may have ended meanwhile; null: there is none yet. False,
   * and on record why, when it may not be accepted any more. Throws QuotaExceeded.
   */
  async take(invited: Invited, user: UserId | null, now: Date): Promise<boolean> {
    if (!(await this.invitations.take(invited, user, now))) return false;
    if (user === null) return true;
    await this.accounts.hold(user);
    if (await this.identity.users.find(user)) return true;
    await this.refused(invited, null, 'account_gone');
    return false;
  }

  /** Of an invitation that was taken. The user comes before the membership, which refers to it. */
  async execute(invited: Invited, user: UserId, now: Date): Promise<void> {
    // The invitation was read where the account gets its mail.
    await this.mailboxes.prove(user);
    await this.invitations.redeem(invited, user, now);
  }

  /**
   * What takes the room or the address away undoes all of the unit of work in `join`, so it goes on record in one of
   * its own. Throws what that throws.
   */
  async orOnRecord<T>(invited: Invited, user: UserId | null, join: () => Promise<T>): Promise<T> {
    try {
      return await join();
    } catch (error) {
      if (error instanceof EmailTaken) await this.work.run(() => this.refused(invited, user, 'email_taken'));
      if (error instanceof QuotaExceeded) await this.work.run(() => this.refused(invited, user, 'quota_exceeded'));
      throw error;
    }
  }

  /** Puts on record that somebody was not let in who showed the secret; null: nobody known. */
  refused(invited: Invited, user: UserId | null, reason: string): Promise<void> {
    return this.invitations.refused(invited, user, reason);
  }
}
