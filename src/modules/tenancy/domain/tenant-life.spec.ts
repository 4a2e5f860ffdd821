import { afterTenantChange, type TenantChange, type TenantLife } from './tenant-life';

const NOW = new Date('2026-01-01T00:00:00.000Z');
const GRACE = 3600;
const LATER = new Date('2026-01-01T01:00:00.000Z');
const A_MOMENT_AGO = new Date('2025-12-31T23:59:59.999Z');

const active: TenantLife = { status: 'active', purgeAfter: null };
const suspended: TenantLife = { status: 'suspended', purgeAfter: null };
const deleted: TenantLife = { status: 'deleted', purgeAfter: LATER };

const changed = (life: TenantLife): unknown => ({ kind: 'changed', life });
const unchanged = { kind: 'unchanged' };
const contradicted = { kind: 'contradicted' };

it.each<[string, TenantLife, TenantChange, unknown]>([
  ['an active tenant is suspended', active, 'suspend', changed(suspended)],
  ['a suspended one stays so', suspended, 'suspend', unchanged],
  ['a deleted one is not suspended', deleted, 'suspend', contradicted],
  ['an active tenant stays active', active, 'reactivate', unchanged],
  ['a suspended one comes back', suspended, 'reactivate', changed(active)],
  ['a deleted one comes back within its grace', deleted, 'reactivate', changed(active)],
  [
    'one that could be had back until this moment does not',
    { ...deleted, purgeAfter: NOW },
    'reactivate',
    contradicted,
  ],
  ['nor one whose grace is over', { ...deleted, purgeAfter: A_MOMENT_AGO }, 'reactivate', contradicted],
  ['an active tenant is deleted, and may be had back for the grace', active, 'delete', changed(deleted)],
  ['so is a suspended one', suspended, 'delete', changed(deleted)],
  ['deleting once more leaves the grace as it is', { ...deleted, purgeAfter: NOW }, 'delete', unchanged],
])('%s', (_, life, change, outcome) => {
  expect(afterTenantChange(life, change, GRACE, NOW)).toEqual(outcome);
});
