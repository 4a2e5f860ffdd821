import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { FederatedUsersFacade } from '../../../identity/federated-users.facade';
import { identityReclaimed } from '../../federation.events';
import { LinkedIdentities } from './linked-identities.port';

/**
 * Whoever linked identities before anybody had proven the address of the account need not be its owner; nor whoever did while
 * the account was in other hands. When the owner shows, those identities go in the same transaction (RC-09).
 */
@Injectable()
export class ReclaimLinks {
  constructor(
    private readonly identities: LinkedIdentities,
    private readonly users: FederatedUsersFacade,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  onReclaimed(event: DomainEvent): Promise<void> {
    return this.removeAll(event);
  }

  async onPasswordReset(event: DomainEvent): Promise<void> {
    if (event.details?.first_proof === true) await this.removeAll(event);
  }

  /** What an account was made with stays, as a password does (ADR 22): for most who verify are who registered. */
  async onEmailVerified(event: DomainEvent): Promise<void> {
    if (event.userId === null || !(await this.users.hasPassword(event.userId))) return;
    await this.removeAll(event);
  }

  async onEmailChanged(event: DomainEvent): Promise<void> {
    if (event.details?.undone === true) await this.removeAll(event);
  }

  private async removeAll({ userId, outcome }: DomainEvent): Promise<void> {
    if (outcome === 'success' && userId !== null) await this.work.run(() => this.remove(userId));
  }

  private async remove(user: UserId): Promise<void> {
    for (const { id, provider } of await this.identities.takeAllOf(user)) {
      await this.identities.remove(id);
      await this.events.append(identityReclaimed(user, provider));
    }
  }
}
