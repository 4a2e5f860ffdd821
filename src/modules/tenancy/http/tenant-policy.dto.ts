import { IsBoolean, IsEmail, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { MayBeLeftOut } from '../../../platform/http/may-be-left-out';
import { EMAIL_MAX_LENGTH } from '../../identity/identity.facade';
import { ROLE_NAME } from '../domain/role-name';
import type { TenantPolicy } from '../domain/tenant-policy';
import { Domains, Networks, ProviderIds, RoleNames } from './policy-fields';

const MAIL_NAME_MAX = 60;
/**
 * What stands before the address in a mail: nothing that ends the line, the quotes or the name, or turns its letters
 * around. Counted in code points, as the database does; MaxLength does not count every one of them.
 */
const MAIL_NAME = new RegExp(
  `^(?=.*[\\p{L}\\p{N}])(?!.*\\d{6})[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Bidi_Control}<>"@/:=]{1,${MAIL_NAME_MAX}}$`,
  'u',
);
const MAIL_SENDER = /^(?!.*["<>])[\x21-\x7e]*$/;

export class TenantPolicyRequest {
  /**
   * What becomes of a refresh token that is presented by what looks like another device: it is always audited.
   * @example "refuse"
   */
  @MayBeLeftOut()
  @IsIn(['allow', 'refuse'])
  refresh_from_new_device?: 'allow' | 'refuse';

  /**
   * Whether every member needs a second factor. Who has none may do nothing in the tenant but set one up, in sessions that
   * are open already too, those of whoever decides it among them.
   * @example true
   */
  @MayBeLeftOut()
  @IsBoolean()
  mfa_required?: boolean;

  /**
   * The same of members who hold one of these roles, at most 50 of them, by name. With `mfa_required` it makes no
   * difference.
   * @example ["owner", "admin"]
   */
  @RoleNames()
  mfa_required_roles?: string[];

  /**
   * Sign-ins whose risk score is at or above this need a second factor, on a trusted device too: who has none is refused.
   * null: none does because of its score.
   * @example 50
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  mfa_above_risk?: number | null;

  /**
   * How many former passwords of a member may not come back, beside the one in use; 0: none is remembered. Who is a
   * member of several tenants follows the strictest.
   * @example 5
   */
  @MayBeLeftOut()
  @IsInt()
  @Min(0)
  @Max(24)
  password_history?: number;

  /**
   * As whom mails to members come: up to 60 characters, none of them < > " @ / : or =, nor six digits in a row; null:
   * as the service.
   * @example "Acme"
   */
  @IsOptional()
  @IsString()
  @MaxLength(MAIL_NAME_MAX)
  @Matches(MAIL_NAME, {
    message:
      'Use up to 60 characters, a letter or digit among them, and none of < > " @ / : = and no six digits in a row.',
  })
  mail_name?: string | null;

  /**
   * From which address mails to members come; null: from that of the service. Only system administrators change it.
   * @example "no-reply@acme.example"
   */
  @IsOptional()
  @IsString()
  @MaxLength(EMAIL_MAX_LENGTH)
  @Matches(MAIL_SENDER, { message: 'Use an address of plain letters; international domains as xn--.' })
  @IsEmail()
  mail_sender?: string | null;

  /**
   * Of which domains the address of whoever becomes a member must be, at most 100 of them; none: of any. Those of other
   * alphabets are kept as `xn--`. Subdomains are domains of their own. Who is a member already stays one.
   * @example ["acme.example"]
   */
  @Domains()
  allowed_email_domains?: string[];

  /**
   * How many days, 1 to 365, a session goes on in the tenant after its sign-in, those that are open among them; null:
   * as long as everywhere. It never makes sessions longer.
   * @example 7
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(365)
  session_max_days?: number | null;

  /**
   * IP addresses and CIDR blocks, at most 100, from which alone members and their API keys use the tenant; none: from
   * any. Whoever decides must be in them.
   * @example ["203.0.113.0/24", "2001:db8:1::/48"]
   */
  @Networks()
  ip_allowlist?: string[];

  /**
   * How many days, 1 to 3650, an API key that is made from now on may live; null: 365.
   * @example 30
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3650)
  api_key_max_days?: number | null;

  /**
   * Identity providers, at most 20, by id. Who signs in through one of them for the first time, with an address that it has
   * seen proven and that is of the `allowed_email_domains`, becomes a member; none, or no such domains: nobody does. Only
   * system administrators change it.
   * @example ["google"]
   */
  @ProviderIds()
  auto_join_providers?: string[];

  /**
   * With which role they do, any but `owner`; null: `viewer`. Only system administrators change it.
   * @example "analyst"
   */
  @IsOptional()
  @IsString()
  @Matches(ROLE_NAME)
  auto_join_role?: string | null;
}

/** What a tenant decides for its members. */
export class TenantPolicyResponse {
  /** @example "allow" */
  refresh_from_new_device!: 'allow' | 'refuse';
  /** Whether every member needs a second factor. */
  mfa_required!: boolean;
  /**
   * Holders of which roles need a second factor, where not every member does.
   * @example ["owner", "admin"]
   */
  mfa_required_roles!: string[];
  /**
   * Sign-ins whose risk score is at or above this need a second factor, on a trusted device too: who has none is refused.
   * null: none does because of its score.
   * @example 50
   */
  mfa_above_risk!: number | null;
  /**
   * How many former passwords of a member may not come back, beside the one in use; 0: none is remembered.
   * @example 0
   */
  password_history!: number;
  /**
   * As whom mails to members come; null: as the service.
   * @example "Acme"
   */
  mail_name!: string | null;
  /**
   * From which address mails to members come; null: from that of the service.
   * @example "no-reply@acme.example"
   */
  mail_sender!: string | null;
  /**
   * Of which domains the address of whoever becomes a member must be, in lower-case ASCII; none: of any.
   * @example ["acme.example", "xn--mller-kva.example"]
   */
  allowed_email_domains!: string[];
  /**
   * How many days a session goes on in the tenant after its sign-in, at most; null: as long as everywhere.
   * @example 7
   */
  session_max_days!: number | null;
  /**
   * From where alone members and their API keys use the tenant; none: from anywhere.
   * @example ["203.0.113.0/24", "2001:db8:1::/48"]
   */
  ip_allowlist!: string[];
  /**
   * How many days an API key that is made from now on may live; null: 365.
   * @example 30
   */
  api_key_max_days!: number | null;
  /**
   * Through which identity providers people of the allowed domains become members when they first sign in; none: nobody.
   * @example ["google"]
   */
  auto_join_providers!: string[];
  /**
   * With which role they do; null: `viewer`.
   * @example "analyst"
   */
  auto_join_role!: string | null;

  static from(policy: TenantPolicy): TenantPolicyResponse {
    return Object.assign(new TenantPolicyResponse(), {
      refresh_from_new_device: policy.refreshFromNewDevice,
      mfa_required: policy.secondFactorRequired,
      mfa_required_roles: [...policy.secondFactorRequiredOf],
      mfa_above_risk: policy.secondFactorAboveRisk,
      password_history: policy.passwordHistory,
      mail_name: policy.mailName,
      mail_sender: policy.mailSender,
      allowed_email_domains: [...policy.allowedEmailDomains],
      session_max_days: policy.sessionMaxDays,
      ip_allowlist: [...policy.ipAllowlist],
      api_key_max_days: policy.apiKeyMaxDays,
      auto_join_providers: [...policy.autoJoinProviders],
      auto_join_role: policy.autoJoinRole,
    });
  }
}
