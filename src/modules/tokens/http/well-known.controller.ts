import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../../platform/http/access';
import { SigningKeys } from '../application/signing-keys.port';
import { JwkResponse, JwksResponse } from './tokens.dto';

@ApiTags('Discovery')
@Controller('.well-known')
export class WellKnownController {
  constructor(private readonly keys: SigningKeys) {}

  /** The public keys of access tokens (RFC 7517). May be kept for five minutes. */
  @Get('jwks.json')
  @Header('Cache-Control', 'public, max-age=300')
  @Public()
  async jwks(): Promise<JwksResponse> {
    const keys = await this.keys.publicKeys();
    return Object.assign(new JwksResponse(), { keys: keys.map((key) => JwkResponse.from(key)) });
  }
}
