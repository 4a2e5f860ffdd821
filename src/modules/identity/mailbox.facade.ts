import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import { SignInSettings } from '../../platform/config/settings';
import { Holds } from './application/holds';
import { SendVerification } from './application/mailbox/send-verification';
import { TellOwner } from './application/mailbox/tell-owner';
import { VerifyEmail } from './application/mailbox/verify-email';

/** What is sent by whoever reads a mailbox. */
export { MailboxProofRequest } from './http/mailbox.dto';
export type { MailboxProof } from './application/mailbox/redeem-secret';

/** All that the rest of the system may ask about the mailboxes of accounts. */
@Injectable()
export class MailboxFacade {
  constructor(
    private readonly verification: SendVerification,
    private readonly verifying: VerifyEmail,
    private readonly owners: TellOwner,
    private readonly holds: Holds,
    private readonly settings: SignInSettings,
  ) {}

  /** Whether nobody signs in before the address is proven. */
  get isProofRequired(): boolean {
    return this.settings.emailVerification === 'required';
  }

  /** Mails once more what proves the address, if the account has not proven its address and was not told too often. Not within a unit of work. */
  remindToVerify(user: UserId): Promise<void> {
    return this.verification.toUser(user);
  }

  /**
   * Tells the owner of an address that somebody registered with it once more. Takes as long when nobody is told. Not within
   * a unit of work.
   */
  tellOwnerOf(email: string, ipAddress: string | null): Promise<void> {
    return this.owners.execute(email, ipAddress);
  }

  /** Keeps a username as if the registration had taken place that asked for it. Within the caller's unit of work. */
  holdUsername(username: string | null): Promise<void> {
    return this.holds.holdUsername(username);
  }

  /** The owner of the account's mailbox was there: its address is proven. Within the caller's unit of work. */
  prove(user: UserId): Promise<void> {
    return this.verifying.prove(user);
  }
}
