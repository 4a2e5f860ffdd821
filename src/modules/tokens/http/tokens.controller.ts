import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CredentialsAmbiguous } from '../../../kernel/domain-error';
import type { SessionId } from '../../../kernel/ids';
import { BEARER_SCHEME, EvenConfined, PublicKnowingCaller } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { RefreshCookie } from '../../../platform/http/refresh-cookie';
import type { DoorwardReply, DoorwardRequest } from '../../../platform/http/request';
import { RequestContext } from '../../../platform/http/request-context';
import { EndSession } from '../application/sessions/end-session';
import { RotateRefreshToken } from '../application/rotate-refresh-token';
import { CredentialRefused, InvalidRefreshToken } from '../domain/errors';
import { RefreshRequest, TokenPairResponse } from './tokens.dto';

const REFRESH = { refresh_token: 'dwrt_…' };

@ApiTags('Signing in')
@Controller('auth')
export class TokensController {
  constructor(
    private readonly rotate: RotateRefreshToken,
    private readonly endSession: EndSession,
    private readonly cookie: RefreshCookie,
    private readonly context: RequestContext,
  ) {}

  /** Exchange a refresh token, from the body or the cookie, for the next pair. */
  @Post('refresh')
  @HttpCode(200)
  @PublicKnowingCaller(
    'REFRESH_TOKEN_INVALID',
    'INSUFFICIENT_PERMISSIONS',
    'CROSS_SITE_REQUEST',
    'VALIDATION_FAILED',
    'MALFORMED_REQUEST',
  )
  @EvenConfined()
  @BodyExamples(RefreshRequest, { 'a refresh token': REFRESH }, false)
  async refresh(@Body() body: RefreshRequest, @Req() request: DoorwardRequest): Promise<TokenPairResponse> {
    const presented = this.cookie.orGiven(request, body.refresh_token);
    if (presented === null) throw new InvalidRefreshToken();
    const alsoOf = sessionBeside(request);
    const client = this.context.origin;
    return TokenPairResponse.from(await this.rotate.execute({ refreshToken: presented, alsoOf, client }));
  }

  /** End the session of the access token, or of the refresh token in the body or the cookie. */
  @Post('logout')
  @HttpCode(204)
  @PublicKnowingCaller(
    'TOKEN_MISSING',
    'TOKEN_INVALID',
    'TOKEN_EXPIRED',
    'API_KEY_INVALID',
    'INSUFFICIENT_PERMISSIONS',
    'REFRESH_TOKEN_INVALID',
    'CROSS_SITE_REQUEST',
    'VALIDATION_FAILED',
    'MALFORMED_REQUEST',
  )
  @EvenConfined()
  @BodyExamples(RefreshRequest, { 'with an access token alone': {}, 'with a refresh token': REFRESH }, false)
  @ApiBearerAuth(BEARER_SCHEME)
  async logout(
    @Body() body: RefreshRequest,
    @Req() request: DoorwardRequest,
    @Res({ passthrough: true }) reply: DoorwardReply,
  ): Promise<void> {
    const presented = this.cookie.orGiven(request, body.refresh_token);
    if (presented === null && request.user?.kind === 'api_key') throw new CredentialRefused('INSUFFICIENT_PERMISSIONS');
    const signedIn = sessionBeside(request);
    // Whatever the cookie is worth, the browser need not keep it.
    this.cookie.clear(request, reply);
    if (presented !== null) await this.endSession.executeByRefreshToken(presented, signedIn);
    else if (signedIn !== null) await this.endSession.executeById(signedIn);
    else if (!request.user) throw new CredentialRefused(request.disbelief ?? 'TOKEN_MISSING');
  }
}

/** The session of an access token sent along. An API key beside a refresh token is a second credential. */
function sessionBeside({ user }: DoorwardRequest): SessionId | null {
  if (user?.kind === 'api_key') throw new CredentialsAmbiguous();
  return user?.sessionId ?? null;
}
