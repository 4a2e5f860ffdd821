import { Injectable } from '@nestjs/common';
import { DomainError, NotFound, ValidationFailed } from '../../../../kernel/domain-error';
import type { TenantId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { isSlug } from '../../domain/slug';
import type { TenantRecord } from '../../domain/tenant';
import { SlugTaken, TenantContradicted } from '../../domain/tenant-errors';
import { tenantRenamed, tenantRenamingRefused } from '../../tenancy.events';
import { Tenants } from '../tenants.port';
import { reachable } from './reachable-tenant';
import { TenantAuthority } from './tenant-authority';

/** Fields left out stay as they are. */
export type TenantEdit = { readonly name?: string | undefined; readonly slug?: string | undefined };

export const BAD_SLUG = {
  field: 'slug',
  code: 'FIELD_INVALID',
  message: 'Use 2 to 63 lower-case letters, digits and single hyphens inside; no id, and none of the reserved words.',
};

/** Gives a tenant another name or slug. A change of nothing leaves no trace. */
@Injectable()
export class EditTenant {
  constructor(
    private readonly tenants: Tenants,
    private readonly authority: TenantAuthority,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Throws NotFound; ValidationFailed for a slug that cannot be one; SlugTaken and NoLongerPermitted, which stay on
   * record; TenantContradicted.
   */
  async execute(by: Principal, id: string, edit: TenantEdit): Promise<TenantRecord> {
    const tenant = reachable(by, id);
    if (edit.slug !== undefined && !isSlug(edit.slug)) throw new ValidationFailed([BAD_SLUG]);
    try {
      const outcome = await this.work.run((now) => this.edit(by, tenant, edit, now));
      if (outcome instanceof DomainError) throw outcome;
      return outcome;
    } catch (error) {
      if (error instanceof SlugTaken) {
        await this.work.run(() => this.events.append(tenantRenamingRefused(by.userId, tenant)));
      }
      throw error;
    }
  }

  private async edit(
    by: Principal,
    id: TenantId,
    { name, slug }: TenantEdit,
    now: Date,
  ): Promise<TenantRecord | DomainError> {
    const present = await this.tenants.take(id);
    if (!present) return new NotFound();
    const refusal = await this.authority.refusalOf(by, id, 'tenant:update');
    if (refusal) return refusal;
    if (present.status === 'deleted') return new TenantContradicted('deleted');
    const next = { name: name ?? present.name, slug: slug ?? present.slug };
    const changed = (['name', 'slug'] as const).filter((field) => next[field] !== present[field]);
    if (changed.length === 0) return present;
    const tenant = { ...present, ...next, updatedAt: now };
    await this.tenants.save(tenant);
    await this.events.append(tenantRenamed(by.userId, id, changed));
    return tenant;
  }
}
