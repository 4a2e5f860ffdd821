import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { HashesPasswords } from '../../../platform/http/hashes-passwords';
import { RateLimited } from '../../../platform/http/rate-limited';
import { RequestContext } from '../../../platform/http/request-context';
import { SignUp } from '../application/sign-up';
import { isFilled } from './honeypot';
import { RegisterRequest, RegisterResponse } from './signin.dto';

const ANN = { email: 'ann@example.com', username: 'ann', password: 'correct horse battery staple' };

@ApiTags('Signing in')
@Controller('auth')
export class RegistrationController {
  constructor(
    private readonly signUp: SignUp,
    private readonly context: RequestContext,
  ) {}

  /** Register a user, who owns a tenant from the first moment. */
  @Post('register')
  @Public('EMAIL_TAKEN', 'USERNAME_TAKEN', 'VALIDATION_FAILED', 'MALFORMED_REQUEST', 'OVERLOADED')
  @RateLimited({ name: 'register', by: 'address', everybody: true, uncounted: 'refuse' })
  @HashesPasswords('email')
  @BodyExamples(RegisterRequest, {
    'a user': ANN,
    'a user who owns a tenant': { ...ANN, first_name: 'Ann', last_name: 'Example', tenant_name: 'Acme' },
  })
  async register(@Body() body: RegisterRequest): Promise<RegisterResponse> {
    const result = await this.signUp.execute({
      email: body.email,
      password: body.password,
      username: body.username ?? null,
      firstName: body.first_name ?? null,
      lastName: body.last_name ?? null,
      tenantName: body.tenant_name ?? null,
      honeypot: isFilled(body.website_url),
      ipAddress: this.context.origin.ipAddress,
    });
    return RegisterResponse.from(result);
  }
}
