import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { EMAIL_CHANGE_REQUESTED } from '../identity/mailbox.events';
import { BACKUP_CODES_RENEWED, SETUP_BEGUN } from '../mfa/mfa.events';
import { INVITATION_RESENT, USER_INVITED } from '../tenancy/invitation.events';
import { RequireOpenSession } from './application/sessions/require-open-session';

/**
 * What is left behind in an account, and ends no session by itself. What does (a new password, a new factor) asks the same
 * when it ends the others (EndOtherSessions); and whoever makes a key asks before (MinterRights).
 */
const LEFT_BEHIND = [
  EMAIL_CHANGE_REQUESTED,
  SETUP_BEGUN,
  BACKUP_CODES_RENEWED,
  USER_INVITED,
  INVITATION_RESENT,
] as const;

/** Whoever leaves something behind is still signed in: that is decided in the very same transaction. */
@Injectable()
export class OpenSessionSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly openSession: RequireOpenSession,
  ) {}

  onModuleInit(): void {
    for (const type of LEFT_BEHIND) this.subscriptions.subscribe(type, (event) => this.openSession.onDone(event));
  }
}
