import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import type { Actor } from '../http/request-context';
import type { AuditAction, DomainEvent } from './event-log';

/** An event with the envelope the log puts around it. */
export type RecordedEvent = DomainEvent & {
  readonly id: string;
  readonly at: Date;
  readonly actor: Actor;
  /** The user who acted, where one is known; of an API key, its owner. */
  readonly actorId: UserId | null;
  readonly apiKeyId: string | null;
  readonly requestId: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
};

export type EventHandler = (event: RecordedEvent) => Promise<void>;

/** Who listens to what. Handlers run in the event's own transaction: what they do is never merely eventually true. */
@Injectable()
export class EventSubscriptions {
  private readonly handlers: { readonly type: AuditAction | '*'; readonly handle: EventHandler }[] = [];

  /** `type` is one event type, or `*` for all of them. */
  subscribe(type: AuditAction | '*', handle: EventHandler): void {
    this.handlers.push({ type, handle });
  }

  async deliver(event: RecordedEvent): Promise<void> {
    for (const { type, handle } of this.handlers) if (type === '*' || type === event.type) await handle(event);
  }
}
