import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { apiKeyRevoked } from '../../api-key.events';
import type { ApiKey } from '../../domain/api-keys/api-key';
import type { ApiKeyId } from '../../domain/api-keys/api-key-id';
import { ApiKeys } from './api-keys.port';

/** Ends a key at once and for good. */
@Injectable()
export class RevokeApiKey {
  constructor(
    private readonly keys: ApiKeys,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** For a user of the tenant. Throws NotFound: not there, another tenant's, or revoked already. */
  async execute(tenantId: TenantId, id: ApiKeyId, by: UserId): Promise<void> {
    await this.revoke(() => this.keys.takeIn(tenantId, id), by);
  }

  /** For operators, who may revoke the keys of every tenant. Throws NotFound likewise. */
  async executeAsOperator(id: ApiKeyId): Promise<void> {
    await this.revoke(() => this.keys.take(id), null);
  }

  private async revoke(take: () => Promise<ApiKey | null>, by: UserId | null): Promise<void> {
    const revoked = await this.work.run(async (now) => {
      const key = await take();
      if (!key?.revoke(now)) return false;
      await this.keys.save(key);
      await this.events.append(apiKeyRevoked(key.snapshot(), by));
      return true;
    });
    if (!revoked) throw new NotFound();
  }
}
