import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { HashesPasswords } from '../../../platform/http/hashes-passwords';
import { RateLimited } from '../../../platform/http/rate-limited';
import { RequestPasswordReset } from '../application/mailbox/request-password-reset';
import { ResetPassword } from '../application/mailbox/reset-password';
import { MailboxProofRequest, MailRequest, ResetPasswordRequest } from './mailbox.dto';
import { MAILED_LINK_LIMIT } from './mailed-link-limit';

const NEW = { new_password: 'a wholly new phrase to remember' };

@ApiTags('Signing in')
@Controller('auth/password-reset')
export class PasswordResetController {
  constructor(
    private readonly requestReset: RequestPasswordReset,
    private readonly resetPassword: ResetPassword,
  ) {}

  /** Have a link mailed that sets a new password. The answer is the same whether there is such an account or not. */
  @Post('request')
  @HttpCode(202)
  @Public('VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @RateLimited({ name: 'password_reset', by: 'address', everybody: true, uncounted: 'refuse' })
  @BodyExamples(MailRequest, { 'an address': { email: 'ann@example.com' } })
  async request(@Body() { email }: MailRequest): Promise<void> {
    await this.requestReset.execute(email);
  }

  /** Set a new password by the link or the code that was mailed. Every session ends; sign in anew. */
  @Post('confirm')
  @HttpCode(204)
  @Public('TOKEN_INVALID_OR_EXPIRED', 'VALIDATION_FAILED', 'MALFORMED_REQUEST', 'OVERLOADED')
  @RateLimited(MAILED_LINK_LIMIT)
  @HashesPasswords('token')
  @BodyExamples(ResetPasswordRequest, {
    'the link': { token: 'L0n6-t0ken-from-the-mailed-link-0123456789a', ...NEW },
    'the code': { email: 'ann@example.com', code: '123456', ...NEW },
  })
  async confirm(@Body() body: ResetPasswordRequest): Promise<void> {
    await this.resetPassword.execute(MailboxProofRequest.proofOf(body), body.new_password);
  }
}
