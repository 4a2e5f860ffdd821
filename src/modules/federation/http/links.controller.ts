import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { FreshlySignedIn, SignedIn } from '../../../platform/http/access';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { OwnLinks } from '../application/links/own-links';
import { UnlinkIdentity } from '../application/links/unlink-identity';
import { LinkedAccountsResponse, ProviderTokensResponse } from './oauth.dto';

@ApiTags('Identity providers')
@Controller('auth/oauth/links')
export class LinksController {
  constructor(
    private readonly links: OwnLinks,
    private readonly unlinking: UnlinkIdentity,
  ) {}

  /** The identities that open your account. */
  @Get()
  @SignedIn()
  async list(@CurrentPrincipal() { userId }: Principal): Promise<LinkedAccountsResponse> {
    return LinkedAccountsResponse.from(await this.links.list(userId));
  }

  /**
   * Take an identity from your account; other sessions end. The last way in stays: refused where there is no password and no
   * other identity.
   */
  @Delete(':provider')
  @HttpCode(204)
  @FreshlySignedIn('NOT_FOUND', 'CONFLICT')
  @ApiParam({ name: 'provider', example: 'google' })
  async unlink(@CurrentPrincipal() by: Principal, @Param('provider') provider: string): Promise<void> {
    await this.unlinking.execute(by, provider);
  }

  /** The tokens a provider gave, where they are kept (OAUTH_KEEP_PROVIDER_TOKENS). */
  @Get(':provider/tokens')
  @FreshlySignedIn('NOT_FOUND')
  @ApiParam({ name: 'provider', example: 'google' })
  async tokens(
    @CurrentPrincipal() by: Principal,
    @Param('provider') provider: string,
  ): Promise<ProviderTokensResponse> {
    return ProviderTokensResponse.from(await this.links.tokens(by, provider));
  }
}
