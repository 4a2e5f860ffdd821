import { Body, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ValidationFailed } from '../../../../kernel/domain-error';
import { AcceptsForm } from '../../../../platform/http/accepts-form';
import { Public } from '../../../../platform/http/access';
import { HashesPasswords } from '../../../../platform/http/hashes-passwords';
import { type LinkQuery, Page, tokenOf } from '../../../../platform/http/page';
import { type PageReply, Pages } from '../../../../platform/http/pages';
import { RateLimited } from '../../../../platform/http/rate-limited';
import { LookAtLink } from '../../application/mailbox/look-at-link';
import { ResetPassword } from '../../application/mailbox/reset-password';
import { MAILED_LINK_LIMIT } from '../mailed-link-limit';
import { NewPasswordForm } from './link-form.dto';

@Page('reset-password')
export class ResetPasswordPage {
  constructor(
    private readonly links: LookAtLink,
    private readonly resetPassword: ResetPassword,
    private readonly pages: Pages,
  ) {}

  /** Changes nothing, however often a mail scanner looks. */
  @Get()
  @Public()
  async show(@Query() query: LinkQuery, @Res({ passthrough: true }) reply: PageReply): Promise<string> {
    const token = tokenOf(query);
    await this.links.mustBeGood('password_reset', token);
    return this.pages.show(reply, 'reset-password', { token, problems: [] });
  }

  /** A password that may not be used is asked for once more: the link is as good as before. */
  @Post()
  @HttpCode(200)
  @AcceptsForm()
  @Public()
  @RateLimited(MAILED_LINK_LIMIT)
  @HashesPasswords('token')
  async confirm(@Body() form: NewPasswordForm, @Res({ passthrough: true }) reply: PageReply): Promise<string> {
    const { token, new_password: newPassword } = form;
    try {
      await this.resetPassword.execute({ kind: 'token', token }, newPassword);
      return this.pages.show(reply, 'password-reset', {});
    } catch (error) {
      if (!(error instanceof ValidationFailed)) throw error;
      const problems = error.violations.map(({ message }) => message);
      return this.pages.show(reply, 'reset-password', { token, problems }, 422);
    }
  }
}
