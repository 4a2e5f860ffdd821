import type { AuditActionEntries } from './audit-action-entry';

/** Of the members of a tenant, and of who was asked to be one. */
export const MEMBER_ACTIONS = {
  'user.disabled': {
    happened: 'An administrator keeps a member out of the tenant until further notice.',
    refused: 'An administrator was to disable a member and was refused.',
    targets: ['user'],
    details: ['scope', 'by', 'reason'],
  },
  'user.enabled': {
    happened: 'An administrator lets a disabled member in again.',
    refused: 'An administrator was to enable a member and was refused.',
    targets: ['user'],
    details: ['scope', 'by', 'reason'],
  },
  'user.signed_out': {
    happened: 'An administrator ended the sessions a member had in the tenant.',
    refused: 'An administrator was to sign a member out and was refused.',
    targets: ['user'],
    details: ['scope', 'by', 'reason'],
  },
  'user.invited': {
    happened: 'Somebody was asked to join a tenant. Their address is not recorded.',
    refused: 'The invitation was refused.',
    targets: ['invitation'],
    details: ['role', 'kept_session_id', 'reason'],
  },
  'user.invitation_resent': {
    happened: 'An invitation was sent again, with a new link.',
    refused: 'It was to be sent again and was not.',
    targets: ['invitation'],
    details: ['kept_session_id', 'reason'],
  },
  'user.invitation_revoked': {
    happened:
      'An invitation was taken back, a newer one took its place, or its sender was not the owner of their account.',
    targets: ['invitation'],
    details: ['reason'],
  },
  'user.invitation_accepted': {
    happened: 'Who was invited became a member.',
    refused: 'An invitation was presented and was not good, or could not be accepted.',
    targets: ['invitation'],
    details: ['role', 'invited_by', 'reason'],
  },
} as const satisfies AuditActionEntries;
