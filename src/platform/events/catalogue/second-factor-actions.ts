import type { AuditActionEntries } from './audit-action-entry';

/** Of second factors, their codes and trusted devices. */
export const SECOND_FACTOR_ACTIONS = {
  'mfa.setup_begun': {
    happened: 'A factor is being set up. It proves nothing yet.',
    targets: ['user'],
    details: ['method', 'kept_session_id'],
  },
  'mfa.enrolled': {
    happened: 'A factor was confirmed, and is asked for from now on.',
    refused: 'A factor was to be confirmed and was not.',
    targets: ['user'],
    details: ['method', 'amr', 'replaced', 'kept_session_id', 'reason'],
  },
  'mfa.disabled': {
    happened: 'Factors were taken away: by their user, by an administrator, or by the first proof of the mailbox.',
    refused: 'They were to be taken away, and stayed.',
    targets: ['user'],
    details: ['reason', 'methods', 'factors', 'left', 'kept_session_id', 'scope', 'by'],
  },
  'mfa.factor_stopped': {
    happened: 'Wrong codes ended a kind of factor, until it is set up anew.',
    targets: ['user'],
    details: ['reason', 'method', 'failures'],
  },
  'mfa.codes_paused': {
    happened: 'After too many wrong codes none of the account is looked at for a while.',
    targets: ['user'],
    details: ['reason', 'method'],
  },
  'mfa.challenge_failed': {
    refused: 'The second step of a sign-in was refused.',
    targets: [],
    details: ['method', 'reason'],
  },
  'mfa.code_sent': {
    happened: 'A code was asked for and sent. Where to is not recorded.',
    refused: 'A code was asked for and not sent; who asked is not told.',
    targets: ['user'],
    details: ['method', 'for', 'sent'],
  },
  'mfa.backup_code_used': {
    happened: 'A backup code was used up.',
    targets: ['user'],
    details: ['left'],
  },
  'mfa.backup_codes_renewed': {
    happened: 'A user has new backup codes; those of before are no good.',
    targets: ['user'],
    details: ['kept_session_id'],
  },
  'mfa.device_trusted': {
    happened: 'A device is not asked for a second factor for a while.',
    targets: ['trusted_device'],
    details: ['expires_at'],
  },
  'mfa.device_renamed': {
    happened: 'A user gave a trusted device another name.',
    targets: ['trusted_device'],
    details: [],
  },
  'mfa.device_revoked': {
    happened: 'A device is trusted no more: by its user, or because there were too many.',
    targets: ['trusted_device'],
    details: ['reason'],
  },
} as const satisfies AuditActionEntries;
