import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import { EventLog } from '../../platform/events/event-log';
import type { MailboxProof } from '../identity/mailbox.facade';
import { type InvitationSight, PeekInvitation } from './application/invitations/peek-invitation';
import { type Invited, PresentInvitation } from './application/invitations/present-invitation';
import { RedeemInvitation } from './application/invitations/redeem-invitation';
import { invitationRefused } from './invitation.events';

export type { InvitationSight, Invited };

/** All that the rest of the system may ask about invitations. Plain data in, plain data out. */
@Injectable()
export class InvitationsFacade {
  constructor(
    private readonly peeking: PeekInvitation,
    private readonly presentation: PresentInvitation,
    private readonly redemption: RedeemInvitation,
    private readonly events: EventLog,
  ) {}

  /** For a page that shows what the link invites to. Uses nothing up; null when it is not pending. */
  peek(token: string): Promise<InvitationSight | null> {
    return this.peeking.execute(token);
  }

  /** The pending invitation of a mailed secret; null, and on record why, when there is none. A wrong code counts. */
  present(proof: MailboxProof): Promise<Invited | null> {
    return this.presentation.execute(proof);
  }

  /**
   * Holds the invitation within the caller's unit of work. False, and on record why, when the user may not accept it, or
   * nobody may any more: to be refused after the commit. `user` is null when there is none yet. Throws QuotaExceeded.
   */
  take(invited: Invited, user: UserId | null, now: Date): Promise<boolean> {
    return this.redemption.take(invited, user, now);
  }

  /** Makes the user a member and uses the invitation up. After `take`, in the same unit of work. */
  redeem(invited: Invited, user: UserId, now: Date): Promise<void> {
    return this.redemption.execute(invited, user, now);
  }

  /**
   * Puts on record, within the caller's unit of work, that somebody was not let in who showed the secret; null: nobody
   * known.
   */
  refused(invited: Invited, user: UserId | null, reason: string): Promise<void> {
    return this.events.append(invitationRefused(invited, reason, user));
  }
}
