import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { FreshlySignedIn, RequiresFreshly } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { TransferOwnership } from '../application/members/transfer-ownership';
import { reachable } from '../application/tenants/reachable-tenant';
import { TenantAdministration } from '../application/tenants/tenant-administration';
import { SuspendTenantRequest, TenantResponse, TransferOwnershipRequest } from './tenants.dto';

/** Whether a tenant is in force, and whose it is. */
@ApiTags('Tenants')
@Controller('tenants/:id')
export class TenantStandingController {
  constructor(
    private readonly administration: TenantAdministration,
    private readonly transferring: TransferOwnership,
  ) {}

  /** Let nobody into a tenant any more: sessions end, API keys rest. System administrators alone do so. */
  @Post('suspend')
  @HttpCode(200)
  @FreshlySignedIn('NOT_FOUND', 'CONFLICT', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(SuspendTenantRequest, { 'with a reason': { reason: 'invoices unpaid' } })
  async suspend(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Body() { reason }: SuspendTenantRequest,
  ): Promise<TenantResponse> {
    return TenantResponse.from(await this.administration.suspend(by, id, reason ?? null));
  }

  /** Bring back a tenant that is suspended, or was deleted not too long ago. System administrators alone do so. */
  @Post('reactivate')
  @HttpCode(200)
  @FreshlySignedIn('NOT_FOUND', 'CONFLICT')
  async reactivate(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<TenantResponse> {
    return TenantResponse.from(await this.administration.reactivate(by, id));
  }

  /** Make another member the owner of the tenant; the caller, who owns it, becomes an administrator. */
  @Post('transfer-ownership')
  @HttpCode(204)
  @RequiresFreshly('role:grant', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(TransferOwnershipRequest, { 'to a member': { user_id: '01890a5d-ac96-774b-bcce-b302099a8057' } })
  async transfer(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Body() body: TransferOwnershipRequest,
  ): Promise<void> {
    await this.transferring.execute({ ...by, tenantId: reachable(by, id) }, body.user_id);
  }
}
