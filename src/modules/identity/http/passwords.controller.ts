import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { FreshlySignedIn } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { HashesPasswords } from '../../../platform/http/hashes-passwords';
import { RateLimited } from '../../../platform/http/rate-limited';
import { ChangePassword } from '../application/passwords/change-password';
import { ChangePasswordRequest } from './passwords.dto';

@ApiTags('Signing in')
@Controller('auth/password')
export class PasswordsController {
  constructor(private readonly changePassword: ChangePassword) {}

  /** Change the caller's password. Every other session of the user ends. */
  @Post('change')
  @HttpCode(204)
  @FreshlySignedIn('INVALID_CREDENTIALS', 'VALIDATION_FAILED', 'MALFORMED_REQUEST', 'OVERLOADED')
  @RateLimited({ name: 'password_change', by: 'caller', uncounted: 'serve' })
  @HashesPasswords()
  @BodyExamples(ChangePasswordRequest, {
    'a phrase': {
      current_password: 'correct horse battery staple',
      new_password: 'a wholly new phrase to remember',
    },
  })
  async change(@CurrentPrincipal() by: Principal, @Body() body: ChangePasswordRequest): Promise<void> {
    await this.changePassword.execute(by, body.current_password, body.new_password);
  }
}
