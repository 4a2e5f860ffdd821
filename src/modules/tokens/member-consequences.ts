import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { EndMemberSessions } from './application/sessions/end-member-sessions';

/** What tenants do to their members ends sessions in the same transaction. Which events do is for tenancy to say. */
@Injectable()
export class MemberConsequences implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly endMemberSessions: EndMemberSessions,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe('*', (event) => this.endMemberSessions.onEvent(event));
  }
}
