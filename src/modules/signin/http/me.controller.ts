import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotFound } from '../../../kernel/domain-error';
import type { Principal } from '../../../kernel/principal';
import { Authenticated, EvenConfined } from '../../../platform/http/access';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { IdentityFacade } from '../../identity/identity.facade';
import { MfaFacade } from '../../mfa/mfa.facade';
import { TenancyFacade } from '../../tenancy/tenancy.facade';
import { MeResponse } from './signin.dto';

@ApiTags('Signing in')
@Controller('auth')
export class MeController {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly tenancy: TenancyFacade,
    private readonly mfa: MfaFacade,
  ) {}

  /** Who the credential speaks for, and what it may do in the active tenant now. */
  @Get('me')
  @Authenticated()
  @EvenConfined()
  async me(@CurrentPrincipal() by: Principal): Promise<MeResponse> {
    const user = await this.identity.users.find(by.userId);
    const tenant = await this.tenancy.find(by.tenantId);
    if (!user || !tenant) throw new NotFound();
    return MeResponse.of(user, tenant, by, await this.mfa.methodsOf(by.userId));
  }
}
