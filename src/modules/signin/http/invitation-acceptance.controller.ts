import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { CredentialsAmbiguous } from '../../../kernel/domain-error';
import { PublicKnowingCaller } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { DeviceCookie } from '../../../platform/http/device-cookie';
import { HashesPasswords } from '../../../platform/http/hashes-passwords';
import { RateLimited } from '../../../platform/http/rate-limited';
import { RefreshCookie } from '../../../platform/http/refresh-cookie';
import type { DoorwardRequest } from '../../../platform/http/request';
import { RequestContext } from '../../../platform/http/request-context';
import { MailboxProofRequest } from '../../identity/mailbox.facade';
import { SessionsFacade } from '../../tokens/sessions.facade';
import { AcceptInvitation } from '../application/invited/accept-invitation';
import { AcceptInvitationRequest } from './invitation-acceptance.dto';
import { AnswersSignIn, responseOf, type SignInResponse } from './signed-in-or-challenged';

const DEVICE_TOKEN = {
  name: 'X-Device-Token',
  required: false,
  description: 'The `device_token` of an earlier sign-in of this device; browsers send it as a cookie.',
};
const PASSWORD = { password: 'correct horse battery staple' };
const TOKEN = { token: 'Jk4mZl2…' };

@ApiTags('Signing in')
@Controller('auth/invitations')
export class InvitationAcceptanceController {
  constructor(
    private readonly acceptance: AcceptInvitation,
    private readonly sessions: SessionsFacade,
    private readonly cookie: RefreshCookie,
    private readonly device: DeviceCookie,
    private readonly context: RequestContext,
  ) {}

  /**
   * Become a member of the tenant that invited, and go on there. Who has no account gets one; who has one sends its
   * password, or the access token of a session of theirs, which is then in that tenant. Who is asked for a second factor
   * has joined already.
   */
  @Post('accept')
  @HttpCode(200)
  @PublicKnowingCaller(
    'TOKEN_INVALID_OR_EXPIRED',
    'INVALID_CREDENTIALS',
    'TOKEN_MISSING',
    'TOKEN_INVALID',
    'TOKEN_EXPIRED',
    'API_KEY_INVALID',
    'INSUFFICIENT_PERMISSIONS',
    'MFA_REQUIRED',
    'MFA_ENROLMENT_REQUIRED',
    'TENANT_SUSPENDED',
    'CROSS_SITE_REQUEST',
    'QUOTA_EXCEEDED',
    'EMAIL_TAKEN',
    'VALIDATION_FAILED',
    'MALFORMED_REQUEST',
    'OVERLOADED',
  )
  @RateLimited({ name: 'mailed_link', by: 'address', uncounted: 'refuse' })
  @HashesPasswords('token')
  @ApiHeader(DEVICE_TOKEN)
  @AnswersSignIn()
  @BodyExamples(AcceptInvitationRequest, {
    'by the link': { ...TOKEN, ...PASSWORD, first_name: 'Bob', last_name: 'Example' },
    'by the code': { email: 'bob@example.com', code: '123456', ...PASSWORD },
    'by a user who is signed in': TOKEN,
  })
  async accept(@Body() body: AcceptInvitationRequest, @Req() request: DoorwardRequest): Promise<SignInResponse> {
    const password = body.password ?? null;
    if (password === null) this.answerInKind(request);
    const result = await this.acceptance.execute({
      proof: MailboxProofRequest.proofOf(body),
      password,
      firstName: body.first_name ?? null,
      lastName: body.last_name ?? null,
      by: request.user ?? null,
      disbelief: request.disbelief ?? null,
      client: this.context.origin,
      deviceToken: this.device.tokenOf(request),
    });
    return responseOf(result);
  }

  /** A browser that keeps the refresh token of this session in the cookie would go on sending the spent one. */
  private answerInKind(request: DoorwardRequest): void {
    const kept = this.cookie.peek(request);
    const session = kept === null ? null : this.sessions.sessionNamedBy(kept);
    const own = request.user?.sessionId ?? null;
    if (session === null || own === null) return;
    if (session !== own) throw new CredentialsAmbiguous();
    this.cookie.answerInKind(request);
  }
}
