import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { PASSWORD_CHANGED } from '../identity/identity.events';
import { EMAIL_CHANGED, PASSWORD_RESET } from '../identity/mailbox.events';
import { RevokeUnprovenKeys } from './application/api-keys/revoke-unproven-keys';
import { EndOtherSessions } from './application/sessions/end-other-sessions';

/** What happens to accounts ends their sessions and keys, in the very same transaction. */
@Injectable()
export class TokenSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly otherSessions: EndOtherSessions,
    private readonly unprovenKeys: RevokeUnprovenKeys,
  ) {}

  onModuleInit(): void {
    const { subscriptions, otherSessions, unprovenKeys } = this;
    subscriptions.subscribe(PASSWORD_CHANGED, (event) => otherSessions.onPasswordChanged(event));
    subscriptions.subscribe(PASSWORD_RESET, (event) => otherSessions.onPasswordReset(event));
    subscriptions.subscribe(PASSWORD_RESET, (event) => unprovenKeys.onPasswordReset(event));
    subscriptions.subscribe(EMAIL_CHANGED, (event) => otherSessions.onEmailChanged(event));
  }
}
