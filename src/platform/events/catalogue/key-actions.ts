import type { AuditActionEntries } from './audit-action-entry';

/** Of API keys, and of the keys that sign tokens. */
export const KEY_ACTIONS = {
  'api_key.created': {
    happened: 'An API key was made.',
    refused: 'An API key was asked for and refused.',
    targets: ['api_key'],
    details: ['permissions', 'expires_at', 'networks', 'reason'],
  },
  'api_key.updated': {
    happened: 'An API key may do something else, is good from elsewhere, or is called something else.',
    targets: ['api_key'],
    details: ['changed_by', 'fields', 'permissions', 'networks'],
  },
  'api_key.rotated': {
    happened: 'Another API key takes the place of this one; both are good until it expires.',
    targets: ['api_key'],
    details: ['successor', 'expires_at'],
  },
  'api_key.used': {
    happened: 'An API key was used for the first time on a day.',
    targets: ['api_key'],
    details: [],
  },
  'api_key.revoked': {
    happened: 'An API key was revoked, or many at once with what they acted for.',
    targets: ['api_key'],
    details: ['revoked_by', 'reason', 'keys'],
  },
  'signing_key.created': {
    happened: 'A key to sign tokens was made and is published.',
    targets: ['signing_key'],
    details: ['algorithm', 'takes_over_at'],
  },
  'signing_key.scheduled': {
    happened: 'A published key takes over at another time.',
    targets: ['signing_key'],
    details: ['algorithm', 'takes_over_at'],
  },
  'signing_key.rotated': {
    happened: 'A published key signs from now on.',
    targets: ['signing_key'],
    details: ['algorithm'],
  },
  'signing_key.retired': {
    happened: 'What a key has signed is refused from now on, and its private half is destroyed.',
    targets: ['signing_key'],
    details: ['algorithm'],
  },
} as const satisfies AuditActionEntries;
