import { Injectable } from '@nestjs/common';
import { tenantId, userId } from '../../../../kernel/ids';
import { Database } from '../../../../platform/database/database';
import { EventLog } from '../../../../platform/events/event-log';
import { type Origin, RequestContext } from '../../../../platform/http/request-context';
import { apiKeyUsed } from '../../api-key.events';
import { KeyUses } from '../../application/api-keys/key-uses.port';
import type { ApiKeyId } from '../../domain/api-keys/api-key-id';

type Use = {
  readonly at: Date;
  /** Of the first use since the last batch. */
  readonly origin: Origin;
};
type Written = { id: ApiKeyId; owner_id: string; tenant_id: string; is_first_of_day: boolean };

@Injectable()
export class BatchedKeyUses extends KeyUses {
  private noted = new Map<ApiKeyId, Use>();

  constructor(
    private readonly database: Database,
    private readonly events: EventLog,
    private readonly context: RequestContext,
  ) {
    super();
  }

  note(id: ApiKeyId, at: Date): void {
    const origin = this.noted.get(id)?.origin ?? { ...this.context.origin, actor: 'api_key', apiKeyId: id };
    this.noted.set(id, { at, origin });
  }

  async write(): Promise<void> {
    const batch = this.noted;
    this.noted = new Map();
    if (batch.size === 0) return;
    try {
      await this.database.run(() => this.record(batch));
    } catch (error) {
      this.noted = new Map([...batch, ...this.noted]);
      throw error;
    }
  }

  private async record(batch: ReadonlyMap<ApiKeyId, Use>): Promise<void> {
    for (const { id, owner_id: owner, tenant_id: tenant } of await this.firstOfDay(batch)) {
      const used = apiKeyUsed({ id, ownerId: userId(owner), tenantId: tenantId(tenant) });
      const origin = batch.get(id)?.origin ?? this.context.origin;
      await this.context.run({ ...origin, actorId: userId(owner) }, () => this.events.append(used));
    }
  }

  /** Passes over keys that were used later elsewhere. Whoever holds one is waited for: a first use is told of once. */
  private async firstOfDay(batch: ReadonlyMap<ApiKeyId, Use>): Promise<readonly Written[]> {
    // What UPDATE answers is a pair: the rows, and how many.
    const [written] = await this.database.acrossTenants.writer.query<[Written[], number]>(
      `UPDATE api_keys k SET last_used_at = held.at
       FROM (SELECT k.id, used.at, k.last_used_at AS before
             FROM unnest($1::text[], $2::timestamptz[]) AS used (id, at) JOIN api_keys k ON k.id = used.id
             WHERE used.at > k.last_used_at IS NOT FALSE
             ORDER BY k.id FOR UPDATE OF k) held
       WHERE k.id = held.id
       RETURNING k.id, k.owner_id, k.tenant_id,
                 (held.before AT TIME ZONE 'UTC')::date < (held.at AT TIME ZONE 'UTC')::date IS NOT FALSE AS is_first_of_day`,
      [[...batch.keys()], [...batch.values()].map(({ at }) => at)],
    );
    return written.filter(({ is_first_of_day: isFirst }) => isFirst);
  }
}
