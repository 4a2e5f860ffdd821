/** What the administrators of a tenant say of a member: locked for a while, or disabled until further notice. */
export type MemberStatus = 'active' | 'locked' | 'disabled';

export type StatusChange = 'lock' | 'unlock' | 'disable' | 'enable';

export type StatusOutcome =
  | { readonly kind: 'changed'; readonly status: MemberStatus }
  /** It is so already. */
  | { readonly kind: 'unchanged' }
  /** The change is none of this status: a lock must not make less of a disabled member's lot. */
  | { readonly kind: 'contradicted' };

/** What each change makes of each status; null: it contradicts that. */
const NEXT: Readonly<Record<StatusChange, Readonly<Record<MemberStatus, MemberStatus | null>>>> = {
  lock: { active: 'locked', locked: 'locked', disabled: null },
  unlock: { active: 'active', locked: 'active', disabled: null },
  disable: { active: 'disabled', locked: 'disabled', disabled: 'disabled' },
  enable: { active: 'active', locked: null, disabled: 'active' },
};

export function afterChange(status: MemberStatus, change: StatusChange): StatusOutcome {
  const next = NEXT[change][status];
  if (next === null) return { kind: 'contradicted' };
  return next === status ? { kind: 'unchanged' } : { kind: 'changed', status: next };
}
