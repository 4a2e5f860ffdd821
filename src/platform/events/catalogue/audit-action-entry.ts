import type { DetailName } from './detail-names';

/** What an event may name as the thing it was done to. */
export type TargetType =
  | 'api_key'
  | 'audit_event'
  | 'audit_log'
  | 'audit_month'
  | 'invitation'
  | 'permission'
  | 'role'
  | 'session'
  | 'signing_key'
  | 'tenant'
  | 'trusted_device'
  | 'user';

/** What the catalogue says of one action. */
export type AuditActionEntry = {
  /** What an event of success means; left out: there is none. */
  readonly happened?: string;
  /** What an event of failure means; left out: there is none. */
  readonly refused?: string;
  /** What it may name as its target; none: it names nothing. An event may leave its target out where there is none. */
  readonly targets: readonly TargetType[];
  /** What is stored of its details. */
  readonly details: readonly DetailName[];
};

export type AuditActionEntries = Readonly<Record<string, AuditActionEntry>>;
