import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { USER_RECLAIMED } from '../identity/identity.events';
import { EMAIL_CHANGED, EMAIL_VERIFIED, PASSWORD_RESET } from '../identity/mailbox.events';
import { LinkMails } from './application/links/link-mails';
import { ReclaimLinks } from './application/links/reclaim-links';
import { IDENTITY_LINKED, IDENTITY_UNLINKED } from './federation.events';

/** What happens to accounts changes, in the same transaction, which identities open them, and that is told their users. */
@Injectable()
export class FederationSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly reclaiming: ReclaimLinks,
    private readonly mails: LinkMails,
  ) {}

  onModuleInit(): void {
    const { subscriptions, reclaiming, mails } = this;
    subscriptions.subscribe(USER_RECLAIMED, (event) => reclaiming.onReclaimed(event));
    subscriptions.subscribe(PASSWORD_RESET, (event) => reclaiming.onPasswordReset(event));
    subscriptions.subscribe(EMAIL_VERIFIED, (event) => reclaiming.onEmailVerified(event));
    subscriptions.subscribe(EMAIL_CHANGED, (event) => reclaiming.onEmailChanged(event));
    subscriptions.subscribe(IDENTITY_LINKED, (event) => mails.onLinked(event));
    subscriptions.subscribe(IDENTITY_UNLINKED, (event) => mails.onUnlinked(event));
  }
}
