import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ProcessSettings, TokenSettings } from '../../../platform/config/settings';
import { Public } from '../../../platform/http/access';
import { JWKS_MAX_AGE_SECONDS } from '../application/signing-keys/key-times';
import { SigningKeys } from '../application/signing-keys/signing-keys.port';
import { JwkResponse, JwksResponse, ServerMetadataResponse } from './well-known.dto';

/** Shorter than a key is published before it signs: whoever keeps a copy that long knows every key in time. */
const KEPT = `public, max-age=${JWKS_MAX_AGE_SECONDS}`;

@ApiTags('Discovery')
@Controller('.well-known')
export class WellKnownController {
  constructor(
    private readonly keys: SigningKeys,
    private readonly server: ProcessSettings,
    private readonly tokens: TokenSettings,
  ) {}

  /** The public keys of access tokens (RFC 7517), the one that signs now first. May be kept for five minutes. */
  @Get('jwks.json')
  @Header('Cache-Control', KEPT)
  @Public()
  async jwks(): Promise<JwksResponse> {
    const keys = await this.keys.published();
    return Object.assign(new JwksResponse(), { keys: keys.map((key) => JwkResponse.from(key)) });
  }

  /** What OAuth 2 clients and resource servers configure themselves by (RFC 8414). May be kept for five minutes. */
  @Get('oauth-authorization-server')
  @Header('Cache-Control', KEPT)
  @Public()
  metadata(): ServerMetadataResponse {
    const { issuer, algorithm } = this.tokens;
    return ServerMetadataResponse.from(this.server.publicUrl, issuer, algorithm !== 'HS256');
  }
}
