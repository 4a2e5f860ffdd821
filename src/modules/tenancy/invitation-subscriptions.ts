import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { USER_RECLAIMED } from '../identity/identity.events';
import { PASSWORD_RESET } from '../identity/mailbox.events';
import { EndSentInvitations } from './application/invitations/end-sent-invitations';

/** What happens to accounts ends invitations, in the very same transaction. */
@Injectable()
export class InvitationSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly sent: EndSentInvitations,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe(USER_RECLAIMED, (event) => this.sent.onReclaimed(event));
    this.subscriptions.subscribe(PASSWORD_RESET, (event) => this.sent.onPasswordReset(event));
  }
}
