import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { EvenConfined, SignedIn } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { HashesPasswords } from '../../../platform/http/hashes-passwords';
import { RateLimited } from '../../../platform/http/rate-limited';
import { SendStepUpCode } from '../application/step-up/send-step-up-code';
import { StepUp } from '../application/step-up/step-up';
import { SendCodeRequest } from './challenge.dto';
import { AccessTokenResponse, StepUpRequest } from './step-up.dto';

const LIMIT = { name: 'step_up', by: 'caller' } as const;

@ApiTags('Signing in')
@Controller('auth/step-up')
export class StepUpController {
  constructor(
    private readonly stepUp: StepUp,
    private readonly sending: SendStepUpCode,
  ) {}

  /** Prove again who you are, for what needs a fresh sign-in: an access token of the same session with a new `auth_time`. */
  @Post()
  @HttpCode(200)
  @SignedIn('INVALID_CREDENTIALS', 'MFA_CODE_INVALID', 'VALIDATION_FAILED', 'MALFORMED_REQUEST', 'OVERLOADED')
  @EvenConfined()
  @RateLimited({ ...LIMIT, uncounted: 'serve' })
  @HashesPasswords()
  @BodyExamples(StepUpRequest, {
    'the password': { password: 'correct horse battery staple' },
    'a code of an authenticator': { method: 'totp', code: '123456' },
  })
  async prove(@CurrentPrincipal() by: Principal, @Body() body: StepUpRequest): Promise<AccessTokenResponse> {
    return AccessTokenResponse.from(await this.stepUp.execute(by, StepUpRequest.proofOf(body)));
  }

  /** Have a code sent that proves who you are in this session. The same answer whether one is. */
  @Post('send')
  @HttpCode(202)
  @SignedIn('VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @EvenConfined()
  @RateLimited({ ...LIMIT, uncounted: 'refuse' })
  @BodyExamples(SendCodeRequest, { 'by text message': { method: 'sms' } })
  async send(@CurrentPrincipal() by: Principal, @Body() { method }: SendCodeRequest): Promise<void> {
    await this.sending.execute(by, method);
  }
}
