import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { PASSWORD_CHANGED, USER_RECLAIMED } from '../identity/identity.events';
import { EMAIL_CHANGED, EMAIL_VERIFIED, PASSWORD_RESET } from '../identity/mailbox.events';
import { FACTOR_DISABLED, FACTOR_ENROLLED } from '../mfa/mfa.events';
import { USER_DELETED } from '../tenancy/member.events';
import { RevokeUnprovenKeys } from './application/api-keys/revoke-unproven-keys';
import { ForgetErased } from './application/forget-erased';
import { EndMemberSessions } from './application/sessions/end-member-sessions';
import { EndOtherSessions } from './application/sessions/end-other-sessions';

/** Federation stands above, so its events are known by what the log calls them. */
const IDENTITY_UNLINKED = 'oauth.unlinked';

/** What happens to accounts and members ends sessions and keys, in the very same transaction. */
@Injectable()
export class TokenSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly otherSessions: EndOtherSessions,
    private readonly memberSessions: EndMemberSessions,
    private readonly unprovenKeys: RevokeUnprovenKeys,
    private readonly erased: ForgetErased,
  ) {}

  onModuleInit(): void {
    const { subscriptions, otherSessions, memberSessions, unprovenKeys, erased } = this;
    subscriptions.subscribe(PASSWORD_CHANGED, (event) => otherSessions.onPasswordChanged(event));
    subscriptions.subscribe(PASSWORD_RESET, (event) => otherSessions.onPasswordReset(event));
    subscriptions.subscribe(PASSWORD_RESET, (event) => unprovenKeys.onPasswordReset(event));
    subscriptions.subscribe(EMAIL_VERIFIED, (event) => unprovenKeys.onEmailVerified(event));
    subscriptions.subscribe(USER_RECLAIMED, (event) => otherSessions.onReclaimed(event));
    subscriptions.subscribe(USER_RECLAIMED, (event) => unprovenKeys.onReclaimed(event));
    subscriptions.subscribe(EMAIL_CHANGED, (event) => otherSessions.onEmailChanged(event));
    subscriptions.subscribe(EMAIL_CHANGED, (event) => unprovenKeys.onEmailChanged(event));
    subscriptions.subscribe(FACTOR_ENROLLED, (event) => otherSessions.onFactorEnrolled(event));
    subscriptions.subscribe(FACTOR_DISABLED, (event) => otherSessions.onFactorsDisabled(event));
    subscriptions.subscribe(IDENTITY_UNLINKED, (event) => otherSessions.onUnlinked(event));
    // Which events end the sessions of a member is for tenancy to say.
    subscriptions.subscribe('*', (event) => memberSessions.onEvent(event));
    subscriptions.subscribe(USER_DELETED, (event) => erased.onUserDeleted(event));
  }
}
