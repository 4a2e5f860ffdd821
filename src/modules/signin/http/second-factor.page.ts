import { Body, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { AcceptsForm } from '../../../platform/http/accepts-form';
import { Public } from '../../../platform/http/access';
import { DeviceCookie } from '../../../platform/http/device-cookie';
import { Page } from '../../../platform/http/page';
import type { PageReply } from '../../../platform/http/pages';
import { RateLimited } from '../../../platform/http/rate-limited';
import type { DoorwardReply, DoorwardRequest } from '../../../platform/http/request';
import { RequestContext } from '../../../platform/http/request-context';
import { SendChallengeCode } from '../application/challenges/send-challenge-code';
import { VerifyChallenge } from '../application/challenges/verify-challenge';
import { InvalidFactorCode } from '../domain/errors';
import { SECOND_FACTOR_PATH, type WaitingSignIn } from './second-factor-cookie';
import { SecondFactorForm, SendCodeForm } from './second-factor.dto';
import { SecondFactorScreen } from './second-factor-screen';

/** The same budget as over the API. */
const LIMIT = { name: 'mfa', by: 'address', uncounted: 'refuse' } as const;
const WRONG = 'That code is wrong, too old, or was used already.';

type Reply = PageReply & DoorwardReply;
type AnsweredQuery = { readonly sent?: unknown };

/** Where a browser that signs in through somebody else shows the second factor. The challenge is in its cookie alone. */
@Page('sign-in/second-factor')
export class SecondFactorPage {
  constructor(
    private readonly verification: VerifyChallenge,
    private readonly sending: SendChallengeCode,
    private readonly screen: SecondFactorScreen,
    private readonly device: DeviceCookie,
    private readonly context: RequestContext,
  ) {}

  /** Changes nothing. `sent` says by which method a code was asked for a moment ago. */
  @Get()
  @Public()
  show(
    @Query() { sent }: AnsweredQuery,
    @Req() request: DoorwardRequest,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.screen.ask(this.screen.waiting(request), reply, { chosen: sent, sent: true, problems: [] }, 200);
  }

  /** A wrong code may be followed by another one, as long as the challenge is good. */
  @Post()
  @HttpCode(200)
  @AcceptsForm()
  @Public()
  @RateLimited(LIMIT)
  async verify(
    @Body() { method, code, remember_device: remember }: SecondFactorForm,
    @Req() request: DoorwardRequest,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const waiting = this.screen.posted(request);
    if (!waiting) return this.screen.over(reply);
    try {
      const signedIn = await this.verification.execute({
        challengeId: waiting.challenge,
        method,
        code,
        rememberDevice: remember === 'true',
        client: this.context.origin,
        deviceToken: this.device.tokenOf(request),
      });
      return this.screen.leave(waiting, reply, signedIn);
    } catch (error) {
      if (!(error instanceof InvalidFactorCode)) throw error;
      return this.screen.ask(waiting, reply, { chosen: method, sent: false, problems: [WRONG] }, 401);
    }
  }

  /** Has a code sent, and leads back to where it is typed: whoever loads that again has none sent again. */
  @Post('send')
  @HttpCode(303)
  @AcceptsForm()
  @Public()
  @RateLimited(LIMIT)
  async send(
    @Body() { method }: SendCodeForm,
    @Req() request: DoorwardRequest,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const waiting: WaitingSignIn | null = this.screen.posted(request);
    if (waiting) await this.sending.execute(waiting.challenge, method, this.context.origin.ipAddress);
    reply.header('Location', `${SECOND_FACTOR_PATH}?sent=${method}`);
    return '';
  }
}
