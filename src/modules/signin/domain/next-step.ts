/** Whether the user belongs to the tenant asked for, it is in force, and content with a password for a sign-in of this risk. */
export type TenantStanding = 'active' | 'suspended' | 'not_a_member' | 'demands_second_factor';

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

/** `demandedAbove`: the risk score at which the tenant asks for a second factor; null: at none. */
export function standingOf(
  status: 'active' | 'suspended',
  riskScore: number,
  demandedAbove: number | null,
): TenantStanding {
  if (status !== 'active') return status;
  return demandedAbove !== null && riskScore >= demandedAbove ? 'demands_second_factor' : 'active';
}
