import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../kernel/domain-error';
import type { UserId } from '../../../kernel/ids';
import { Random } from '../../../platform/crypto/random';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import type { ProfileChange } from '../domain/user';
import { Holds } from './holds';
import { type UserView, viewOf } from './user-queries';
import { Users } from './users.port';

export type EditedAccount = { readonly user: UserView; readonly changed: readonly (keyof ProfileChange)[] };

/** What is done to accounts by others than their owners. Joins the caller's unit of work, in which the caller tells why. */
@Injectable()
export class AccountAdministration {
  constructor(
    private readonly users: Users,
    private readonly holds: Holds,
    private readonly random: Random,
    private readonly work: UnitOfWork,
  ) {}

  /** Until the unit of work ends nobody signs in to the account, or joins it to a tenant. False when there is none. */
  async hold(id: UserId): Promise<boolean> {
    return (await this.work.run(() => this.users.take(id))) !== null;
  }

  /**
   * Gives the account another security stamp: what was opened under the old one, and is not renewed, is over. Returns the
   * new one; null when there is no account.
   */
  renewStamp(id: UserId): Promise<string | null> {
    return this.work.run(async (now) => {
      const user = await this.users.take(id);
      if (!user) return null;
      const stamp = this.random.uuid(now);
      user.renewStamp(stamp, now);
      await this.users.save(user);
      return stamp;
    });
  }

  /** Throws NotFound, and UsernameTaken; the unit of work is lost then. */
  edit(id: UserId, change: ProfileChange): Promise<EditedAccount> {
    return this.work.run(async (now) => {
      const user = await this.users.take(id);
      if (!user) throw new NotFound();
      const changed = user.edit(change, now);
      if (changed.length > 0) await this.users.save(user);
      if (changed.includes('username')) await this.holds.respectUsername(user.snapshot().username);
      return { user: viewOf(user.snapshot()), changed };
    });
  }
}
