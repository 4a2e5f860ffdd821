import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiFoundResponse,
  ApiOkResponse,
  ApiParam,
  ApiQuery,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { Public, PublicKnowingCaller } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { RateLimited } from '../../../platform/http/rate-limited';
import { MfaChallengeResponse, responseOf, type SignInResponse } from '../../signin/federated-entrance.facade';
import { TokenPairResponse } from '../../tokens/tokens.facade';
import { Finish } from '../application/finish/finish';
import { OwnLinks } from '../application/links/own-links';
import { OauthStateInvalid } from '../domain/errors';
import { answerIn } from './answer-in';
import { FinishOauthRequest, LinkedAccountResponse } from './oauth.dto';
import { OauthCookie } from './oauth-cookie';
import { Returning } from './returning';
import { type BrowserReply, SignInScreen } from './sign-in-screen';
import type { BrowserRequest } from './wishes';

const LIMIT = { name: 'oauth_callback', by: 'address', uncounted: 'refuse' } as const;
const ANSWERS = [TokenPairResponse, MfaChallengeResponse, LinkedAccountResponse];
const EXAMPLE = { provider: 'google', code: '4/0AX4XfWh', state: 'ddRqkSP3bKvWY8cR3Kk5Qq3Zq7v0bT0b5eIYQyqUjV8' };

/** What comes back from a provider: by the browser alone, or by a program. */
const REFUSALS = [
  'OAUTH_STATE_INVALID',
  'INVALID_CREDENTIALS',
  'EMAIL_TAKEN',
  'CONFLICT',
  'QUOTA_EXCEEDED',
  'NOT_FOUND',
] as const;

@ApiTags('Identity providers')
@Controller('auth/oauth')
export class OauthCallbackController {
  constructor(
    private readonly finishing: Finish,
    private readonly returning: Returning,
    private readonly links: OwnLinks,
    private readonly screen: SignInScreen,
    private readonly cookie: OauthCookie,
  ) {}

  /**
   * Where providers send browsers back to. Who is signed in by it goes on to the `redirect_uri` of the sign-in, with the
   * refresh token in a cookie and nothing added; who is refused, with `error` and nothing else. A browser without the cookie
   * of a sign-in that a program began goes there with `code`, and `iss` where the provider sent it, for that program, if the
   * settings name that very address. Where there is no `redirect_uri` a page says how it went.
   */
  @Get(':provider/callback')
  @HttpCode(200)
  @Public(...REFUSALS)
  @RateLimited(LIMIT)
  @ApiParam({ name: 'provider', example: 'google' })
  @ApiQuery({ name: 'state', required: true, type: String, description: 'What the sign-in was begun with.' })
  @ApiQuery({ name: 'code', required: false, type: String, description: 'What the provider gives.' })
  @ApiQuery({ name: 'error', required: false, type: String, description: 'Why it gives none.' })
  @ApiQuery({ name: 'iss', required: false, type: String, description: 'Who the provider says to be (RFC 9207).' })
  @ApiOkResponse({ description: 'A page.', content: { 'text/html': { schema: { type: 'string' } } } })
  @ApiFoundResponse({ description: 'To the `redirect_uri`, or to where the second factor is shown.' })
  async comeBack(
    @Param('provider') provider: string,
    // What a provider adds to its answer is its own affair, so unknown fields are not refused here.
    @Query() query: Record<string, unknown>,
    @Req() request: BrowserRequest,
    @Res({ passthrough: true }) reply: BrowserReply,
  ): Promise<string> {
    // Whoever only looks ends nothing.
    if (request.method === 'HEAD') return '';
    try {
      const said = answerIn(query);
      if (!said) return await this.finishing.malformed(provider);
      const traits = this.returning.byRedirect(request);
      const finished = await this.finishing.execute({ provider, ...said, ...traits });
      if (await this.finishing.isDone(finished, traits.bearer)) this.cookie.clear(reply);
      return this.screen.show(finished, said, request, reply);
    } catch (error) {
      return this.screen.refuse(error, request, reply);
    }
  }

  /**
   * End a sign-in at a provider with what came back from there, for programs that began it with
   * `Accept: application/json`. Ends the linking of an identity too, for who began it and is signed in.
   */
  @Post('callback')
  @HttpCode(200)
  @PublicKnowingCaller(...REFUSALS, 'CROSS_SITE_REQUEST', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @RateLimited(LIMIT)
  @ApiExtraModels(...ANSWERS)
  @ApiOkResponse({
    description: 'Tokens, or a challenge for the second factor; of a link, what is linked.',
    schema: { oneOf: ANSWERS.map((type) => ({ $ref: getSchemaPath(type) })) },
  })
  @BodyExamples(FinishOauthRequest, { 'a code of Google': EXAMPLE })
  async finish(
    @Body() { provider, code, state, iss }: FinishOauthRequest,
    @Req() request: BrowserRequest,
    @Res({ passthrough: true }) reply: BrowserReply,
  ): Promise<SignInResponse | LinkedAccountResponse> {
    const answer = { kind: 'code', answer: { code, issuer: iss ?? undefined } } as const;
    const traits = this.returning.byPost(request);
    const finished = await this.finishing.execute({ provider, state, answer, ...traits });
    if (await this.finishing.isDone(finished, traits.bearer)) this.cookie.clear(reply);
    switch (finished.kind) {
      case 'signed_in':
        return responseOf(finished.result);
      case 'linked':
        return LinkedAccountResponse.from(this.links.viewOf(finished.identity));
      case 'refused':
        throw finished.error;
      case 'handed_over':
        throw new OauthStateInvalid();
    }
  }
}
