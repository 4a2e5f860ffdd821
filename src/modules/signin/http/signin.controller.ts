import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AcceptsForm } from '../../../platform/http/accepts-form';
import { Public } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { RequestContext } from '../../../platform/http/request-context';
import { TokenPairResponse } from '../../tokens/tokens.facade';
import { SignIn } from '../application/sign-in';
import { isFilled } from './registration.controller';
import { LoginRequest, TokenRequest } from './signin.dto';

const ANN = { username: 'ann@example.com', password: 'correct horse battery staple' };

@ApiTags('Signing in')
@Controller('auth')
export class SignInController {
  constructor(
    private readonly signIn: SignIn,
    private readonly context: RequestContext,
  ) {}

  /** Sign in with e-mail address or username, and password. */
  @Post('login')
  @HttpCode(200)
  @AcceptsForm()
  @Public('INVALID_CREDENTIALS', 'CROSS_SITE_REQUEST', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(LoginRequest, {
    'by e-mail address': ANN,
    'by username, into a tenant': { ...ANN, username: 'ann', tenant: 'acme' },
  })
  login(@Body() body: LoginRequest): Promise<TokenPairResponse> {
    return this.signInWith(body);
  }

  /** The same, as the password form of OAuth 2. */
  @Post('token')
  @HttpCode(200)
  @AcceptsForm()
  @Public('INVALID_CREDENTIALS', 'CROSS_SITE_REQUEST', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(TokenRequest, { 'a password grant': { grant_type: 'password', ...ANN } })
  token(@Body() body: TokenRequest): Promise<TokenPairResponse> {
    return this.signInWith(body);
  }

  private async signInWith(body: LoginRequest): Promise<TokenPairResponse> {
    const pair = await this.signIn.execute({
      login: body.username,
      password: body.password,
      // A form sends its empty fields too.
      tenant: body.tenant === undefined || body.tenant === '' ? null : body.tenant,
      honeypot: isFilled(body.website_url),
      client: this.context.origin,
    });
    return TokenPairResponse.from(pair);
  }
}
