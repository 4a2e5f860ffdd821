import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { Requires, RequiresFreshly } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RemoveMember } from '../application/members/remove-member';
import { SetMemberRoles } from '../application/members/set-member-roles';
import { reachable } from '../application/tenants/reachable-tenant';
import { ReadTenants } from '../application/tenants/read-tenants';
import { MembersQuery, MemberResponse, MembersResponse } from './members.dto';
import { MemberRolesRequest } from './tenant-members.dto';

/** Who belongs to a tenant, and with which roles. */
@ApiTags('Tenants')
@Controller('tenants/:id/members')
export class TenantMembersController {
  constructor(
    private readonly reading: ReadTenants,
    private readonly settingRoles: SetMemberRoles,
    private readonly removing: RemoveMember,
  ) {}

  /** The members of the tenant, oldest account first. */
  @Get()
  @Requires('user:read', 'NOT_FOUND', 'VALIDATION_FAILED')
  async list(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Query() query: MembersQuery,
  ): Promise<MembersResponse> {
    const [filter, page] = [MembersQuery.filterOf(query), MembersQuery.pageOf(query)];
    return MembersResponse.from(await this.reading.membersOf(by, id, filter, page));
  }

  /** Say which roles a member holds: these, and no others. They hold in open sessions too, and at once. */
  @Put(':user_id')
  @Requires('role:grant', 'NOT_FOUND', 'CONFLICT', 'LAST_OWNER', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(MemberRolesRequest, { 'two roles': { roles: ['analyst', 'viewer'] } })
  async setRoles(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Param('user_id') user: string,
    @Body() { roles }: MemberRolesRequest,
  ): Promise<MemberResponse> {
    const tenant = reachable(by, id);
    await this.settingRoles.execute({ ...by, tenantId: tenant }, user, roles);
    return MemberResponse.from(await this.reading.member(tenant, user));
  }

  /** Remove a member from the tenant; with the last tenant of a user the account ends. */
  @Delete(':user_id')
  @HttpCode(204)
  @RequiresFreshly('user:delete', 'NOT_FOUND', 'CONFLICT', 'LAST_OWNER')
  async remove(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Param('user_id') user: string,
  ): Promise<void> {
    await this.removing.execute({ ...by, tenantId: reachable(by, id) }, user);
  }
}
