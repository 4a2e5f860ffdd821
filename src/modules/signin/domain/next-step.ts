/** Whether the user belongs to the tenant asked for, and it is in force. */
export type TenantStanding = 'active' | 'suspended' | 'deleted' | 'not_a_member';

/** Whether what was proven opens its account. */
export type AccountStanding =
  { readonly kind: 'admitted'; readonly securityStamp: string } | { readonly kind: 'refused'; readonly reason: string };

/** Whether the account has a second factor, though it be held or stopped at the moment, and whether it was shown just now. */
export type FactorStanding = 'none' | 'enrolled' | 'shown';

/** All that decides about a sign-in whose first factor was right. */
export type Standings = {
  readonly tenant: TenantStanding;
  /** Whether it comes from where the tenant may not be used by that user. */
  readonly outside: boolean;
  readonly account: AccountStanding;
  /** Whether so much speaks against the sign-in that the tenant wants a second factor, whatever there is. */
  readonly risky: boolean;
  readonly factor: FactorStanding;
  /** Whether the device has shown a second factor before, and is spared it since. */
  readonly deviceTrusted: boolean;
};

export type Issue = {
  readonly kind: 'issue';
  readonly securityStamp: string;
  /** Whether a trusted device stands in for the second factor. */
  readonly deviceTrusted: boolean;
};

export type NextStep =
  | { readonly kind: 'refuse'; readonly reason: string }
  | { readonly kind: 'second_factor'; readonly securityStamp: string }
  | Issue;

/**
 * The one place that decides what follows a right first factor, and what follows the second; every way to sign in asks
 * here (MF-12). Whoever has a second factor shows it, unless the device has done so before and nothing speaks against it.
 * Whoever has none gets a session even where the tenant demands one; what that is good for, it is asked at every request.
 */
export function nextStep({ tenant, outside, account, risky, factor, deviceTrusted }: Standings): NextStep {
  if (tenant !== 'active') return { kind: 'refuse', reason: `tenant_${tenant}` };
  if (outside) return { kind: 'refuse', reason: 'outside_networks' };
  if (account.kind === 'refused') return { kind: 'refuse', reason: account.reason };
  const { securityStamp } = account;
  switch (factor) {
    case 'shown':
      return { kind: 'issue', securityStamp, deviceTrusted: false };
    case 'enrolled':
      if (risky || !deviceTrusted) return { kind: 'second_factor', securityStamp };
      return { kind: 'issue', securityStamp, deviceTrusted: true };
    case 'none':
      // Were it let in to enrol one, whoever stole the password would enrol their own.
      if (risky) return { kind: 'refuse', reason: 'second_factor_missing' };
      return { kind: 'issue', securityStamp, deviceTrusted: false };
  }
}

/** `demandedAbove`: the risk score from which on the tenant asks for a second factor; null: none is too high. */
export function isRisky(riskScore: number, demandedAbove: number | null): boolean {
  return demandedAbove !== null && riskScore >= demandedAbove;
}
