import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { EndPendingSecrets } from './application/mailbox/end-pending-secrets';
import { PasswordNotices } from './application/passwords/password-notices';
import { PASSWORD_CHANGED } from './identity.events';
import { PASSWORD_RESET } from './mailbox.events';

/** As tenancy, which stands above, calls it. */
const KEPT_OUT = ['user.locked', 'user.disabled'] as const;

/** What happens to accounts is told their owners, and ends what was mailed before, in the very same transaction. */
@Injectable()
export class IdentitySubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly passwords: PasswordNotices,
    private readonly pending: EndPendingSecrets,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe(PASSWORD_CHANGED, (event) => this.pending.onPasswordChanged(event));
    for (const type of KEPT_OUT) this.subscriptions.subscribe(type, (event) => this.pending.onKeptOut(event));
    for (const type of [PASSWORD_CHANGED, PASSWORD_RESET] as const) {
      this.subscriptions.subscribe(type, (event) => this.passwords.onReplaced(event));
    }
  }
}
