import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../../kernel/principal';
import { Requires, SignedIn } from '../../../../platform/http/access';
import { BodyExamples } from '../../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../../platform/http/current-principal';
import { LimitsAdministration } from '../../application/limits/limits-administration';
import { TenantLimitsRequest, TenantLimitsResponse } from './limits.dto';

@ApiTags('Tenants')
@Controller('tenants/:id/limits')
export class LimitsController {
  constructor(private readonly limits: LimitsAdministration) {}

  /** What operators allow the tenant, and what it has of it. */
  @Get()
  @Requires('tenant:read', 'NOT_FOUND')
  async get(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<TenantLimitsResponse> {
    return TenantLimitsResponse.from(await this.limits.get(by, id));
  }

  /**
   * Set the limits of a tenant, all of them: what is left out is not limited any more. For system administrators. Nothing
   * is taken away from a tenant that has more already; it gets no more.
   */
  @Put()
  @SignedIn('NOT_FOUND', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(TenantLimitsRequest, {
    'a small plan': { max_users: 5, max_api_keys: 2, max_roles: 0, max_requests_per_day: 10_000 },
    'no limits': {},
  })
  async replace(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Body() body: TenantLimitsRequest,
  ): Promise<TenantLimitsResponse> {
    return TenantLimitsResponse.from(await this.limits.replace(by, id, TenantLimitsRequest.limitsOf(body)));
  }
}
