import type { AuditActionEntries } from './audit-action-entry';

/** Of tenants, their limits and rules. */
export const TENANT_ACTIONS = {
  'tenant.created': {
    happened: 'A tenant was opened.',
    refused: 'A tenant was to be opened and was not.',
    targets: ['tenant'],
    details: ['reason'],
  },
  'tenant.updated': {
    happened: 'The name, slug or rules of a tenant changed.',
    refused: 'The change was refused.',
    targets: ['tenant'],
    details: ['fields', 'before', 'after', 'reason'],
  },
  'tenant.limits_changed': {
    happened: 'A tenant may have more or less of something.',
    targets: ['tenant'],
    details: ['fields', 'before', 'after'],
  },
  'tenant.suspended': {
    happened: 'A tenant lets nobody in until it is reactivated.',
    refused: 'The suspension contradicts what has become of the tenant.',
    targets: ['tenant'],
    details: ['reason'],
  },
  'tenant.reactivated': {
    happened: 'A suspended or deleted tenant lets its members in again.',
    refused: 'The reactivation contradicts what has become of the tenant.',
    targets: ['tenant'],
    details: ['was', 'reason'],
  },
  'tenant.deleted': {
    happened: 'A tenant lets nobody in and is purged later; without `purge_after` it is gone with its last member.',
    refused: 'The deletion was refused.',
    targets: ['tenant'],
    details: ['purge_after', 'reason'],
  },
  'tenant.purged': {
    happened: 'The grace of a deleted tenant is over, and all of it is gone.',
    targets: ['tenant'],
    details: [],
  },
  'tenant.ownership_transferred': {
    happened: 'An owner gave their tenant to another member.',
    refused: 'The transfer was refused.',
    targets: ['tenant', 'user'],
    details: ['from', 'to', 'scope', 'by', 'reason'],
  },
} as const satisfies AuditActionEntries;
