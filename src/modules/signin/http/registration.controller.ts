import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../../platform/http/access';
import { SignUp } from '../application/sign-up';
import { RegisterRequest, RegisterResponse } from './signin.dto';

@ApiTags('Signing in')
@Controller('auth')
export class RegistrationController {
  constructor(private readonly signUp: SignUp) {}

  /** Register a user, who owns a tenant from the first moment. */
  @Post('register')
  @Public('EMAIL_TAKEN', 'USERNAME_TAKEN', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  async register(@Body() body: RegisterRequest): Promise<RegisterResponse> {
    const result = await this.signUp.execute({
      email: body.email,
      password: body.password,
      username: body.username ?? null,
      firstName: body.first_name ?? null,
      lastName: body.last_name ?? null,
      tenantName: body.tenant_name ?? null,
      honeypot: isFilled(body.website_url),
    });
    return RegisterResponse.from(result);
  }
}

export function isFilled(field: string | null | undefined): boolean {
  return field !== undefined && field !== null && field !== '';
}
