import type { AuditActionEntries } from './audit-action-entry';

/** Of an account, whatever the tenant. */
export const ACCOUNT_ACTIONS = {
  'user.registered': {
    happened: 'Somebody made themselves an account.',
    refused: 'A registration was refused.',
    targets: ['user'],
    details: ['reason'],
  },
  'user.created': {
    happened: 'An administrator or an operator made an account.',
    refused: 'An administrator was to make an account and was refused.',
    targets: ['user'],
    details: ['system_administrator', 'by', 'reason'],
  },
  'user.updated': {
    happened: 'The profile of an account changed.',
    refused: 'The change was refused.',
    targets: ['user'],
    details: ['fields', 'scope', 'by', 'reason'],
  },
  'user.exported': {
    happened: 'A user read all that is held about them.',
    targets: ['user'],
    details: [],
  },
  'user.deleted': {
    happened: 'A user is gone from a tenant, or their account from the service.',
    refused: 'The deletion was refused.',
    targets: ['user'],
    details: ['scope', 'by', 'reason'],
  },
  'user.locked': {
    happened: 'Wrong passwords lock one source out, or all but known devices; or an administrator locked a member.',
    refused: 'An administrator was to lock a member and was refused.',
    targets: ['user'],
    details: ['scope', 'source', 'until', 'failures', 'by', 'reason'],
  },
  'user.unlocked': {
    happened: 'Whoever was kept out of an account, or of a tenant, may try again.',
    refused: 'An administrator was to unlock a member and was refused.',
    targets: ['user'],
    details: ['scope', 'was_locked', 'by', 'reason'],
  },
  'user.system_administrator_granted': {
    happened: 'An operator made a user a system administrator.',
    targets: ['user'],
    details: [],
  },
  'user.system_administrator_revoked': {
    happened: 'An operator made a system administrator a user like others.',
    targets: ['user'],
    details: [],
  },
  'password.changed': {
    happened: 'A user changed their password.',
    refused: 'The change was refused.',
    targets: ['user'],
    details: ['kept_session_id', 'reason'],
  },
  'password.reset_requested': {
    happened: 'A mail to reset a password was asked for and sent.',
    refused: 'It was asked for and not sent; who asked is not told.',
    targets: ['user'],
    details: ['mailed'],
  },
  'password.reset': {
    happened: 'A password was set anew with a mailed link or code.',
    refused: 'The link or code was not good.',
    targets: ['user'],
    details: ['first_proof', 'reason'],
  },
  'email.verification_requested': {
    happened: 'A mail to verify an address was asked for and sent.',
    refused: 'It was asked for and not sent; who asked is not told.',
    targets: ['user'],
    details: ['mailed'],
  },
  'email.verified': {
    happened: 'The owner of the mailbox of an account was there.',
    refused: 'The link or code was not good.',
    targets: ['user'],
    details: ['reason'],
  },
  'email.change_requested': {
    happened: 'A user asked for another address.',
    targets: ['user'],
    details: ['kept_session_id'],
  },
  'email.changed': {
    happened: 'An account has another address, or the one of before again.',
    refused: 'The change was refused.',
    targets: ['user'],
    details: ['kept_session_id', 'undone', 'reason'],
  },
} as const satisfies AuditActionEntries;
