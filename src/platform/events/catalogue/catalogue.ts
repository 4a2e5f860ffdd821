import { ACCOUNT_ACTIONS } from './account-actions';
import type { AuditActionEntry } from './audit-action-entry';
import { ENTRY_ACTIONS } from './entry-actions';
import { FEDERATION_ACTIONS } from './federation-actions';
import { KEY_ACTIONS } from './key-actions';
import { MEMBER_ACTIONS } from './member-actions';
import { ROLE_ACTIONS } from './role-actions';
import { SECOND_FACTOR_ACTIONS } from './second-factor-actions';
import { SYSTEM_ACTIONS } from './system-actions';
import { TENANT_ACTIONS } from './tenant-actions';

/** By what they are about, in the order they are read in. */
export const AUDIT_AREAS = {
  Accounts: ACCOUNT_ACTIONS,
  'Signing in, sessions and access': ENTRY_ACTIONS,
  'Identity providers': FEDERATION_ACTIONS,
  'Second factors': SECOND_FACTOR_ACTIONS,
  Tenants: TENANT_ACTIONS,
  Members: MEMBER_ACTIONS,
  'Roles and permissions': ROLE_ACTIONS,
  'API keys and signing keys': KEY_ACTIONS,
  'The service and its audit log': SYSTEM_ACTIONS,
} as const;

/** All that is ever recorded. What is not in this list cannot be. */
export const AUDIT_ACTIONS = {
  ...ACCOUNT_ACTIONS,
  ...ENTRY_ACTIONS,
  ...FEDERATION_ACTIONS,
  ...SECOND_FACTOR_ACTIONS,
  ...TENANT_ACTIONS,
  ...MEMBER_ACTIONS,
  ...ROLE_ACTIONS,
  ...KEY_ACTIONS,
  ...SYSTEM_ACTIONS,
} as const;

export type AuditAction = keyof typeof AUDIT_ACTIONS;

/** The names of the details an action may carry. */
export type DetailNameOf<A extends AuditAction> = (typeof AUDIT_ACTIONS)[A]['details'][number];

/** What the catalogue says of an action; undefined: it is none, or was one of an older version. */
export function entryOf(action: string): AuditActionEntry | undefined {
  return Object.hasOwn(AUDIT_ACTIONS, action) ? AUDIT_ACTIONS[action as AuditAction] : undefined;
}
