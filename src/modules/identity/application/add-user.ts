import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../kernel/ids';
import { SignInSettings } from '../../../platform/config/settings';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { type NewUser, User } from '../domain/user';
import { Holds } from './holds';
import { SendVerification } from './mailbox/send-verification';
import { type UserView, viewOf } from './user-queries';
import { Users } from './users.port';

/** Stores a drafted user. Joins the caller's unit of work, in which the caller tells why there is a new user. */
@Injectable()
export class AddUser {
  constructor(
    private readonly users: Users,
    private readonly holds: Holds,
    private readonly verification: SendVerification,
    private readonly work: UnitOfWork,
    private readonly settings: SignInSettings,
  ) {}

  /**
   * Where nobody signs in before the address is proven, a mail goes there that proves it, for which the tenant counts that
   * has it sent; null: none. Throws EmailTaken or UsernameTaken; the unit of work is lost then.
   */
  execute(draft: NewUser, tenant: TenantId | null): Promise<UserView> {
    return this.work.run(async (now) => {
      const user = User.create(draft, now);
      await this.users.add(user);
      await this.holds.respectAddress(draft.email, draft.id);
      await this.holds.respectUsername(draft.username);
      const isProofRequired = this.settings.emailVerification === 'required';
      if (isProofRequired && !draft.emailVerified) await this.verification.toNew(draft, tenant);
      return viewOf(user.snapshot());
    });
  }
}
