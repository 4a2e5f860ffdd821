import { Injectable } from '@nestjs/common';
import { DomainError, NotFound } from '../../../../kernel/domain-error';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { TenantSettings } from '../../../../platform/config/settings';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type AuditAction, type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import type { TenantRecord } from '../../domain/tenant';
import { PersonalTenantStays, TenantContradicted } from '../../domain/tenant-errors';
import { afterTenantChange, type TenantChange } from '../../domain/tenant-life';
import {
  TENANT_DELETED,
  TENANT_REACTIVATED,
  TENANT_SUSPENDED,
  tenantChangeRefused,
  tenantMarkedDeleted,
  tenantReactivated,
  tenantSuspended,
} from '../../tenancy.events';
import { Tenants } from '../tenants.port';
import { CloseTenant } from './close-tenant';

/** What is done to a tenant, by whom, and who may. */
export type StatusWish = {
  readonly change: TenantChange;
  /** null: an operator. */
  readonly by: UserId | null;
  /** What the administrator says, for the record. */
  readonly reason: string | null;
  /** Why the caller may not, decided while the tenant is held; null: they may. */
  readonly refusal: () => Promise<DomainError | null>;
};

const EVENTS = {
  suspend: TENANT_SUSPENDED,
  reactivate: TENANT_REACTIVATED,
  delete: TENANT_DELETED,
} as const satisfies Readonly<Record<TenantChange, AuditAction>>;

/**
 * Suspends, deletes and brings back tenants. Whoever is in a tenant that is not active any more is out in the same
 * moment: its sessions end for good, its keys open nothing, and nobody signs in to it.
 */
@Injectable()
export class ChangeTenantStatus {
  constructor(
    private readonly tenants: Tenants,
    private readonly closing: CloseTenant,
    private readonly settings: TenantSettings,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * The tenant as it is from now on; doing it again changes nothing. Throws NotFound, TenantContradicted,
   * PersonalTenantStays, and what `refusal` says.
   */
  async execute(id: TenantId, wish: StatusWish): Promise<TenantRecord> {
    const outcome = await this.work.run((now) => this.decide(id, wish, now));
    // Refused only after the commit, so that the attempt stays on record.
    if (outcome instanceof DomainError) throw outcome;
    return outcome;
  }

  private async decide(id: TenantId, wish: StatusWish, now: Date): Promise<TenantRecord | DomainError> {
    const { change, by, refusal } = wish;
    // Invitations are held before tenants.
    if (change === 'delete') await this.tenants.holdInvitations(id);
    const tenant = await this.tenants.take(id);
    if (!tenant) return new NotFound();
    const refused = await refusal();
    if (refused) return refused;
    if (change === 'delete' && tenant.kind === 'personal') return new PersonalTenantStays();
    const outcome = afterTenantChange(tenant, change, this.settings.deletionGraceSeconds, now);
    if (outcome.kind === 'unchanged') return tenant;
    if (outcome.kind === 'contradicted') {
      await this.events.append(tenantChangeRefused(EVENTS[change], by, id, `tenant_${tenant.status}`));
      return new TenantContradicted(tenant.status);
    }
    const next = { ...tenant, ...outcome.life, updatedAt: now };
    await this.tenants.save(next);
    // Memberships and mailed secrets are held before sessions and keys, which end with the event.
    if (next.status !== 'active') await this.closing.execute(next, by);
    await this.events.append(eventOf(wish, tenant, next));
    return next;
  }
}

function eventOf({ by, reason }: StatusWish, { id, status: was }: TenantRecord, next: TenantRecord): DomainEvent {
  if (next.purgeAfter !== null) return tenantMarkedDeleted(by, id, next.purgeAfter);
  return next.status === 'active' ? tenantReactivated(by, id, was) : tenantSuspended(by, id, reason);
}
