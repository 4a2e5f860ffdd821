import { Injectable } from '@nestjs/common';
import type { RecordedEvent } from '../../../platform/events/event-subscriptions';
import { PersonKeys } from './person-keys.port';

/**
 * When an account is erased, nobody can read any more from where its person came: the key of these fields goes, the
 * events and their seals stay (GDPR, 17; PV-02).
 */
@Injectable()
export class ForgetPerson {
  constructor(private readonly keys: PersonKeys) {}

  /** Within the erasure's own unit of work. */
  async onDeleted({ outcome, userId, details, at }: RecordedEvent): Promise<void> {
    if (outcome !== 'success' || details?.scope !== 'account' || userId === null) return;
    await this.keys.destroy(userId, at);
  }
}
