import { Body, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { AcceptsForm } from '../../../../platform/http/accepts-form';
import { Public } from '../../../../platform/http/access';
import { type LinkQuery, Page, tokenOf } from '../../../../platform/http/page';
import { type PageReply, Pages } from '../../../../platform/http/pages';
import { RateLimited } from '../../../../platform/http/rate-limited';
import { RequestContext } from '../../../../platform/http/request-context';
import { LookAtLink } from '../../application/mailbox/look-at-link';
import { UndoEmailChange } from '../../application/mailbox/undo-email-change';
import { MAILED_LINK_LIMIT } from '../mailed-link-limit';
import { LinkForm } from './link-form.dto';

@Page('undo-email-change')
export class UndoEmailChangePage {
  constructor(
    private readonly links: LookAtLink,
    private readonly undoChange: UndoEmailChange,
    private readonly context: RequestContext,
    private readonly pages: Pages,
  ) {}

  /** Changes nothing, however often a mail scanner looks. */
  @Get()
  @Public()
  async show(@Query() query: LinkQuery, @Res({ passthrough: true }) reply: PageReply): Promise<string> {
    const token = tokenOf(query);
    await this.links.mustBeGood('email_change_undo', token);
    return this.pages.show(reply, 'undo-email-change', { token });
  }

  @Post()
  @HttpCode(200)
  @AcceptsForm()
  @Public()
  @RateLimited(MAILED_LINK_LIMIT)
  async confirm(@Body() { token }: LinkForm, @Res({ passthrough: true }) reply: PageReply): Promise<string> {
    await this.undoChange.execute(token, this.context.origin.ipAddress);
    return this.pages.show(reply, 'email-change-undone', {});
  }
}
