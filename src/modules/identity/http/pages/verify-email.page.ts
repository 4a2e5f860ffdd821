import { Body, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { AcceptsForm } from '../../../../platform/http/accepts-form';
import { Public } from '../../../../platform/http/access';
import { type LinkQuery, Page, tokenOf } from '../../../../platform/http/page';
import { type PageReply, Pages } from '../../../../platform/http/pages';
import { RateLimited } from '../../../../platform/http/rate-limited';
import { LookAtLink } from '../../application/mailbox/look-at-link';
import { VerifyEmail } from '../../application/mailbox/verify-email';
import { MAILED_LINK_LIMIT } from '../mailed-link-limit';
import { LinkForm } from './link-form.dto';

@Page('verify-email')
export class VerifyEmailPage {
  constructor(
    private readonly links: LookAtLink,
    private readonly verifyEmail: VerifyEmail,
    private readonly pages: Pages,
  ) {}

  /** Changes nothing, however often a mail scanner looks. */
  @Get()
  @Public()
  async show(@Query() query: LinkQuery, @Res({ passthrough: true }) reply: PageReply): Promise<string> {
    const token = tokenOf(query);
    await this.links.mustBeGood('email_verification', token);
    return this.pages.show(reply, 'verify-email', { token });
  }

  @Post()
  @HttpCode(200)
  @AcceptsForm()
  @Public()
  @RateLimited(MAILED_LINK_LIMIT)
  async confirm(@Body() { token }: LinkForm, @Res({ passthrough: true }) reply: PageReply): Promise<string> {
    await this.verifyEmail.execute({ kind: 'token', token });
    return this.pages.show(reply, 'email-verified', {});
  }
}
