import type { TenantId, UserId } from '../../kernel/ids';
import type { AuditAction, DetailNameOf } from './catalogue/catalogue';
import type { DetailName } from './catalogue/detail-names';

export type { AuditAction };

/** JSON-safe. Never a secret, a password or a token, and nothing of a person: docs/audit-events.md. */
export type EventDetail = PlainDetail | Readonly<Record<string, PlainDetail>>;
type PlainDetail = string | number | boolean | null | readonly string[];

/** Those the catalogue lists for the action; of the other names it knows, none. */
export type DetailsOf<A extends AuditAction> = { readonly [Name in DetailNameOf<A>]?: EventDetail } & {
  readonly [Name in Exclude<DetailName, DetailNameOf<A>>]?: never;
};

/** Whom and what an event is about. */
export type EventSubject = {
  /** Whose account it concerns, as far as that is known. */
  readonly userId: UserId | null;
  readonly tenantId: TenantId | null;
  readonly target?: { readonly type: string; readonly id: string };
};

/** An event of one action. */
export type EventOf<A extends AuditAction> = EventSubject & {
  readonly type: A;
  readonly outcome: 'success' | 'failure';
  /** 0 (usual) to 100. */
  readonly riskScore?: number;
  readonly details?: DetailsOf<A>;
};

/** Something that happened, or was refused, in past tense: `password.changed`. One of the closed list of actions. */
export type DomainEvent = { [A in AuditAction]: EventOf<A> }[AuditAction];

/** Records what happened, in the transaction it happened in. Cannot record: then it does not happen. */
export abstract class EventLog {
  /** Throws outside a unit of work. Whoever listens runs in the same transaction, before this returns. */
  abstract append(event: DomainEvent): Promise<void>;
}
