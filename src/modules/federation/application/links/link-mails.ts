import { Injectable } from '@nestjs/common';
import type { RecordedEvent } from '../../../../platform/events/event-subscriptions';
import { UserMailsFacade } from '../../../identity/user-mails.facade';
import type { LinkReason } from '../../federation.events';
import { Providers } from '../providers/providers.port';

/** Tells the owner of an account which identities open it, when that changes. Within the unit of work of the event. */
@Injectable()
export class LinkMails {
  constructor(
    private readonly providers: Providers,
    private readonly mails: UserMailsFacade,
  ) {}

  async onLinked(event: RecordedEvent): Promise<void> {
    const how = event.details?.reason as LinkReason;
    if (event.userId === null || event.outcome !== 'success' || how === 'registered') return;
    await this.mails.tell(event.userId, 'identity-linked', { ...this.occasionOf(event), how });
  }

  async onUnlinked(event: RecordedEvent): Promise<void> {
    if (event.userId === null || event.outcome !== 'success') return;
    const why = event.details?.reason === 'user' ? 'user' : 'first_proof';
    await this.mails.tell(event.userId, 'identity-unlinked', { ...this.occasionOf(event), why });
  }

  private occasionOf({ at, ipAddress, details }: RecordedEvent): {
    readonly provider: string;
    readonly at: string;
    readonly address: string | null;
  } {
    const id = details?.provider as string;
    return { provider: this.providers.find(id)?.name ?? id, at: at.toISOString(), address: ipAddress };
  }
}
