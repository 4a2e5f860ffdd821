import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { apiKeyUseDenied } from '../../api-key.events';
import type { ApiKeyId } from '../../domain/api-keys/api-key-id';
import type { LiveApiKey } from './live-api-keys.port';

const QUIET_MS = 60_000;

/** Puts on record that keys in force came from where they are not good: of each key at most once a minute. */
@Injectable()
export class DeniedUses {
  private readonly toldAt = new Map<ApiKeyId, number>();

  constructor(
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  async record(key: LiveApiKey, now: Date): Promise<void> {
    const before = this.toldAt.get(key.id);
    if (before !== undefined && now.getTime() - before < QUIET_MS) return;
    this.forgetUntil(now.getTime() - QUIET_MS);
    this.toldAt.set(key.id, now.getTime());
    await this.work.run(() => this.events.append(apiKeyUseDenied(key)));
  }

  /** They stand in the order they were told of. */
  private forgetUntil(ms: number): void {
    for (const [id, at] of this.toldAt) {
      if (at > ms) return;
      this.toldAt.delete(id);
    }
  }
}
