import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { OneTimeSecrets } from '../../../platform/crypto/one-time-secrets';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EmailTaken, UsernameTaken } from '../domain/errors';
import { usernameKey } from '../domain/username';
import { HeldUsernames } from './held-usernames.port';
import { MailedSecrets } from './mailbox/mailed-secrets.port';

/** As long as an account that was never proven may well stay there. */
const USERNAME_HELD_MS = 30 * 86_400_000;

/** Addresses and usernames that are nobody's, and not to be had all the same. */
@Injectable()
export class Holds {
  constructor(
    private readonly secrets: MailedSecrets,
    private readonly usernames: HeldUsernames,
    private readonly oneTime: OneTimeSecrets,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * An address is kept for the account that had it, for as long as its owner may take the change back: who stole the account
   * must not register the address and stand in the way. To be asked once the account with the address is stored: whoever gave
   * it up meanwhile has been waited for then. Joins the unit of work, which is lost when it throws EmailTaken.
   */
  async respectAddress(address: string, user: UserId): Promise<void> {
    await this.work.run(async (now) => {
      if (await this.secrets.isHeld(this.oneTime.keyOf(address), user, now)) throw new EmailTaken();
    });
  }

  /** Likewise, for a username that was held. Throws UsernameTaken. */
  async respectUsername(username: string | null): Promise<void> {
    await this.work.run(async (now) => {
      if (username !== null && (await this.usernames.isHeld(usernameKey(username), now))) throw new UsernameTaken();
    });
  }

  /**
   * Keeps a username from everybody, as a registration would have done that did not take place: otherwise a second attempt
   * would tell that its address is taken. Joins the unit of work.
   */
  async holdUsername(username: string | null): Promise<void> {
    await this.work.run(async (now) => {
      if (username === null) return;
      await this.usernames.hold(usernameKey(username), new Date(now.getTime() + USERNAME_HELD_MS));
    });
  }

  /** Returns how many usernames may be had again. */
  endHolds(): Promise<number> {
    return this.work.run((now) => this.usernames.removeEnded(now));
  }
}
