import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { BEARER_SCHEME, PublicKnowingCaller } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { RefreshCookie } from '../../../platform/http/refresh-cookie';
import type { DoorwardReply, DoorwardRequest } from '../../../platform/http/request';
import { EndSession } from '../application/end-session';
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
  ) {}

  /** Exchange a refresh token, from the body or the cookie, for the next pair. */
  @Post('refresh')
  @HttpCode(200)
  @PublicKnowingCaller('REFRESH_TOKEN_INVALID', 'CROSS_SITE_REQUEST', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(RefreshRequest, { 'a refresh token': REFRESH }, false)
  async refresh(@Body() body: RefreshRequest, @Req() request: DoorwardRequest): Promise<TokenPairResponse> {
    const presented = this.cookie.orGiven(request, body.refresh_token);
    if (presented === null) throw new InvalidRefreshToken();
    return TokenPairResponse.from(await this.rotate.execute(presented, request.user?.sessionId ?? null));
  }

  /** End the session of the access token, or of the refresh token in the body or the cookie. */
  @Post('logout')
  @HttpCode(204)
  @PublicKnowingCaller(
    'TOKEN_MISSING',
    'TOKEN_INVALID',
    'TOKEN_EXPIRED',
    'API_KEY_INVALID',
    'REFRESH_TOKEN_INVALID',
    'CROSS_SITE_REQUEST',
    'VALIDATION_FAILED',
    'MALFORMED_REQUEST',
  )
  @BodyExamples(RefreshRequest, { 'with an access token alone': {}, 'with a refresh token': REFRESH }, false)
  @ApiBearerAuth(BEARER_SCHEME)
  async logout(
    @Body() body: RefreshRequest,
    @Req() request: DoorwardRequest,
    @Res({ passthrough: true }) reply: DoorwardReply,
  ): Promise<void> {
    const signedIn = request.user?.sessionId ?? null;
    const presented = this.cookie.orGiven(request, body.refresh_token);
    // Whatever the cookie is worth, the browser need not keep it.
    this.cookie.clear(request, reply);
    if (presented !== null) await this.endSession.executeByRefreshToken(presented, signedIn);
    else if (signedIn !== null) await this.endSession.executeById(signedIn);
    else if (!request.user) throw new CredentialRefused(request.disbelief ?? 'TOKEN_MISSING');
  }
}
