import type { AuditActionEntries } from './audit-action-entry';

/** Of sign-ins at identity providers, and of who users are there. */
export const FEDERATION_ACTIONS = {
  'oauth.login': {
    happened: 'An identity provider said who somebody is.',
    refused: 'Its answer opened nothing.',
    targets: ['user'],
    details: ['provider', 'reason', 'first_proof'],
  },
  'oauth.linked': {
    happened: 'An identity of a provider was linked to an account.',
    refused: 'It was to be linked, and was not.',
    targets: ['user'],
    details: ['provider', 'automatic', 'reason'],
  },
  'oauth.unlinked': {
    happened: 'An identity of a provider opens its account no more.',
    refused: 'It was to be taken away, and stayed.',
    targets: ['user'],
    details: ['provider', 'kept_session_id', 'reason'],
  },
  'oauth.tokens_read': {
    happened: 'The tokens a provider gave were read by their user.',
    targets: ['user'],
    details: ['provider'],
  },
  'user.reclaimed': {
    happened:
      'A provider showed for the first time whose the mailbox is: password, sessions, keys, links, invitations and second factors of before are gone.',
    targets: ['user'],
    details: ['provider'],
  },
} as const satisfies AuditActionEntries;
