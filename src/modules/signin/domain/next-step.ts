/** Whether the user belongs to the tenant asked for, and it is in force. */
export type TenantStanding = 'active' | 'suspended' | 'not_a_member';

/** Whether a right password opens its account. */
export type AccountStanding =
  { readonly kind: 'admitted'; readonly securityStamp: string } | { readonly kind: 'refused'; readonly reason: string };

export type NextStep =
  { readonly kind: 'issue'; readonly securityStamp: string } | { readonly kind: 'refuse'; readonly reason: string };

/** The one place that decides what follows a right password; every way to sign in asks here. */
export function nextStep(tenant: TenantStanding, account: AccountStanding): NextStep {
  if (tenant !== 'active') return { kind: 'refuse', reason: `tenant_${tenant}` };
  if (account.kind === 'refused') return { kind: 'refuse', reason: account.reason };
  return { kind: 'issue', securityStamp: account.securityStamp };
}
