import type { AuditAction, DomainEvent } from '../../src/platform/events/event-log';
import { anEvent } from './an-event';

/** An action that is not in the catalogue, for what must hold whatever the action is. */
export const madeUpAction = (name: string): AuditAction => name as AuditAction;

/** A success of such an action, without details: there are none it may carry. */
export function aMadeUpEvent(name: string): DomainEvent {
  const { userId, tenantId } = anEvent();
  return { type: madeUpAction(name), outcome: 'success', userId, tenantId } as DomainEvent;
}
