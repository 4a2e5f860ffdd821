import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { Requires } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { ResourceAdministration } from '../application/roles/resource-administration';
import {
  PermissionsQuery,
  ResourceChangeRequest,
  ResourceRequest,
  ResourceResponse,
  ResourcesResponse,
} from './permissions.dto';

/**
 * What roles and keys of the active tenant can be given. The catalogue is for people to choose from: any well-formed
 * permission may be granted, registered or not, and registering one grants nothing.
 */
@ApiTags('Roles')
@Controller('permissions')
export class PermissionsController {
  constructor(private readonly resources: ResourceAdministration) {}

  /** The resources there are, by name, with what can be done with each. */
  @Get()
  @Requires('role:read', 'VALIDATION_FAILED')
  async list(@CurrentPrincipal() by: Principal, @Query() query: PermissionsQuery): Promise<ResourcesResponse> {
    return ResourcesResponse.from(await this.resources.list(by.tenantId, PermissionsQuery.pageOf(query)));
  }

  /** Register a resource of an application, for this tenant. At most 100 of them. */
  @Post()
  @Requires('role:create', 'NOT_FOUND', 'CONFLICT', 'QUOTA_EXCEEDED', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(ResourceRequest, {
    'invoices of a shop': { resource: 'invoice', description: 'Invoices of the shop', actions: ['read', 'approve'] },
  })
  async register(@CurrentPrincipal() by: Principal, @Body() body: ResourceRequest): Promise<ResourceResponse> {
    const resource = ResourceChangeRequest.resourceOf(body.resource, body);
    await this.resources.register(by, resource);
    return ResourceResponse.from(resource);
  }

  /** Replace what is said of a registered resource. What was granted stays granted. */
  @Put(':resource')
  @Requires('role:update', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(ResourceChangeRequest, {
    'one action more': { description: 'Invoices of the shop', actions: ['read', 'approve', 'cancel'] },
  })
  async replace(
    @CurrentPrincipal() by: Principal,
    @Param('resource') name: string,
    @Body() body: ResourceChangeRequest,
  ): Promise<ResourceResponse> {
    const resource = ResourceChangeRequest.resourceOf(name, body);
    await this.resources.replace(by, resource);
    return ResourceResponse.from(resource);
  }

  /** Take a registered resource from the catalogue. What was granted stays granted. */
  @Delete(':resource')
  @HttpCode(204)
  @Requires('role:delete', 'NOT_FOUND', 'CONFLICT')
  async remove(@CurrentPrincipal() by: Principal, @Param('resource') name: string): Promise<void> {
    await this.resources.remove(by, name);
  }
}
