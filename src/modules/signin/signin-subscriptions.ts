import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { DomainEvent } from '../../platform/events/event-log';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { USER_RECLAIMED } from '../identity/identity.events';
import { PASSWORD_RESET } from '../identity/mailbox.events';
import { MfaFacade } from '../mfa/mfa.facade';
import { isAccountDeleted, USER_DELETED } from '../tenancy/member.events';
import { endsEntries, TENANT_CLOSING } from '../tenancy/tenancy.events';
import { Challenges } from './application/challenges/challenges.port';
import { FamiliarPlaces } from './application/familiar-places.port';

/** What happens to accounts changes what is known of their sign-ins, in the very same transaction. */
@Injectable()
export class SigninSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly places: FamiliarPlaces,
    private readonly mfa: MfaFacade,
    private readonly challenges: Challenges,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe(PASSWORD_RESET, (event) => this.onPasswordReset(event));
    this.subscriptions.subscribe(USER_RECLAIMED, (event) => this.onReclaimed(event));
    this.subscriptions.subscribe(USER_DELETED, (event) => this.onUserDeleted(event));
    for (const type of TENANT_CLOSING) this.subscriptions.subscribe(type, (event) => this.onTenantClosed(event));
  }

  /** Before the first proof of the mailbox it may have been somebody else who signed in (RC-09). */
  private async onPasswordReset(event: DomainEvent): Promise<void> {
    if (event.details?.first_proof === true) await this.onReclaimed(event);
  }

  private async onReclaimed({ userId, outcome }: DomainEvent): Promise<void> {
    if (outcome === 'success' && userId !== null) await this.places.forget(userId);
  }

  /** Who was about to show the second factor begins anew, when the tenant is back (RT-09). */
  private async onTenantClosed(event: DomainEvent): Promise<void> {
    const { tenantId } = event;
    if (endsEntries(event) && tenantId !== null) await this.challenges.removeAllIn(tenantId);
  }

  /** Second factors do not know of tenants, nor of the end of accounts: what was sent to a number goes with the factor. */
  private async onUserDeleted(event: DomainEvent): Promise<void> {
    if (isAccountDeleted(event) && event.userId !== null) await this.mfa.removeAll(event.userId);
  }
}
