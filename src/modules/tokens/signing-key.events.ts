import type { DetailsOf, DomainEvent, EventOf } from '../../platform/events/event-log';
import type { KeyChange } from './domain/signing-keys/key-ring';

/** What happened to a key, in the words of the audit log; null for what nobody need know. */
export function signingKeyEventOf({ before, after }: KeyChange): DomainEvent | null {
  const { kid, algorithm, state, takesOverAt } = after;
  // Published from now on; it signs later, unless it is the first.
  if (before === null) return of('signing_key.created', kid, { algorithm, ...scheduleOf(takesOverAt) });
  // It signs from now on.
  if (state === 'current' && before.state !== 'current') return of('signing_key.rotated', kid, { algorithm });
  // Tokens it has signed are refused from now on, and its private half is destroyed.
  if (state === 'retired' && before.state !== 'retired') return of('signing_key.retired', kid, { algorithm });
  if (takesOverAt !== null && before.takesOverAt?.getTime() !== takesOverAt.getTime()) {
    return of('signing_key.scheduled', kid, { algorithm, ...scheduleOf(takesOverAt) });
  }
  return null;
}

function scheduleOf(takesOverAt: Date | null): { readonly takes_over_at?: string } {
  return takesOverAt ? { takes_over_at: takesOverAt.toISOString() } : {};
}

type KeyAction = 'signing_key.created' | 'signing_key.scheduled' | 'signing_key.rotated' | 'signing_key.retired';

function of<A extends KeyAction>(type: A, kid: string, details: DetailsOf<A>): EventOf<A> {
  const target = { type: 'signing_key', id: kid };
  return { type, outcome: 'success', userId: null, tenantId: null, target, details };
}
