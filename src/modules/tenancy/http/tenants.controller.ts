import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { Authenticated, Requires, RequiresFreshly, SignedIn } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RateLimited } from '../../../platform/http/rate-limited';
import { EditTenant } from '../application/tenants/edit-tenant';
import { FoundTenant } from '../application/tenants/found-tenant';
import { ReadTenants } from '../application/tenants/read-tenants';
import { TenantAdministration } from '../application/tenants/tenant-administration';
import { CreateTenantRequest, EditTenantRequest, TenantResponse, TenantsQuery, TenantsResponse } from './tenants.dto';

/** Tenants as a whole. Who asks for another than the active one finds none, system administrators apart. */
@ApiTags('Tenants')
@Controller('tenants')
export class TenantsController {
  constructor(
    private readonly reading: ReadTenants,
    private readonly founding: FoundTenant,
    private readonly editing: EditTenant,
    private readonly administration: TenantAdministration,
  ) {}

  /** The tenants the caller belongs to, oldest first; for system administrators, all there are. A key sees its own. */
  @Get()
  @Authenticated('VALIDATION_FAILED')
  async list(@CurrentPrincipal() by: Principal, @Query() query: TenantsQuery): Promise<TenantsResponse> {
    const page = await this.reading.list(by, TenantsQuery.filterOf(query), TenantsQuery.pageOf(query));
    return TenantsResponse.from(page);
  }

  /** Open a tenant and own it. Switch to it, or sign in to it, to work there. */
  @Post()
  @SignedIn('CONFLICT', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @RateLimited({ name: 'tenants', by: 'caller', uncounted: 'refuse' })
  @BodyExamples(CreateTenantRequest, {
    'with a slug': { name: 'Acme Ltd', slug: 'acme' },
    'with one made of the name': { name: 'Acme Ltd' },
  })
  async create(@CurrentPrincipal() by: Principal, @Body() body: CreateTenantRequest): Promise<TenantResponse> {
    return TenantResponse.from(await this.founding.execute(by, body.name, body.slug ?? null));
  }

  /** One tenant. */
  @Get(':id')
  @Requires('tenant:read', 'NOT_FOUND')
  async one(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<TenantResponse> {
    return TenantResponse.from(await this.reading.one(by, id));
  }

  /** Give a tenant another name or slug; what is left out stays. */
  @Patch(':id')
  @Requires('tenant:update', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(EditTenantRequest, { 'another name': { name: 'Acme Ltd' }, 'another slug': { slug: 'acme-ltd' } })
  async edit(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Body() { name, slug }: EditTenantRequest,
  ): Promise<TenantResponse> {
    return TenantResponse.from(await this.editing.execute(by, id, { name, slug }));
  }

  /**
   * Delete a tenant: sessions, keys and invitations end at once. Until `purge_after` system administrators can bring it back;
   * then all of it is removed. Accounts stay: whom no other tenant lets in gets a personal one, whoever deletes it at once, and
   * other members when it is purged.
   */
  @Delete(':id')
  @HttpCode(204)
  @RequiresFreshly('tenant:delete', 'NOT_FOUND', 'CONFLICT')
  async delete(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.administration.delete(by, id);
  }
}
