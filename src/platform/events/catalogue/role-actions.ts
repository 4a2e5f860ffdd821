import type { AuditActionEntries } from './audit-action-entry';

/** Of roles, who holds them, and the resources their permissions are of. */
export const ROLE_ACTIONS = {
  'role.created': {
    happened: 'A tenant has a new role.',
    refused: 'The role was refused.',
    targets: ['role'],
    details: ['role', 'permissions', 'reason'],
  },
  'role.updated': {
    happened: 'A role grants something else, to everybody who holds it.',
    refused: 'The change was refused.',
    targets: ['role'],
    details: ['role', 'was', 'fields', 'granted', 'withdrawn', 'reason'],
  },
  'role.deleted': {
    happened: 'A tenant has a role no more.',
    refused: 'The deletion was refused.',
    targets: ['role'],
    details: ['role', 'reason'],
  },
  'role.granted': {
    happened: 'A member holds a role.',
    refused: 'The roles of a member were to change and did not.',
    targets: ['user'],
    details: ['role', 'scope', 'by', 'reason'],
  },
  'role.revoked': {
    happened: 'A member who stays one holds a role no more.',
    targets: ['user'],
    details: ['role', 'by'],
  },
  'permission.registered': {
    happened: 'A tenant described a resource and its actions. That grants nothing.',
    refused: 'The tenant has described as many as it may.',
    targets: ['permission'],
    details: ['actions', 'reason'],
  },
  'permission.updated': {
    happened: 'A tenant described a resource anew.',
    targets: ['permission'],
    details: ['actions'],
  },
  'permission.removed': {
    happened: 'A tenant describes a resource no more.',
    targets: ['permission'],
    details: [],
  },
} as const satisfies AuditActionEntries;
