import { IsEmail, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { UserProfile } from '../application/user-queries';
import { EMAIL_MAX_LENGTH } from '../domain/email-address';
import { PERSONAL_NAME, PERSONAL_NAME_MAX } from '../domain/personal-name';
import { USERNAME } from '../domain/username';

/** What users say of themselves, at registration and later; null removes it. */
export class ProfileFields {
  /**
   * 3 to 64 letters, digits, dots, hyphens or underscores.
   * @example "ann"
   */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @Matches(USERNAME, { message: 'Use 3 to 64 letters, digits, dots, hyphens or underscores.' })
  username?: string | null;

  /** @example "Ann" */
  @IsOptional()
  @IsString()
  @MaxLength(PERSONAL_NAME_MAX)
  @Matches(PERSONAL_NAME, { message: 'Use no control characters.' })
  first_name?: string | null;

  /** @example "Example" */
  @IsOptional()
  @IsString()
  @MaxLength(PERSONAL_NAME_MAX)
  @Matches(PERSONAL_NAME, { message: 'Use no control characters.' })
  last_name?: string | null;
}

/** What every account begins with. Addresses are of plain letters: look-alikes of other alphabets make two users of one. */
export class AccountFields extends ProfileFields {
  /** @example "ann@example.com" */
  @IsString()
  @MaxLength(EMAIL_MAX_LENGTH)
  @Matches(/^[\x21-\x7e]*$/, { message: 'Use an address of plain letters; international domains as xn--.' })
  @IsEmail()
  email!: string;
}

export class UpdateProfileRequest extends ProfileFields {}

/** A user, as everyone who may see one sees it. */
export class UserResponse {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8057" */
  id!: string;
  /** @example "ann@example.com" */
  email!: string;
  /** @example "ann" */
  username!: string | null;
  /** @example "Ann" */
  first_name!: string | null;
  /** @example "Example" */
  last_name!: string | null;
  email_verified!: boolean;
  status!: 'active' | 'disabled';
  /** @example "2026-11-21T12:00:00.000Z" */
  created_at!: string;
  /** @example "2026-11-21T12:00:00.000Z" */
  last_login_at!: string | null;

  static from(user: UserProfile): UserResponse {
    return Object.assign(new UserResponse(), {
      id: user.id,
      email: user.email,
      username: user.username,
      first_name: user.firstName,
      last_name: user.lastName,
      email_verified: user.emailVerified,
      status: user.status,
      created_at: user.createdAt.toISOString(),
      last_login_at: user.lastLoginAt?.toISOString() ?? null,
    });
  }
}
