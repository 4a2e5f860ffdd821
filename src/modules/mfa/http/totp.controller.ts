import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { EvenConfined, FreshlySignedIn } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RateLimited } from '../../../platform/http/rate-limited';
import { ConfirmFactor } from '../application/confirm-factor';
import { SetUpTotp } from '../application/totp/set-up-totp';
import { EnrolledResponse } from './factors.dto';
import { SetUpTotpRequest, SetUpTotpResponse, VerifyTotpRequest } from './totp.dto';

@ApiTags('Second factors')
@Controller('mfa/totp')
export class TotpController {
  constructor(
    private readonly setUpTotp: SetUpTotp,
    private readonly confirmFactor: ConfirmFactor,
  ) {}

  /**
   * Begin to set an authenticator app up: its secret, as a text and as a picture, and ten backup codes. Nothing changes
   * before a code of it is shown within the hour.
   */
  @Post('setup')
  @HttpCode(200)
  @FreshlySignedIn('CONFLICT', 'NOT_FOUND', 'VALIDATION_FAILED', 'MALFORMED_REQUEST', 'OVERLOADED')
  @EvenConfined()
  @RateLimited({ name: 'factors', by: 'caller', uncounted: 'refuse' })
  @BodyExamples(SetUpTotpRequest, { 'as this service is set up': {}, 'by a name': { issuer: 'Acme' } }, false)
  async setUp(@CurrentPrincipal() by: Principal, @Body() body: SetUpTotpRequest): Promise<SetUpTotpResponse> {
    return SetUpTotpResponse.from(await this.setUpTotp.execute(by, SetUpTotpRequest.issuerOf(body)));
  }

  /**
   * Confirm the authenticator app by a code of it: from now on signing in asks for one. The caller's other sessions end,
   * and older backup codes.
   */
  @Post('verify')
  @HttpCode(200)
  @FreshlySignedIn('MFA_CODE_INVALID', 'CONFLICT', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @EvenConfined()
  @RateLimited({ name: 'factors', by: 'caller', uncounted: 'refuse' })
  @BodyExamples(VerifyTotpRequest, { 'what the app shows': { totp_code: '123456' } })
  async verify(@CurrentPrincipal() by: Principal, @Body() body: VerifyTotpRequest): Promise<EnrolledResponse> {
    await this.confirmFactor.execute(by, 'totp', body.totp_code);
    return EnrolledResponse.yes();
  }
}
