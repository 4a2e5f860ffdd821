import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { Public, RequiresApiKey } from '../../../platform/http/access';
import { AcceptsForm } from '../../../platform/http/accepts-form';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { IntrospectToken } from '../application/introspect-token';
import { RevokeToken } from '../application/revoke-token';
import { IntrospectionResponse, TokenStatusRequest } from './token-status.dto';

const TOKEN = { token: 'eyJ…', token_type_hint: 'access_token' };

@ApiTags('Tokens')
@Controller('auth')
export class TokenStatusController {
  constructor(
    private readonly introspection: IntrospectToken,
    private readonly revocation: RevokeToken,
  ) {}

  /** Whether a token is in force in the tenant of the API key, and what it may do now (RFC 7662). */
  @Post('introspect')
  @HttpCode(200)
  @AcceptsForm()
  @RequiresApiKey('token:introspect', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(TokenStatusRequest, { 'an access token': TOKEN })
  async introspect(
    @CurrentPrincipal() by: Principal,
    @Body() { token }: TokenStatusRequest,
  ): Promise<IntrospectionResponse> {
    return IntrospectionResponse.from(await this.introspection.execute(by, token));
  }

  /** End the session a token belongs to (RFC 7009). The same answer for a token that is none. */
  @Post('revoke')
  @HttpCode(200)
  @AcceptsForm()
  @Public('VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(TokenStatusRequest, { 'a refresh token': { token: 'dwrt_…', token_type_hint: 'refresh_token' } })
  async revoke(@Body() { token }: TokenStatusRequest): Promise<void> {
    await this.revocation.execute(token);
  }
}
