import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { AcceptsForm } from '../../../platform/http/accepts-form';
import { Public } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { DeviceCookie } from '../../../platform/http/device-cookie';
import { HashesPasswords } from '../../../platform/http/hashes-passwords';
import { RateLimited } from '../../../platform/http/rate-limited';
import type { DoorwardRequest } from '../../../platform/http/request';
import { RequestContext } from '../../../platform/http/request-context';
import { SignIn } from '../application/sign-in';
import { isFilled } from './honeypot';
import { AnswersSignIn, responseOf, type SignInResponse } from './signed-in-or-challenged';
import { LoginRequest, TokenRequest } from './signin.dto';

/** One budget, whichever way it is asked. */
const SIGN_IN_LIMIT = {
  name: 'login',
  by: 'address',
  account: 'username',
  everybody: true,
  uncounted: 'refuse',
} as const;
const DEVICE_TOKEN = {
  name: 'X-Device-Token',
  required: false,
  description: 'The `device_token` of an earlier sign-in of this device; browsers send it as a cookie.',
};
const ANN = { username: 'ann@example.com', password: 'correct horse battery staple' };

@ApiTags('Signing in')
@Controller('auth')
export class SignInController {
  constructor(
    private readonly signIn: SignIn,
    private readonly context: RequestContext,
    private readonly device: DeviceCookie,
  ) {}

  /** Sign in with e-mail address or username, and password. Who has a second factor is asked for it next. */
  @Post('login')
  @HttpCode(200)
  @AcceptsForm()
  @Public('INVALID_CREDENTIALS', 'CROSS_SITE_REQUEST', 'VALIDATION_FAILED', 'MALFORMED_REQUEST', 'OVERLOADED')
  @RateLimited(SIGN_IN_LIMIT)
  @HashesPasswords('username')
  @ApiHeader(DEVICE_TOKEN)
  @AnswersSignIn()
  @BodyExamples(LoginRequest, {
    'by e-mail address': ANN,
    'by username, into a tenant': { ...ANN, username: 'ann', tenant: 'acme' },
  })
  login(@Body() body: LoginRequest, @Req() request: DoorwardRequest): Promise<SignInResponse> {
    return this.signInWith(body, request);
  }

  /** The same, as the password form of OAuth 2. */
  @Post('token')
  @HttpCode(200)
  @AcceptsForm()
  @Public('INVALID_CREDENTIALS', 'CROSS_SITE_REQUEST', 'VALIDATION_FAILED', 'MALFORMED_REQUEST', 'OVERLOADED')
  @RateLimited(SIGN_IN_LIMIT)
  @HashesPasswords('username')
  @ApiHeader(DEVICE_TOKEN)
  @AnswersSignIn()
  @BodyExamples(TokenRequest, { 'a password grant': { grant_type: 'password', ...ANN } })
  token(@Body() body: TokenRequest, @Req() request: DoorwardRequest): Promise<SignInResponse> {
    return this.signInWith(body, request);
  }

  private async signInWith(body: LoginRequest, request: DoorwardRequest): Promise<SignInResponse> {
    const result = await this.signIn.execute({
      login: body.username,
      password: body.password,
      // A form sends its empty fields too.
      tenant: body.tenant === undefined || body.tenant === '' ? null : body.tenant,
      honeypot: isFilled(body.website_url),
      client: this.context.origin,
      deviceToken: this.device.tokenOf(request),
      // A form sends words.
      rememberDevice: String(body.remember_device) === 'true',
    });
    return responseOf(result);
  }
}
