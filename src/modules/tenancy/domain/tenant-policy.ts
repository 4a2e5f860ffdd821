/** What a tenant decides for the sessions of its members. */
export type TenantPolicy = {
  /** Whether a refresh token is good on a device that looks different from the one it was last used on. */
  readonly refreshFromNewDevice: 'allow' | 'refuse';
  /** The risk score, 1 to 100, from which on a sign-in needs a second factor; null: none does for its score. */
  readonly secondFactorAboveRisk: number | null;
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
    secondFactorAboveRisk:
      change.secondFactorAboveRisk === undefined ? policy.secondFactorAboveRisk : change.secondFactorAboveRisk,
  };
  const fields = (Object.keys(next) as (keyof TenantPolicy)[]).filter((field) => next[field] !== policy[field]);
  return { policy: next, fields };
}
