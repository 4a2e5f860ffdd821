import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { FreshlySignedIn, Public } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RateLimited } from '../../../platform/http/rate-limited';
import { RequestContext } from '../../../platform/http/request-context';
import { ConfirmEmailChange } from '../application/mailbox/confirm-email-change';
import { RequestEmailChange } from '../application/mailbox/request-email-change';
import { SendVerification } from '../application/mailbox/send-verification';
import { UndoEmailChange } from '../application/mailbox/undo-email-change';
import { VerifyEmail } from '../application/mailbox/verify-email';
import { ChangeEmailRequest, MailboxProofRequest, MailRequest, UndoEmailChangeRequest } from './mailbox.dto';
import { MAILED_LINK_LIMIT } from './mailed-link-limit';

const TOKEN = { token: 'L0n6-t0ken-from-the-mailed-link-0123456789a' };
const CODE = { email: 'ann@example.com', code: '123456' };

@ApiTags('Signing in')
@Controller('auth/email')
export class EmailController {
  constructor(
    private readonly verifyEmail: VerifyEmail,
    private readonly verification: SendVerification,
    private readonly confirmChange: ConfirmEmailChange,
    private readonly undoChange: UndoEmailChange,
    private readonly context: RequestContext,
  ) {}

  /** Prove the address of an account by the link or the code that was mailed there. */
  @Post('verify')
  @HttpCode(204)
  @Public('TOKEN_INVALID_OR_EXPIRED', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @RateLimited(MAILED_LINK_LIMIT)
  @BodyExamples(MailboxProofRequest, { 'the link': TOKEN, 'the code': CODE })
  async verify(@Body() body: MailboxProofRequest): Promise<void> {
    await this.verifyEmail.execute(MailboxProofRequest.proofOf(body));
  }

  /** Have that mail sent once more. The answer is the same whether there is such an account or not. */
  @Post('verify/resend')
  @HttpCode(202)
  @Public('VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @RateLimited({ name: 'email_resend', by: 'address', everybody: true, uncounted: 'refuse' })
  @BodyExamples(MailRequest, { 'an address': { email: 'ann@example.com' } })
  async resend(@Body() { email }: MailRequest): Promise<void> {
    await this.verification.again(email);
  }

  /** Make the new address that of the account, by the link or the code that was mailed there. */
  @Post('change/confirm')
  @HttpCode(204)
  @Public('TOKEN_INVALID_OR_EXPIRED', 'EMAIL_TAKEN', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @RateLimited(MAILED_LINK_LIMIT)
  @BodyExamples(MailboxProofRequest, { 'the link': TOKEN, 'the code': CODE })
  async confirm(@Body() body: MailboxProofRequest): Promise<void> {
    await this.confirmChange.execute(MailboxProofRequest.proofOf(body), this.context.origin.ipAddress);
  }

  /** Take a change back, by the link that was mailed to the address the account had. Every session ends. */
  @Post('change/undo')
  @HttpCode(204)
  @Public('TOKEN_INVALID_OR_EXPIRED', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @RateLimited(MAILED_LINK_LIMIT)
  @BodyExamples(UndoEmailChangeRequest, { 'the link': TOKEN })
  async undo(@Body() { token }: UndoEmailChangeRequest): Promise<void> {
    await this.undoChange.execute(token, this.context.origin.ipAddress);
  }
}

@ApiTags('Signing in')
@Controller('auth/email')
export class EmailChangeController {
  constructor(
    private readonly requestChange: RequestEmailChange,
    private readonly context: RequestContext,
  ) {}

  /** Ask for another address. It takes effect when the mail sent there is answered; the former address is told. */
  @Post('change')
  @HttpCode(202)
  @FreshlySignedIn('VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @RateLimited({ name: 'email_change', by: 'caller', uncounted: 'refuse' })
  @BodyExamples(ChangeEmailRequest, { 'another address': { new_email: 'ann@example.org' } })
  async change(@CurrentPrincipal() by: Principal, @Body() { new_email: newEmail }: ChangeEmailRequest): Promise<void> {
    await this.requestChange.execute(by, { newEmail, ipAddress: this.context.origin.ipAddress });
  }
}
