import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { Authenticated, EvenConfined } from '../../../platform/http/access';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { WhoAmI } from '../application/who-am-i';
import { MeResponse } from './signin.dto';

@ApiTags('Signing in')
@Controller('auth')
export class MeController {
  constructor(private readonly whoAmI: WhoAmI) {}

  /** Who the credential speaks for, and what it may do in the active tenant now. */
  @Get('me')
  @Authenticated()
  @EvenConfined()
  async me(@CurrentPrincipal() by: Principal): Promise<MeResponse> {
    const { user, tenant, methods } = await this.whoAmI.execute(by);
    return MeResponse.of(user, tenant, by, methods);
  }
}
