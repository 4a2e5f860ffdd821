import type { TenantId, UserId } from '../../kernel/ids';

/** JSON-safe facts for the audit log; each module lists which it tells. Never a secret, a password or a token. */
export type EventDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Something that happened, or was refused, in past tense: `password.changed`. */
export type DomainEvent = {
  readonly type: string;
  readonly outcome: 'success' | 'failure';
  /** Whose account it concerns, as far as that is known. */
  readonly userId: UserId | null;
  readonly tenantId: TenantId | null;
  readonly target?: { readonly type: string; readonly id: string };
  /** 0 (usual) to 100. */
  readonly riskScore?: number;
  readonly details?: EventDetails;
};

/** Records what happened, in the transaction it happened in. Cannot record: then it does not happen. */
export abstract class EventLog {
  /** Throws outside a unit of work. Whoever listens runs in the same transaction, before this returns. */
  abstract append(event: DomainEvent): Promise<void>;
}
