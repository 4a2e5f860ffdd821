import { EventSubscriptions, type RecordedEvent } from '../../../src/platform/events/event-subscriptions';
import type { TestService } from '../service';

export type Left = {
  readonly sequence: string;
  readonly id: string;
  readonly occurred_at: Date;
  readonly tenant_id: string | null;
  readonly actor: string;
  readonly action: string;
  readonly outcome: 'success' | 'failure';
  readonly target_type: string | null;
  readonly request_id: string | null;
  readonly details: Readonly<Record<string, unknown>>;
};

/** What is in the audit log, from one moment to the next. */
export class AuditRecord {
  private readonly heard = new Map<string, RecordedEvent>();

  constructor(private readonly service: TestService) {
    service.app.get(EventSubscriptions).subscribe('*', (event) => {
      this.heard.set(event.id, event);
      return Promise.resolve();
    });
  }

  async newest(): Promise<string> {
    const sql = 'SELECT coalesce(max(sequence), 0)::text AS newest FROM audit_events';
    return (await this.service.source.query<{ newest: string }[]>(sql))[0]?.newest ?? '0';
  }

  since(sequence: string): Promise<Left[]> {
    return this.service.source.query<Left[]>(
      `SELECT sequence, id, occurred_at, tenant_id, actor, action, outcome, target_type, request_id, details
       FROM audit_events WHERE sequence > $1 ORDER BY sequence`,
      [sequence],
    );
  }

  /** Where an event came from. How that is stored is for other tests. */
  originOf({ id }: Pick<Left, 'id'>): { readonly ipAddress: string | null; readonly userAgent: string | null } {
    const { ipAddress = null, userAgent = null } = this.heard.get(id) ?? {};
    return { ipAddress, userAgent };
  }
}

/** As deeds have it: action, outcome, actor, type of the target, and whether there is a tenant. */
export function lineOf({ action, outcome, actor, target_type: target, tenant_id: tenant }: Left): string {
  return [action, outcome, actor, target ?? '-', tenant === null ? '-' : 'in'].join(' ');
}
