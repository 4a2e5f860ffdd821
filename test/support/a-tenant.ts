import { randomUUID } from 'node:crypto';
import { tenantId } from '../../src/kernel/ids';
import type { TenantState } from '../../src/modules/tenancy/domain/tenant';

const FOUNDED = new Date('2025-12-01T00:00:00.000Z');

/** An organization in force. */
export function aTenant(overrides: Partial<TenantState> = {}): TenantState {
  const id = tenantId(randomUUID());
  return {
    id,
    name: 'Acme',
    slug: `acme-${id.slice(0, 8)}`,
    kind: 'organization',
    status: 'active',
    createdAt: FOUNDED,
    updatedAt: FOUNDED,
    ...overrides,
  };
}
