import { Body, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ValidationFailed } from '../../../kernel/domain-error';
import { AcceptsForm } from '../../../platform/http/accepts-form';
import { Public } from '../../../platform/http/access';
import { DeviceCookie } from '../../../platform/http/device-cookie';
import { HashesPasswords } from '../../../platform/http/hashes-passwords';
import { type LinkQuery, Page, tokenOf } from '../../../platform/http/page';
import { type PageReply, Pages } from '../../../platform/http/pages';
import { RateLimited } from '../../../platform/http/rate-limited';
import type { DoorwardRequest } from '../../../platform/http/request';
import { RequestContext } from '../../../platform/http/request-context';
import { InvalidCredentials } from '../../identity/identity.facade';
import { InvitedByPage } from '../application/invited/invited-by-page';
import { AcceptInvitationForm } from './invitation-acceptance.dto';

type Refused = ValidationFailed | InvalidCredentials;

@Page('accept-invitation')
export class AcceptInvitationPage {
  constructor(
    private readonly invitation: InvitedByPage,
    private readonly device: DeviceCookie,
    private readonly context: RequestContext,
    private readonly pages: Pages,
  ) {}

  /** Changes nothing, however often a mail scanner looks. */
  @Get()
  @Public()
  async show(@Query() query: LinkQuery, @Res({ passthrough: true }) reply: PageReply): Promise<string> {
    return this.ask(tokenOf(query), reply, [], 200);
  }

  /** What may be typed once more is asked for once more: the link is as good as before. */
  @Post()
  @HttpCode(200)
  @AcceptsForm()
  @Public()
  @RateLimited({ name: 'mailed_link', by: 'address', everybody: true, uncounted: 'refuse' })
  @HashesPasswords('token')
  async accept(
    @Body() form: AcceptInvitationForm,
    @Req() request: DoorwardRequest,
    @Res({ passthrough: true }) reply: PageReply,
  ): Promise<string> {
    const { token, password } = form;
    const [firstName, lastName] = [form.first_name, form.last_name].map((name) => (name ? name : null));
    try {
      const client = this.context.origin;
      const deviceToken = this.device.tokenOf(request);
      const names = { firstName: firstName ?? null, lastName: lastName ?? null };
      const tenant = await this.invitation.accept(token, { password, ...names, client, deviceToken });
      return this.pages.show(reply, 'invitation-accepted', { tenant });
    } catch (error) {
      if (!(error instanceof ValidationFailed || error instanceof InvalidCredentials)) throw error;
      return this.ask(token, reply, problemsOf(error), error instanceof ValidationFailed ? 422 : 401);
    }
  }

  private async ask(token: string, reply: PageReply, problems: readonly string[], status: number): Promise<string> {
    const { tenantName: tenant, inviterName: inviter, role, email, hasAccount } = await this.invitation.look(token);
    const facts = { token, tenant, inviter, role, email, hasAccount, problems };
    return this.pages.show(reply, 'accept-invitation', facts, status);
  }
}

function problemsOf(error: Refused): readonly string[] {
  if (error instanceof ValidationFailed) return error.violations.map(({ message }) => message);
  return ['That is not the password of this account, or it cannot sign in at the moment.'];
}
