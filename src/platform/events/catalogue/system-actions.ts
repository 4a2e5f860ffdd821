import type { AuditActionEntries } from './audit-action-entry';

/** Of the service itself, and of its audit log. */
export const SYSTEM_ACTIONS = {
  'system.migrated': {
    happened: 'Migrations were applied to the database.',
    targets: [],
    details: ['migrations'],
  },
  'system.roles_seeded': {
    happened: 'Built-in roles were added or brought up to date.',
    targets: [],
    details: ['roles'],
  },
  'system.mail_retried': {
    happened: 'Mails that were given up are tried again.',
    targets: [],
    details: ['mails'],
  },
  'audit.read': {
    happened: 'Events of others were read: a page of them, or one with what proves it.',
    targets: ['audit_event'],
    details: ['filters', 'action', 'outcome'],
  },
  'audit.exported': {
    happened: 'Events were exported to a file.',
    targets: [],
    details: ['format', 'filters'],
  },
  'audit.verified': {
    happened: 'The log was checked against its seals, and nothing is wrong.',
    refused: 'The log was checked, and is not as it was sealed.',
    targets: ['audit_log'],
    details: ['events', 'from_seal', 'unsealed', 'complete', 'reason', 'sequence', 'seal'],
  },
  'audit.archived': {
    happened: 'A month of the log was written to an archive and left the database.',
    targets: ['audit_month'],
    details: ['events', 'through_seal', 'file_sha256'],
  },
} as const satisfies AuditActionEntries;
