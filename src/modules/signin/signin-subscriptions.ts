import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { DomainEvent } from '../../platform/events/event-log';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { PASSWORD_RESET } from '../identity/mailbox.events';
import { MfaFacade } from '../mfa/mfa.facade';
import { isAccountDeleted, USER_DELETED } from '../tenancy/tenancy.events';
import { FamiliarPlaces } from './application/familiar-places.port';

/** What happens to accounts changes what is known of their sign-ins, in the very same transaction. */
@Injectable()
export class SigninSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly places: FamiliarPlaces,
    private readonly mfa: MfaFacade,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe(PASSWORD_RESET, (event) => this.onPasswordReset(event));
    this.subscriptions.subscribe(USER_DELETED, (event) => this.onUserDeleted(event));
  }

  /** Before the first proof of the mailbox it may have been somebody else who signed in (RC-09). */
  private async onPasswordReset({ userId, outcome, details }: DomainEvent): Promise<void> {
    if (outcome === 'success' && userId !== null && details?.first_proof === true) await this.places.forget(userId);
  }

  /** Second factors do not know of tenants, nor of the end of accounts: what was sent to a number goes with the factor. */
  private async onUserDeleted(event: DomainEvent): Promise<void> {
    if (isAccountDeleted(event) && event.userId !== null) await this.mfa.removeAll(event.userId);
  }
}
