import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { PASSWORD_RESET } from '../identity/mailbox.events';
import { ResetFactors } from './application/removal/reset-factors';

/** What happens to accounts happens to their second factors, in the very same transaction. */
@Injectable()
export class MfaSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly resetting: ResetFactors,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe(PASSWORD_RESET, (event) => this.resetting.onPasswordReset(event));
  }
}
