import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { TENANT_CLOSING, TENANT_DELETED, TENANT_PURGED } from '../tenancy/tenancy.events';
import { ForgetErased } from './application/forget-erased';
import { EndTenantSessions } from './application/sessions/end-tenant-sessions';

/** What becomes of a tenant becomes of its sessions and keys, in the very same transaction. */
@Injectable()
export class TenantSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly sessions: EndTenantSessions,
    private readonly erased: ForgetErased,
  ) {}

  onModuleInit(): void {
    const { subscriptions, sessions, erased } = this;
    for (const type of TENANT_CLOSING) subscriptions.subscribe(type, (event) => sessions.onEvent(event));
    for (const type of [TENANT_DELETED, TENANT_PURGED] as const) {
      subscriptions.subscribe(type, (event) => erased.onTenantGone(event));
    }
  }
}
