import type { AuditActionEntries } from './audit-action-entry';

/** Of signing in, sessions and their tokens, and of access that was refused. */
export const ENTRY_ACTIONS = {
  'auth.login': {
    happened: 'Somebody signed in.',
    refused: 'A sign-in was refused.',
    targets: ['session'],
    details: ['amr', 'risk', 'reason'],
  },
  'auth.mfa_challenged': {
    happened: 'The first factor of a sign-in was right, and a second is asked for.',
    targets: [],
    details: ['methods', 'risk'],
  },
  'auth.logout': {
    happened: 'A user ended the session they were in.',
    targets: ['session'],
    details: [],
  },
  'auth.step_up': {
    happened: 'The user of a session proved again who they are.',
    refused: 'The proof was refused.',
    targets: ['session'],
    details: ['amr', 'reason'],
  },
  'auth.token_refreshed': {
    happened: 'A refresh token was exchanged for new tokens.',
    refused: 'The exchange was refused.',
    targets: ['session'],
    details: ['generation', 'reason'],
  },
  'auth.token_repeated': {
    happened: 'A refresh token came again within the grace, and got the same answer.',
    targets: ['session'],
    details: ['generation'],
  },
  'auth.token_reuse_detected': {
    refused: 'A refresh token that was spent came back: somebody else has a copy. The session is ended.',
    targets: ['session'],
    details: [],
  },
  'auth.tenant_switched': {
    happened: 'A session went on to another tenant of its user.',
    refused: 'The switch was refused.',
    targets: ['session'],
    details: ['from', 'reason'],
  },
  'auth.suspicious_activity': {
    happened: 'A session is used by what looks like another device, and the tenant allows it.',
    refused: 'Such a use was refused; or a form was filled in where people see no field.',
    targets: ['session'],
    details: ['reason', 'form', 'risk'],
  },
  'session.revoked': {
    happened: 'A session was ended, or many at once, by their user or by what happened to the account or tenant.',
    targets: ['session'],
    details: ['reason', 'sessions'],
  },
  'access.denied': {
    refused: 'A known caller wanted what they may not.',
    targets: ['api_key', 'tenant', 'user'],
    details: ['reason', 'permission', 'permissions', 'role'],
  },
} as const satisfies AuditActionEntries;
