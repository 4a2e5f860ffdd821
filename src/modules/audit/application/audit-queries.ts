import type { TenantId, UserId } from '../../../kernel/ids';

/** An event as it is shown. */
export type AuditEventView = {
  readonly id: string;
  readonly sequence: string;
  /** ISO 8601, UTC. */
  readonly occurredAt: string;
  readonly tenantId: string | null;
  readonly userId: string | null;
  readonly actor: string;
  readonly actorId: string | null;
  readonly apiKeyId: string | null;
  readonly action: string;
  readonly outcome: 'success' | 'failure';
  readonly target: { readonly type: string; readonly id: string } | null;
  /** null where there was none, and of who is erased. */
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  readonly riskScore: number;
  readonly details: Readonly<Record<string, unknown>>;
  /** What the seal holds in the place of address and agent, in hex; null where it holds them as they are. */
  readonly personalDigest: string | null;
  /** Shows that they are what the digest commits to; null where there is none, or who they are of is erased. */
  readonly personalSalt: Buffer | null;
};

/** Whose log: that of a tenant, or all there is. */
export type LogSubject = { readonly kind: 'tenant'; readonly tenant: TenantId } | { readonly kind: 'everybody' };

/** Whose events: those of a log, or those that concern an account, in all tenants. */
export type AuditSubject = { readonly kind: 'user'; readonly user: UserId } | LogSubject;

/** What is left out does not narrow. */
export type AuditFilter = {
  readonly userId?: string | undefined;
  readonly action?: string | undefined;
  readonly outcome?: 'success' | 'failure' | undefined;
  readonly ipAddress?: string | undefined;
  readonly requestId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly minRisk?: number | undefined;
};

/** `before` is the sequence of the event behind which the page begins; null: at the newest. */
export type AuditPageRequest = { readonly limit: number; readonly before: string | null };

/** `nextCursor` is null on the last page; before that a page may hold fewer than its limit. */
export type AuditPage = { readonly items: readonly AuditEventView[]; readonly nextCursor: string | null };

/** By time as pages are, or by the numbers alone, as seals are. */
export type RunOrder = 'oldest_first' | 'by_number';

/**
 * `after` is the sequence of the event behind which the run begins; null: at the first. Events with numbers above
 * `through` are left out.
 */
export type AuditRunRequest = {
  readonly limit: number;
  readonly order: RunOrder;
  readonly after: string | null;
  readonly through: string;
};

/** Reads of the audit log. Where nothing else is said the order is that of time, and of sequences where that is the same. */
export abstract class AuditQueries {
  /** The events that concern a user's account, in all tenants; of what others did to it, not from where they did. */
  abstract ofUser(user: UserId, filter: AuditFilter, page: AuditPageRequest): Promise<AuditPage>;

  /** Of the subject, newest first, within what the running scope may see. */
  abstract page(subject: AuditSubject, filter: AuditFilter, page: AuditPageRequest): Promise<AuditPage>;

  /** The same, from the first on. `nextCursor` is where the next run begins. */
  abstract run(subject: AuditSubject, filter: AuditFilter, run: AuditRunRequest): Promise<AuditPage>;

  /** The highest number there is to be seen, whoever's event it is of; 0: there is none. */
  abstract newest(): Promise<string>;
}
