import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { DeviceCookie } from '../../../platform/http/device-cookie';
import { RateLimited } from '../../../platform/http/rate-limited';
import type { DoorwardRequest } from '../../../platform/http/request';
import { RequestContext } from '../../../platform/http/request-context';
import { TokenPairResponse } from '../../tokens/tokens.facade';
import { SendChallengeCode } from '../application/challenges/send-challenge-code';
import { VerifyChallenge } from '../application/challenges/verify-challenge';
import { SendChallengeCodeRequest, VerifyChallengeRequest } from './challenge.dto';

const CHALLENGE = { challenge_id: 'Jk4mZl2…' };
const LIMIT = { name: 'mfa', by: 'address', uncounted: 'refuse' } as const;

@ApiTags('Signing in')
@Controller('auth/mfa/challenge')
export class ChallengeController {
  constructor(
    private readonly verification: VerifyChallenge,
    private readonly sending: SendChallengeCode,
    private readonly context: RequestContext,
    private readonly device: DeviceCookie,
  ) {}

  /** Show the second factor that a sign-in asks for. One answer whyever it is refused; after five wrong codes sign in anew. */
  @Post('verify')
  @HttpCode(200)
  @Public('MFA_CODE_INVALID', 'CROSS_SITE_REQUEST', 'VALIDATION_FAILED', 'MALFORMED_REQUEST', 'OVERLOADED')
  @RateLimited(LIMIT)
  @BodyExamples(VerifyChallengeRequest, {
    'a code of an authenticator': { ...CHALLENGE, method: 'totp', code: '123456' },
    'a backup code, on a device to be spared from now on': {
      ...CHALLENGE,
      method: 'backup_codes',
      code: '7k2m-9xq4t-w3hzr',
      remember_device: true,
    },
  })
  async verify(@Body() body: VerifyChallengeRequest, @Req() request: DoorwardRequest): Promise<TokenPairResponse> {
    const { tokens, deviceToken } = await this.verification.execute({
      challengeId: body.challenge_id,
      method: body.method,
      code: body.code,
      rememberDevice: body.remember_device ?? null,
      client: this.context.origin,
      deviceToken: this.device.tokenOf(request),
    });
    return TokenPairResponse.from(tokens, deviceToken);
  }

  /** Have a code sent for a sign-in that asks for a second factor. The same answer whether one is. */
  @Post('send')
  @HttpCode(202)
  @Public('VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @RateLimited(LIMIT)
  @BodyExamples(SendChallengeCodeRequest, { 'by text message': { ...CHALLENGE, method: 'sms' } })
  async send(@Body() { challenge_id: token, method }: SendChallengeCodeRequest): Promise<void> {
    await this.sending.execute(token, method, this.context.origin.ipAddress);
  }
}
