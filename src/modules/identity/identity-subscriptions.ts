import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { PasswordNotices } from './application/password-notices';
import { PASSWORD_CHANGED } from './identity.events';
import { PASSWORD_RESET } from './mailbox.events';

/** What owners of accounts are told of, in the transaction of what happened. */
@Injectable()
export class IdentitySubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly passwords: PasswordNotices,
  ) {}

  onModuleInit(): void {
    for (const type of [PASSWORD_CHANGED, PASSWORD_RESET]) {
      this.subscriptions.subscribe(type, (event) => this.passwords.onReplaced(event));
    }
  }
}
