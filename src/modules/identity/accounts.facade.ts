import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import { AccountAdministration, type EditedAccount } from './application/account-administration';
import { type Erasure, EraseUser } from './application/erase-user';
import { EndPendingSecrets } from './application/mailbox/end-pending-secrets';
import { type AdministratorChange, SystemAdministrators } from './application/system-administrators';
import type { ProfileChange } from './domain/user';

/** What an administrator may say of somebody is what users may say of themselves. */
export { ProfileFields } from './http/users.dto';
export type { AdministratorChange, EditedAccount, Erasure, ProfileChange };

/** What others than their owners do to accounts. Within the caller's unit of work, in which the caller tells why. */
@Injectable()
export class AccountsFacade {
  constructor(
    private readonly administration: AccountAdministration,
    private readonly erasing: EraseUser,
    private readonly pending: EndPendingSecrets,
    private readonly administrators: SystemAdministrators,
  ) {}

  /**
   * Holds the account until the unit of work ends: meanwhile nobody signs in to it, or joins it to a tenant. False when
   * there is none.
   */
  hold(user: UserId): Promise<boolean> {
    return this.administration.hold(user);
  }

  /**
   * What protects the account has changed: sessions and devices of before are over, but those that the caller's event names
   * as kept. Returns the new security stamp; null when there is no account.
   */
  renewStamp(user: UserId): Promise<string | null> {
    return this.administration.renewStamp(user);
  }

  /** As `hold`, before the account is erased: of a system administrator all others are held too. */
  holdToErase(user: UserId): Promise<void> {
    return this.erasing.hold(user);
  }

  /** Throws NotFound, and UsernameTaken; the unit of work is lost then. */
  edit(user: UserId, change: ProfileChange): Promise<EditedAccount> {
    return this.administration.edit(user, change);
  }

  /**
   * Ends an account for good, which belongs to no tenant any more and is held to be erased; what refers to it has gone
   * before. Nothing is done when there is none ('gone'), or no other system administrator would be left.
   */
  erase(user: UserId): Promise<Erasure> {
    return this.erasing.execute(user);
  }

  /** What was mailed to these users to set a password, or to change the address, is good for nothing from now on. */
  endMailed(users: readonly UserId[]): Promise<void> {
    return this.pending.ofAll(users);
  }

  /** The user runs the whole service from now on. Begins the unit of work, and tells of it. Throws NotFound. */
  grantSystemAdministration(user: UserId): Promise<AdministratorChange> {
    return this.administrators.grant(user);
  }

  /** No more, unless nobody else would. Begins the unit of work, and tells of it. Throws NotFound. */
  revokeSystemAdministration(user: UserId): Promise<AdministratorChange | 'last_administrator'> {
    return this.administrators.revoke(user);
  }
}
