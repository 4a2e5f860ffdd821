import type { TenantRecord } from './tenant';

export type TenantChange = 'suspend' | 'reactivate' | 'delete';

export type TenantLife = Pick<TenantRecord, 'status' | 'purgeAfter'>;

export type TenantOutcome =
  | { readonly kind: 'changed'; readonly life: TenantLife }
  /** It is so already. */
  | { readonly kind: 'unchanged' }
  /** A deleted tenant is not suspended, and one whose grace is over does not come back. */
  | { readonly kind: 'contradicted' };

const CHANGED_TO_ACTIVE = { kind: 'changed', life: { status: 'active', purgeAfter: null } } as const;

/** What becomes of a tenant. `graceSeconds`: for how long a deleted one can be had back. */
export function afterTenantChange(
  { status, purgeAfter }: TenantLife,
  change: TenantChange,
  graceSeconds: number,
  now: Date,
): TenantOutcome {
  switch (change) {
    case 'suspend':
      if (status === 'deleted') return { kind: 'contradicted' };
      if (status === 'suspended') return { kind: 'unchanged' };
      return { kind: 'changed', life: { status: 'suspended', purgeAfter: null } };
    case 'reactivate':
      if (status === 'active') return { kind: 'unchanged' };
      return purgeAfter !== null && purgeAfter <= now ? { kind: 'contradicted' } : CHANGED_TO_ACTIVE;
    case 'delete':
      if (status === 'deleted') return { kind: 'unchanged' };
      return {
        kind: 'changed',
        life: { status: 'deleted', purgeAfter: new Date(now.getTime() + graceSeconds * 1000) },
      };
  }
}
