/** What a tenant decides for its members: who they are, where and how long they are in, their passwords and mails. */
export type TenantPolicy = {
  /** Whether a refresh token is good on a device that looks different from the one it was last used on. */
  readonly refreshFromNewDevice: 'allow' | 'refuse';
  /** Whether every member needs a second factor. Who has none may do nothing here but get one. */
  readonly secondFactorRequired: boolean;
  /** The same of those who hold one of these roles, by name. */
  readonly secondFactorRequiredOf: readonly string[];
  /** The risk score, 1 to 100, from which on a sign-in needs a second factor; null: none does for its score. */
  readonly secondFactorAboveRisk: number | null;
  /** How many former passwords of a member may not come back, beside the one in use; 0: none is remembered. */
  readonly passwordHistory: number;
  /** As whom mails to members come; null: as the settings say. */
  readonly mailName: string | null;
  /** From which address mails to members come; null: as the settings say. */
  readonly mailSender: string | null;
  /** Of which domains the addresses are of whoever becomes a member, in their ASCII spelling; none: of any. */
  readonly allowedEmailDomains: readonly string[];
  /** How many days of 24 hours a session goes on here after its sign-in, if the settings allow as much; null: as they do. */
  readonly sessionMaxDays: number | null;
  /** Addresses and CIDR blocks from which alone the tenant is used; none: from any. */
  readonly ipAllowlist: readonly string[];
  /** How many days of 24 hours an API key lives at most; null: 365. */
  readonly apiKeyMaxDays: number | null;
  /** Identity providers through which people of the allowed domains join as they come, by id; none: nobody does. */
  readonly autoJoinProviders: readonly string[];
  /** The name of the role they get; null: viewer. */
  readonly autoJoinRole: string | null;
};

/** Fields left out stay as they are; null is a value where the policy knows it. */
export type TenantPolicyChange = { readonly [Field in keyof TenantPolicy]?: TenantPolicy[Field] | undefined };

/** The policy with the change in it, and the names of the fields that are different now. */
export function changed(
  policy: TenantPolicy,
  change: TenantPolicyChange,
): { readonly policy: TenantPolicy; readonly fields: readonly (keyof TenantPolicy)[] } {
  const next: TenantPolicy = {
    refreshFromNewDevice: change.refreshFromNewDevice ?? policy.refreshFromNewDevice,
    secondFactorRequired: change.secondFactorRequired ?? policy.secondFactorRequired,
    secondFactorRequiredOf: list(change.secondFactorRequiredOf, policy.secondFactorRequiredOf),
    secondFactorAboveRisk: said(change.secondFactorAboveRisk, policy.secondFactorAboveRisk),
    passwordHistory: change.passwordHistory ?? policy.passwordHistory,
    mailName: said(change.mailName, policy.mailName),
    mailSender: said(change.mailSender, policy.mailSender),
    allowedEmailDomains: list(change.allowedEmailDomains, policy.allowedEmailDomains),
    sessionMaxDays: said(change.sessionMaxDays, policy.sessionMaxDays),
    ipAllowlist: list(change.ipAllowlist, policy.ipAllowlist),
    apiKeyMaxDays: said(change.apiKeyMaxDays, policy.apiKeyMaxDays),
    autoJoinProviders: list(change.autoJoinProviders, policy.autoJoinProviders),
    autoJoinRole: said(change.autoJoinRole, policy.autoJoinRole),
  };
  const fields = (Object.keys(next) as (keyof TenantPolicy)[]).filter((field) => next[field] !== policy[field]);
  return { policy: next, fields };
}

const THEIRS = ['mailSender', 'autoJoinProviders', 'autoJoinRole'] as const;

/**
 * Whether only system administrators make one policy into the other. The mail server has to be allowed to send for the
 * address that mails come from. And no tenant has proven that a domain is its own: where people join by the domain of
 * their address, a tenant that named somebody else's would be given their people.
 */
export function isForSystemAdministrators(former: TenantPolicy, next: TenantPolicy): boolean {
  if (THEIRS.some((field) => next[field] !== former[field])) return true;
  const takesInMore = next.allowedEmailDomains.some((domain) => !former.allowedEmailDomains.includes(domain));
  return takesInMore && next.autoJoinProviders.length > 0;
}

/** Whether the policy takes in members of that domain, which is in its ASCII spelling. Subdomains are domains of their own. */
export function allowsDomain(
  { allowedEmailDomains }: Pick<TenantPolicy, 'allowedEmailDomains'>,
  domain: string,
): boolean {
  return allowedEmailDomains.length === 0 || allowedEmailDomains.includes(domain);
}

/**
 * From where alone somebody uses the tenant; none: from anywhere. System administrators are bound by no list: they are whom
 * a tenant turns to that has shut itself out.
 */
export function networksFor(ipAllowlist: readonly string[], systemAdministrator: boolean): readonly string[] {
  return systemAdministrator ? [] : ipAllowlist;
}

/** In which order they are said makes no difference. */
function list(next: readonly string[] | undefined, present: readonly string[]): readonly string[] {
  const isSame = next?.length === present.length && next.every((name) => present.includes(name));
  return isSame ? present : (next ?? present);
}

function said<T>(next: T | null | undefined, present: T | null): T | null {
  return next === undefined ? present : next;
}
