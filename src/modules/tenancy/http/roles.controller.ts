import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotFound } from '../../../kernel/domain-error';
import { isUuid, roleId } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { Requires } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { CreateRole } from '../application/roles/create-role';
import { RemoveRole } from '../application/roles/remove-role';
import { ReplaceRole } from '../application/roles/replace-role';
import { RoleQueries } from '../application/roles/role-queries';
import { RoleRequest, RoleResponse, RolesQuery, RolesResponse } from './roles.dto';

const EXAMPLES = {
  'who looks after datasets': {
    name: 'curator',
    description: 'Looks after the datasets',
    permissions: ['dataset:*', 'detector:read'],
  },
};

/** The roles of the active tenant. Nobody makes, changes or deletes one that grants what they may not do themselves. */
@ApiTags('Roles')
@Controller('roles')
export class RolesController {
  constructor(
    private readonly queries: RoleQueries,
    private readonly createRole: CreateRole,
    private readonly replaceRole: ReplaceRole,
    private readonly removeRole: RemoveRole,
  ) {}

  /** The roles that members of the active tenant can hold, the built-in ones and its own, in the order they were made. */
  @Get()
  @Requires('role:read', 'VALIDATION_FAILED')
  async list(@CurrentPrincipal() by: Principal, @Query() query: RolesQuery): Promise<RolesResponse> {
    return RolesResponse.from(await this.queries.list(by.tenantId, RolesQuery.pageOf(query)));
  }

  /** Make a role of the active tenant. */
  @Post()
  @Requires('role:create', 'CONFLICT', 'QUOTA_EXCEEDED', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(RoleRequest, EXAMPLES)
  async create(@CurrentPrincipal() by: Principal, @Body() body: RoleRequest): Promise<RoleResponse> {
    return RoleResponse.from(await this.createRole.execute(by, RoleRequest.definitionOf(body)));
  }

  /** One role, built in or of the active tenant. */
  @Get(':id')
  @Requires('role:read', 'NOT_FOUND')
  async one(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<RoleResponse> {
    const role = isUuid(id) ? await this.queries.find(by.tenantId, roleId(id)) : null;
    if (!role) throw new NotFound();
    return RoleResponse.from(role);
  }

  /**
   * Replace a role of the active tenant. Whoever holds it may from then on what it grants then, and nothing it granted
   * before.
   */
  @Put(':id')
  @Requires('role:update', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(RoleRequest, EXAMPLES)
  async replace(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Body() body: RoleRequest,
  ): Promise<RoleResponse> {
    return RoleResponse.from(await this.replaceRole.execute(by, id, RoleRequest.definitionOf(body)));
  }

  /** Delete a role of the active tenant that nobody holds and nobody is invited to. */
  @Delete(':id')
  @HttpCode(204)
  @Requires('role:delete', 'NOT_FOUND', 'CONFLICT')
  async remove(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.removeRole.execute(by, id);
  }
}
