import { Injectable } from '@nestjs/common';
import type { SessionId, TenantId, UserId } from '../../kernel/ids';
import { AddUser } from './application/add-user';
import { AdmitUser } from './application/admit-user';
import { DraftUser, type UserDraftInput } from './application/draft-user';
import { type UserProfile, UserQueries, type UserView } from './application/user-queries';
import type { SignInOrigin } from './application/lockout/guess-sources';
import {
  PasswordChecks,
  type PasswordProof,
  type PasswordRefusal,
  type PasswordVerification,
} from './application/passwords/password-checks';
import type { Admission, NewUser } from './domain/user';

export { EMAIL_MAX_LENGTH } from './domain/email-address';
export { EmailTaken, InvalidCredentials, UsernameTaken } from './domain/errors';
export { isAccountEmail, isPersonalName } from './http/account-values';
export { TYPED_PASSWORD_MAX } from './http/passwords.dto';
/** The one shape in which a user leaves this service. */
export { AccountFields, UserResponse } from './http/users.dto';
export type {
  Admission,
  NewUser,
  PasswordProof,
  PasswordRefusal,
  PasswordVerification,
  SignInOrigin,
  UserDraftInput,
  UserProfile,
  UserView,
};

/** All that the rest of the system may ask about users. Plain data in, plain data out. */
@Injectable()
export class IdentityFacade {
  constructor(
    private readonly drafting: DraftUser,
    private readonly adding: AddUser,
    private readonly checks: PasswordChecks,
    private readonly admitting: AdmitUser,
    /** Reads of users, by id, by reference and in pages. */
    readonly users: UserQueries,
  ) {}

  /** Checks and hashes what a new user needs; slow, so outside any unit of work. Throws ValidationFailed. */
  draftUser(input: UserDraftInput): Promise<NewUser> {
    return this.drafting.execute(input);
  }

  /**
   * Stores a draft within the caller's unit of work. `tenant` makes the account, and has the mail sent that proves its
   * address; null: none does. Throws EmailTaken or UsernameTaken.
   */
  addUser(draft: NewUser, tenant: TenantId | null = null): Promise<UserView> {
    return this.adding.execute(draft, tenant);
  }

  /**
   * Compares a password; slow, so outside any unit of work. Takes as long for a user there is not. To be settled by the
   * LockoutFacade. Throws Overloaded.
   */
  verifyPassword(login: string, password: string, origin: SignInOrigin): Promise<PasswordVerification> {
    return this.checks.ofLogin(login, password, origin);
  }

  /** As `verifyPassword`, for the user of a session. */
  provePassword(user: UserId, session: SessionId | null, password: string): Promise<PasswordVerification> {
    return this.checks.ofSession(user, session, password);
  }

  /** Whether a proven password is still the account's, within the caller's unit of work, in which it cannot change. */
  isStillProven(proof: PasswordProof): Promise<boolean> {
    return this.admitting.isStillProven(proof);
  }

  /** Whether a proven password opens its account, which is held until the caller's unit of work ends. */
  admit(proof: PasswordProof): Promise<Admission> {
    return this.admitting.execute(proof);
  }

  /** As `admit`, for a sign-in that goes on, which began under that security stamp. */
  resume(user: UserId, securityStamp: string): Promise<Admission> {
    return this.admitting.resume(user, securityStamp);
  }

  /** The user is in: on record in the account from now on, within the caller's unit of work, which admitted them. */
  noteSignIn(user: UserId): Promise<void> {
    return this.admitting.noteSignIn(user);
  }
}
