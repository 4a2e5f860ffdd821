import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { DomainEvent } from '../../platform/events/event-log';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { PASSWORD_RESET } from '../identity/mailbox.events';
import { FamiliarPlaces } from './application/familiar-places.port';

/** What happens to accounts changes what is known of their sign-ins, in the very same transaction. */
@Injectable()
export class SigninSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly places: FamiliarPlaces,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe(PASSWORD_RESET, (event) => this.onPasswordReset(event));
  }

  /** Before the first proof of the mailbox it may have been somebody else who signed in (RC-09). */
  private async onPasswordReset({ userId, outcome, details }: DomainEvent): Promise<void> {
    if (outcome === 'success' && userId !== null && details?.first_proof === true) await this.places.forget(userId);
  }
}
