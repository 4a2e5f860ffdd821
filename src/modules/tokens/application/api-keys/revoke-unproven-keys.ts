import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { apiKeysRevoked, type KeysRevocationReason } from '../../api-key.events';
import { ApiKeys } from './api-keys.port';

/**
 * Whoever made keys before anybody had proven the address of an account need not be its owner; nor whoever made them while
 * the account was in other hands. When the owner shows, those keys end in the same transaction (RC-09).
 */
@Injectable()
export class RevokeUnprovenKeys {
  constructor(
    private readonly keys: ApiKeys,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  async onPasswordReset(event: DomainEvent): Promise<void> {
    if (event.details?.first_proof === true) await this.revoke(event, 'password_reset');
  }

  /** For the first time. */
  onEmailVerified(event: DomainEvent): Promise<void> {
    return this.revoke(event, 'email_verified');
  }

  onReclaimed(event: DomainEvent): Promise<void> {
    return this.revoke(event, 'account_reclaimed');
  }

  async onEmailChanged(event: DomainEvent): Promise<void> {
    if (event.details?.undone === true) await this.revoke(event, 'email_change_undone');
  }

  private async revoke(event: DomainEvent, reason: KeysRevocationReason): Promise<void> {
    const { userId, outcome } = event;
    if (outcome !== 'success' || userId === null) return;
    await this.work.run(async (now) => {
      const revoked = await this.keys.revokeAllOf(userId, null, now);
      if (revoked > 0) await this.events.append(apiKeysRevoked(event, reason, revoked));
    });
  }
}
