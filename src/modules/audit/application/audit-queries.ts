import type { UserId } from '../../../kernel/ids';

/** An event as it is stored and shown. */
export type AuditEventView = {
  readonly id: string;
  readonly sequence: string;
  readonly occurredAt: Date;
  readonly tenantId: string | null;
  readonly userId: string | null;
  readonly actor: string;
  readonly action: string;
  readonly outcome: 'success' | 'failure';
  readonly target: { readonly type: string; readonly id: string } | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  readonly riskScore: number;
  readonly details: Readonly<Record<string, unknown>>;
};

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

/** `before` is the sequence behind which the page begins; null: at the newest. */
export type AuditPageRequest = { readonly limit: number; readonly before: string | null };

export type AuditPage = { readonly items: readonly AuditEventView[]; readonly nextCursor: string | null };

/** Reads of the audit log, newest first. */
export abstract class AuditQueries {
  /** The events that concern a user's account, in all tenants. */
  abstract ofUser(userId: UserId, filter: AuditFilter, page: AuditPageRequest): Promise<AuditPage>;
}
