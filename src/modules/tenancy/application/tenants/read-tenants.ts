import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import { isUuid, type TenantId, userId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import type { TenantRecord } from '../../domain/tenant';
import {
  type MemberFilter,
  type MemberPage,
  type MemberPageRequest,
  MemberQueries,
  type MemberView,
} from '../members/member-queries';
import { reachable } from './reachable-tenant';
import { type TenantFilter, type TenantPage, type TenantPageRequest, TenantQueries } from './tenant-queries';

/** Shows tenants to those who may see them. */
@Injectable()
export class ReadTenants {
  constructor(
    private readonly tenants: TenantQueries,
    private readonly members: MemberQueries,
  ) {}

  /** Throws NotFound. */
  async one(by: Principal, id: string): Promise<TenantRecord> {
    const found = await this.tenants.find(reachable(by, id));
    if (!found) throw new NotFound();
    return found;
  }

  /** Those of the caller; system administrators see all. A key knows of no tenant but its own. */
  async list(by: Principal, filter: TenantFilter, page: TenantPageRequest): Promise<TenantPage> {
    if (by.systemAdministrator) return this.tenants.list(filter, page);
    if (by.kind !== 'api_key') return this.tenants.listOf(by.userId, filter, page);
    const own = await this.tenants.find(by.tenantId);
    return { items: own && page.cursor === null && isWithin(filter, own) ? [own] : [], nextCursor: null };
  }

  /** The members of a tenant there is. Throws NotFound. */
  async membersOf(by: Principal, id: string, filter: MemberFilter, page: MemberPageRequest): Promise<MemberPage> {
    return this.members.list(await this.existing(by, id), filter, page);
  }

  /** Of a tenant that the caller was found to reach. Throws NotFound. */
  async member(tenant: TenantId, id: string): Promise<MemberView> {
    const found = isUuid(id) ? await this.members.find(tenant, userId(id)) : null;
    if (!found) throw new NotFound();
    return found;
  }

  /** Throws NotFound, of a tenant that the caller does not reach as of one there is not. */
  private async existing(by: Principal, id: string): Promise<TenantId> {
    return (await this.one(by, id)).id;
  }
}

function isWithin({ search, status }: TenantFilter, { name, slug, status: own }: TenantRecord): boolean {
  const isFound = search === null || `${name}\n${slug}`.toLowerCase().includes(search.toLowerCase());
  return isFound && (status === null || status === own);
}
