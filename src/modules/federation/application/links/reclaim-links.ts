import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { identityReclaimed } from '../../federation.events';
import { LinkedIdentities, type LinkedIdentity } from './linked-identities.port';

const all = (): boolean => true;

/**
 * Whoever linked identities before anybody had proven the address of the account need not be its owner; nor whoever did while
 * the account was in other hands. When the owner shows, those identities go in the same transaction (RC-09).
 */
@Injectable()
export class ReclaimLinks {
  constructor(
    private readonly identities: LinkedIdentities,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  onReclaimed(event: DomainEvent): Promise<void> {
    return this.remove(event, all);
  }

  async onPasswordReset(event: DomainEvent): Promise<void> {
    if (event.details?.first_proof === true) await this.remove(event, all);
  }

  /** The one the account was made with stays, as a password does (ADR 22): most who verify are who registered. */
  onEmailVerified(event: DomainEvent): Promise<void> {
    return this.remove(event, ({ madeAccount }) => !madeAccount);
  }

  async onEmailChanged(event: DomainEvent): Promise<void> {
    if (event.details?.undone === true) await this.remove(event, all);
  }

  private async remove({ userId, outcome }: DomainEvent, goes: (link: LinkedIdentity) => boolean): Promise<void> {
    if (outcome === 'success' && userId !== null) await this.work.run(() => this.removeOf(userId, goes));
  }

  /** The user is held already, by whoever tells of this. */
  private async removeOf(user: UserId, goes: (link: LinkedIdentity) => boolean): Promise<void> {
    for (const { id, provider } of (await this.identities.takeAllOf(user)).filter(goes)) {
      await this.identities.remove(id);
      await this.events.append(identityReclaimed(user, provider));
    }
  }
}
