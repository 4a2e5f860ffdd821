import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { apiKeysRevoked } from '../../api-key.events';
import { ApiKeys } from './api-keys.port';

/**
 * Whoever made keys before anybody had proven the address of an account need not be its owner. When the owner comes, by a
 * new password, those keys end in the same transaction (RC-09).
 */
@Injectable()
export class RevokeUnprovenKeys {
  constructor(
    private readonly keys: ApiKeys,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  async onPasswordReset(event: DomainEvent): Promise<void> {
    const { userId, outcome, details } = event;
    if (outcome !== 'success' || userId === null || details?.first_proof !== true) return;
    await this.work.run(async (now) => {
      const revoked = await this.keys.revokeAllOf(userId, null, now);
      if (revoked > 0) await this.events.append(apiKeysRevoked(event, 'password_reset', revoked));
    });
  }
}
