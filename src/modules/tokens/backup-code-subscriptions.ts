import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { BACKUP_CODES_RENEWED } from '../mfa/mfa.events';
import { RequireOpenSession } from './application/sessions/require-open-session';

/** New backup codes are for whoever is still signed in: what they come with is decided in the very same transaction. */
@Injectable()
export class BackupCodeSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly openSession: RequireOpenSession,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe(BACKUP_CODES_RENEWED, (event) => this.openSession.onBackupCodesRenewed(event));
  }
}
