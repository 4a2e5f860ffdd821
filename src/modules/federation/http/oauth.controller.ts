import { Controller, Get, HttpCode, Param, Query, Req, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { Public, PublicUnlessAsked } from '../../../platform/http/access';
import { DeviceCookie } from '../../../platform/http/device-cookie';
import { RateLimited } from '../../../platform/http/rate-limited';
import { BeginSignIn } from '../application/begin-sign-in';
import { Providers } from '../application/providers/providers.port';
import { BeginOauthQuery, OauthBegunResponse, OauthProvidersResponse } from './oauth.dto';
import { OauthCookie } from './oauth-cookie';
import { type BrowserReply, SignInScreen } from './sign-in-screen';
import { type BrowserRequest, wantsJson } from './wishes';

@ApiTags('Identity providers')
@Controller('auth/oauth')
export class OauthController {
  constructor(
    private readonly providers: Providers,
    private readonly beginning: BeginSignIn,
    private readonly cookie: OauthCookie,
    private readonly device: DeviceCookie,
    private readonly screen: SignInScreen,
  ) {}

  /** The identity providers one may sign in with. */
  @Get('providers')
  @Public()
  list(): OauthProvidersResponse {
    return OauthProvidersResponse.from(this.providers.list());
  }

  /**
   * Begin a sign-in at an identity provider, or with `link=true` the linking of an identity to one's own account. Browsers are
   * sent there; with `Accept: application/json` the answer says where. What was begun ends within ten minutes, in the browser
   * that has the cookie of this answer, or by the program that keeps `state`.
   */
  @Get(':provider/login')
  @HttpCode(200)
  @PublicUnlessAsked('link', 'NOT_FOUND', 'VALIDATION_FAILED')
  @RateLimited({ name: 'oauth', by: 'address', uncounted: 'refuse' })
  @ApiParam({ name: 'provider', example: 'google' })
  @ApiOkResponse({ description: 'Where to go, for programs.', type: OauthBegunResponse })
  @ApiFoundResponse({ description: 'To the provider.' })
  async begin(
    @Param('provider') provider: string,
    @Query() query: BeginOauthQuery,
    @Req() request: BrowserRequest,
    @Res({ passthrough: true }) reply: BrowserReply,
  ): Promise<OauthBegunResponse | string> {
    // Whoever only looks begins nothing.
    if (request.method === 'HEAD') return '';
    try {
      return await this.sendAway(provider, query, request, reply);
    } catch (error) {
      return this.screen.refuse(error, request, reply);
    }
  }

  private async sendAway(
    provider: string,
    { redirect_uri: redirectUri, tenant, link }: BeginOauthQuery,
    request: BrowserRequest,
    reply: BrowserReply,
  ): Promise<OauthBegunResponse | string> {
    const json = wantsJson(request);
    const isLink = link === 'true' || link === '1';
    const begun = await this.beginning.execute({
      ...{ provider, redirectUri: redirectUri ?? null, tenant: tenant ?? null },
      kind: json ? 'api' : 'browser',
      linker: isLink ? (request.user ?? null) : null,
      browserSecret: this.cookie.secretOf(request),
      deviceToken: this.device.tokenOf(request),
    });
    const { authorizationUrl, state } = begun;
    this.cookie.set(reply, begun.browserSecret, begun.expiresInSeconds);
    if (json) return Object.assign(new OauthBegunResponse(), { authorization_url: authorizationUrl.href, state });
    reply.status(302);
    reply.header('Location', authorizationUrl.href);
    return '';
  }
}
