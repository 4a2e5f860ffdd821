import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { USER_RECLAIMED } from '../identity/identity.events';
import { EMAIL_CHANGED, PASSWORD_RESET } from '../identity/mailbox.events';
import { EmailFactorHolds } from './application/email-factor-holds';
import { FactorMails } from './application/factor-mails';
import { ResetFactors } from './application/removal/reset-factors';
import { EndTrust } from './application/trusted-devices/end-trust';
import {
  BACKUP_CODE_USED,
  BACKUP_CODES_RENEWED,
  CODES_PAUSED,
  FACTOR_DISABLED,
  FACTOR_ENROLLED,
  FACTOR_STOPPED,
} from './mfa.events';

/** Second factors do not know of tenants, and so name their events by what the log calls them. */
const ROLES_CHANGED = ['role.granted', 'role.revoked'] as const;

/** What happens to accounts changes, in the same transaction, what their second factors prove, and what happens to those is told their users. */
@Injectable()
export class MfaSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly holds: EmailFactorHolds,
    private readonly mails: FactorMails,
    private readonly resetting: ResetFactors,
    private readonly trust: EndTrust,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe(PASSWORD_RESET, (event) => this.resetting.onPasswordReset(event));
    this.subscriptions.subscribe(USER_RECLAIMED, (event) => this.resetting.onReclaimed(event));
    for (const type of [EMAIL_CHANGED, PASSWORD_RESET] as const) {
      this.subscriptions.subscribe(type, (event) => this.holds.onMailbox(event));
    }
    for (const type of ROLES_CHANGED) this.subscriptions.subscribe(type, (event) => this.trust.onRolesChanged(event));
    this.subscriptions.subscribe(FACTOR_ENROLLED, (event) => this.mails.onEnrolled(event));
    this.subscriptions.subscribe(FACTOR_DISABLED, (event) => this.mails.onDisabled(event));
    this.subscriptions.subscribe(FACTOR_STOPPED, (event) => this.mails.onStopped(event));
    this.subscriptions.subscribe(CODES_PAUSED, (event) => this.mails.onPaused(event));
    this.subscriptions.subscribe(BACKUP_CODE_USED, (event) => this.mails.onBackupCodeUsed(event));
    this.subscriptions.subscribe(BACKUP_CODES_RENEWED, (event) => this.mails.onBackupCodesRenewed(event));
  }
}
