import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CredentialsAmbiguous } from '../../../kernel/domain-error';
import type { Principal } from '../../../kernel/principal';
import { EvenConfined, SignedIn } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RefreshCookie } from '../../../platform/http/refresh-cookie';
import type { DoorwardRequest } from '../../../platform/http/request';
import { RequestContext } from '../../../platform/http/request-context';
import { RefreshTokenCodec } from '../application/refresh-token-codec.port';
import { SwitchTenant } from '../application/sessions/switch-tenant';
import { SwitchTenantRequest, TokenPairResponse } from './tokens.dto';

@ApiTags('Signing in')
@Controller('auth/switch-tenant')
export class SwitchTenantController {
  constructor(
    private readonly switchTenant: SwitchTenant,
    private readonly codec: RefreshTokenCodec,
    private readonly cookie: RefreshCookie,
    private readonly context: RequestContext,
  ) {}

  /** Go on in another of the caller's tenants, in the same session. The refresh token of before is spent. */
  @Post()
  @HttpCode(200)
  @SignedIn('NOT_FOUND', 'TENANT_SUSPENDED', 'CROSS_SITE_REQUEST', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @EvenConfined()
  @BodyExamples(SwitchTenantRequest, { 'by slug': { tenant: 'acme' } })
  async switch(
    @CurrentPrincipal() by: Principal,
    @Body() body: SwitchTenantRequest,
    @Req() request: DoorwardRequest,
  ): Promise<TokenPairResponse> {
    this.answerInKind(by, request);
    const input = { by, tenant: body.tenant, client: this.context.origin };
    return TokenPairResponse.from(await this.switchTenant.execute(input));
  }

  /** A browser that keeps the refresh token of this session in the cookie would go on sending the spent one. */
  private answerInKind(by: Principal, request: DoorwardRequest): void {
    const kept = this.cookie.peek(request);
    const session = kept === null ? undefined : this.codec.open(kept)?.sessionId;
    if (session === undefined) return;
    if (session !== by.sessionId) throw new CredentialsAmbiguous();
    this.cookie.answerInKind(request);
  }
}
