import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { Seldom } from '../../../../platform/memory/seldom';
import { Clock } from '../../../../platform/time/clock';
import { apiKeyUseDenied } from '../../api-key.events';
import type { LiveApiKey } from './live-api-keys.port';

const QUIET_MS = 60_000;

/** Puts on record that keys in force came from where they are not good: of each key at most once a minute. */
@Injectable()
export class DeniedUses {
  private readonly told: Seldom;

  constructor(
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
    clock: Clock,
  ) {
    this.told = new Seldom(clock, QUIET_MS);
  }

  async record(key: LiveApiKey): Promise<void> {
    if (this.told.notice(key.id)) await this.work.run(() => this.events.append(apiKeyUseDenied(key)));
  }
}
