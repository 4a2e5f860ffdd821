import type { UserId } from '../../../kernel/ids';
import type { UserState, UserStatus } from '../domain/user';

/** A user as others may know one. */
export type UserProfile = {
  readonly id: UserId;
  readonly email: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly emailVerified: boolean;
  readonly status: UserStatus;
  readonly createdAt: Date;
  readonly lastLoginAt: Date | null;
};

/** A user as the user and operators may: nothing secret in it. */
export type UserView = UserProfile & {
  readonly systemAdministrator: boolean;
  readonly passwordChangeRequired: boolean;
};

export function viewOf(user: UserState): UserView {
  return {
    id: user.id,
    email: user.email,
    username: user.username,
    firstName: user.firstName,
    lastName: user.lastName,
    emailVerified: user.emailVerifiedAt !== null,
    status: user.status,
    systemAdministrator: user.systemAdministrator,
    passwordChangeRequired: user.passwordChangeRequired,
    createdAt: user.createdAt,
    lastLoginAt: user.lastLoginAt,
  };
}

export type UserPage = { readonly items: readonly UserView[]; readonly nextCursor: string | null };

/** Reads of users. */
export abstract class UserQueries {
  abstract find(id: UserId): Promise<UserView | null>;

  /** By e-mail address, username or id. */
  abstract findByReference(reference: string): Promise<UserView | null>;

  /** All users in the order they came, `limit` from behind `cursor` on; for operators, not for tenants. */
  abstract list(limit: number, cursor: UserId | null): Promise<UserPage>;

  /** By a user, or held. Upper and lower case alike; nobody has the username null. */
  abstract isUsernameTaken(username: string | null): Promise<boolean>;

  /** The oldest one. */
  abstract firstSystemAdministrator(): Promise<UserView | null>;
}
