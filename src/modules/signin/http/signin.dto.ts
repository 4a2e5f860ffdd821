import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { Principal } from '../../../kernel/principal';
import {
  AccountFields,
  EMAIL_MAX_LENGTH,
  TYPED_PASSWORD_MAX,
  UserResponse,
  type UserView,
} from '../../identity/identity.facade';
import { TENANT_NAME, TENANT_NAME_MAX, type TenantView } from '../../tenancy/tenancy.facade';
import type { SignUpResult } from '../application/sign-up';

const LOGIN_MAX = EMAIL_MAX_LENGTH;
const HONEYPOT_MAX = 2048;

export class RegisterRequest extends AccountFields {
  /**
   * 15 characters or more of anything, or 8 or more with lower case, upper case, digit and symbol.
   * @example "correct horse battery staple"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(TYPED_PASSWORD_MAX)
  password!: string;

  /**
   * Opens a tenant of this name, owned by the user; without, a personal tenant.
   * @example "Acme"
   */
  @IsOptional()
  @IsString()
  @MaxLength(TENANT_NAME_MAX)
  @Matches(TENANT_NAME, { message: 'Use no control characters, and not blanks alone.' })
  tenant_name?: string | null;

  /** Leave this out: people do not see it, and whoever fills it in is taken for a machine. */
  @IsOptional()
  @IsString()
  @MaxLength(HONEYPOT_MAX)
  website_url?: string | null;
}

export class RegisterResponse {
  user!: UserResponse;
  /** Whether a mail was sent whose link must be followed before the first sign-in. */
  email_verification!: 'sent' | 'not_required';

  static from({ user, emailVerification }: SignUpResult): RegisterResponse {
    return Object.assign(new RegisterResponse(), {
      user: UserResponse.from(user),
      email_verification: emailVerification,
    });
  }
}

export class LoginRequest {
  /**
   * The e-mail address or the username.
   * @example "ann@example.com"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(LOGIN_MAX)
  username!: string;

  /** @example "correct horse battery staple" */
  @IsString()
  @IsNotEmpty()
  @MaxLength(TYPED_PASSWORD_MAX)
  password!: string;

  /** Id or slug of the tenant to be active; without, the user's first. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  tenant?: string | null;

  /**
   * Know this device from now on: what strangers do to the account does not keep it out. Once a second factor was shown on
   * it, it is spared that for a while too.
   */
  @IsOptional()
  @IsIn([true, false, 'true', 'false'])
  remember_device?: boolean | null;

  /** Leave this out: people do not see it, and whoever fills it in is taken for a machine. */
  @IsOptional()
  @IsString()
  @MaxLength(HONEYPOT_MAX)
  website_url?: string | null;
}

/** The password form of OAuth 2 (RFC 6749, 4.3.2). */
export class TokenRequest extends LoginRequest {
  /** @example "password" */
  @IsOptional()
  @IsIn(['password', ''])
  grant_type?: string | null;

  /** Taken note of; what a user may do follows from the roles. */
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  scope?: string | null;

  /** Ignored: OAuth 2 clients of earlier systems send it. */
  @IsOptional()
  @IsString()
  @MaxLength(256)
  client_id?: string | null;

  /** Ignored: OAuth 2 clients of earlier systems send it. */
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  client_secret?: string | null;
}

/** A tenant, as its members see it. */
export class TenantResponse {
  id!: string;
  /** @example "Acme" */
  name!: string;
  /** @example "acme" */
  slug!: string;

  static from({ id, name, slug }: TenantView): TenantResponse {
    return Object.assign(new TenantResponse(), { id, name, slug });
  }
}

/** The caller, with what the session may do in the active tenant now. */
export class MeResponse extends UserResponse {
  tenant!: TenantResponse;
  /** @example ["owner"] */
  roles!: string[];
  /** @example ["*:*"] */
  permissions!: string[];
  mfa_enabled!: boolean;
  /** Whether the password was given by somebody else and should be changed. */
  password_change_required!: boolean;

  static of(user: UserView, tenant: TenantView, by: Principal, methods: readonly string[]): MeResponse {
    return Object.assign(new MeResponse(), UserResponse.from(user), {
      tenant: TenantResponse.from(tenant),
      roles: [...by.roles],
      permissions: [...by.permissions],
      mfa_enabled: methods.length > 0,
      password_change_required: user.passwordChangeRequired,
    });
  }
}
