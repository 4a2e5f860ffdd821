import { Injectable } from '@nestjs/common';
import { NotFound } from '../../kernel/domain-error';
import { isUuid, type TenantId, tenantId, type UserId } from '../../kernel/ids';
import { ChangeTenantStatus } from './application/tenants/change-tenant-status';
import {
  type TenantFilter,
  type TenantPage,
  type TenantPageRequest,
  TenantQueries,
} from './application/tenants/tenant-queries';
import { OpenTenant } from './application/open-tenant';
import { TenancyQueries, type TenantView } from './application/tenancy-queries';
import type { TenantRecord } from './domain/tenant';

/** What a tenant may be called, as over HTTP. */
export { CreateTenantRequest, TENANT_STATUSES } from './http/tenants.dto';
export { isSlug } from './domain/slug';
export type { TenantFilter, TenantPage, TenantRecord };

/** What operators do with tenants. Plain data in, plain data out. */
@Injectable()
export class TenantsFacade {
  constructor(
    private readonly opening: OpenTenant,
    private readonly changing: ChangeTenantStatus,
    private readonly queries: TenantQueries,
    private readonly tenancy: TenancyQueries,
  ) {}

  /** `slug` null: made of the name. Throws SlugTaken. */
  create(name: string, slug: string | null, owner: UserId): Promise<TenantView> {
    return this.opening.execute({ name, slug, kind: 'organization', owner });
  }

  list(filter: TenantFilter, page: TenantPageRequest): Promise<TenantPage> {
    return this.queries.list(filter, page);
  }

  /** By id or slug. Throws NotFound. */
  async get(reference: string): Promise<TenantRecord> {
    const found = await this.queries.find(await this.idOf(reference));
    if (!found) throw new NotFound();
    return found;
  }

  /** Throws NotFound, and TenantContradicted for one that was deleted. */
  async suspend(reference: string, reason: string | null): Promise<TenantRecord> {
    return this.changing.execute(await this.idOf(reference), { ...BY_OPERATOR, change: 'suspend', reason });
  }

  /** Also one that was deleted, within its grace. Throws NotFound, and TenantContradicted when that is over. */
  async reactivate(reference: string): Promise<TenantRecord> {
    return this.changing.execute(await this.idOf(reference), { ...BY_OPERATOR, change: 'reactivate', reason: null });
  }

  private async idOf(reference: string): Promise<TenantId> {
    if (isUuid(reference)) return tenantId(reference);
    const found = await this.tenancy.find(reference);
    if (!found) throw new NotFound();
    return found.id;
  }
}

const BY_OPERATOR = { by: null, refusal: () => Promise.resolve(null) };
