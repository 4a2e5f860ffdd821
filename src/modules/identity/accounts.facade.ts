import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import { AccountAdministration, type EditedAccount } from './application/account-administration';
import type { ProfileChange } from './domain/user';

/** What an administrator may say of somebody is what users may say of themselves. */
export { ProfileFields } from './http/users.dto';
export type { EditedAccount, ProfileChange };

/** Makes everything personal of an account unknown, within the caller's unit of work. Tells nothing: its caller does. */
export type AccountEraser = (user: UserId) => Promise<void>;

/** What others than their owners do to accounts. Within the caller's unit of work, in which the caller tells why. */
@Injectable()
export class AccountsFacade {
  private eraser: AccountEraser | null = null;

  constructor(private readonly administration: AccountAdministration) {}

  /** Holds the account until the unit of work ends: meanwhile nobody signs in to it, or joins it to a tenant. */
  hold(user: UserId): Promise<void> {
    return this.administration.hold(user);
  }

  /** Throws NotFound, and UsernameTaken; the unit of work is lost then. */
  edit(user: UserId, change: ProfileChange): Promise<EditedAccount> {
    return this.administration.edit(user, change);
  }

  /**
   * Ends an account that belongs to no tenant any more. Until somebody has registered who knows how to erase one, it is
   * disabled: nobody signs in to it, and its address stays taken.
   */
  erase(user: UserId): Promise<void> {
    return this.eraser ? this.eraser(user) : this.administration.disable(user);
  }

  /** Called once, while the application starts, by who knows all that is kept of a user. */
  registerEraser(eraser: AccountEraser): void {
    this.eraser = eraser;
  }
}
