/** What a tenant decides for the sessions of its members. */
export type TenantPolicy = {
  /** Whether a refresh token is good on a device that looks different from the one it was last used on. */
  readonly refreshFromNewDevice: 'allow' | 'refuse';
};

/** Fields left out stay as they are. */
export type TenantPolicyChange = { readonly [Field in keyof TenantPolicy]?: TenantPolicy[Field] | undefined };

/** The policy with the change in it, and the names of the fields that are different now. */
export function changed(
  policy: TenantPolicy,
  change: TenantPolicyChange,
): { readonly policy: TenantPolicy; readonly fields: readonly (keyof TenantPolicy)[] } {
  const next = { refreshFromNewDevice: change.refreshFromNewDevice ?? policy.refreshFromNewDevice };
  const fields = (Object.keys(next) as (keyof TenantPolicy)[]).filter((field) => next[field] !== policy[field]);
  return { policy: next, fields };
}
