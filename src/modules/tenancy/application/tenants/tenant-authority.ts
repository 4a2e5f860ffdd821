import { Injectable } from '@nestjs/common';
import type { DomainError } from '../../../../kernel/domain-error';
import type { TenantId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { permits } from '../../domain/permission';
import { NeedsSystemAdministrator, NoLongerPermitted } from '../../domain/tenant-errors';
import { tenantAccessDenied } from '../../tenancy.events';
import { ActorRights } from '../members/actor-rights';

/** Who may do what to a tenant at this moment, whatever they might when they called. Within the caller's unit of work. */
@Injectable()
export class TenantAuthority {
  constructor(
    private readonly rights: ActorRights,
    private readonly events: EventLog,
  ) {}

  /** Why not, which is on record then; null: the caller may. */
  async refusalOf(by: Principal, tenant: TenantId, permission: string): Promise<DomainError | null> {
    const held = (await this.rights.of({ ...by, tenantId: tenant }))?.permissions ?? [];
    if (permits(held, permission)) return null;
    await this.events.append(tenantAccessDenied(by.userId, tenant, 'no_longer_permitted'));
    return new NoLongerPermitted();
  }

  /** As `refusalOf`, for what system administrators alone do. */
  async refusalOfTenants(by: Principal, tenant: TenantId): Promise<DomainError | null> {
    if ((await this.rights.of({ ...by, tenantId: tenant }))?.systemAdministrator === true) return null;
    await this.events.append(tenantAccessDenied(by.userId, tenant, 'needs_system_administrator'));
    return new NeedsSystemAdministrator();
  }
}
