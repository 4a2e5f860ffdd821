import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { MayBeLeftOut } from '../../../platform/http/may-be-left-out';
import type { LinkView } from '../application/links/own-links';
import type { IdentityProvider, ProviderTokens } from '../application/providers/identity-provider.port';

/** VSCHAR of RFC 6749, appendix A. */
const VISIBLE = /^[\x20-\x7e]+$/;

export class BeginOauthQuery {
  /**
   * Where the browser goes on once it is signed in: an address of OAUTH_REDIRECT_ORIGINS. Left out: a page says how it went.
   * @example "https://app.example.com/signed-in"
   */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(2000)
  redirect_uri?: string;

  /** Whether the identity is to be linked to the account of who is signed in. Needs a fresh sign-in. */
  @ApiProperty({ required: false, enum: ['true', '1', 'false', '0'] })
  @MayBeLeftOut()
  @IsIn(['true', '1', 'false', '0'], { message: 'This field must be true or false.' })
  link?: string;

  /**
   * Id or slug of the tenant to be active; left out: the user's oldest.
   * @example "acme"
   */
  @MayBeLeftOut()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  tenant?: string;
}

export class FinishOauthRequest {
  /** @example "google" */
  @IsString()
  @Matches(/^[a-z][a-z0-9_-]{0,31}$/, { message: 'This is not what a provider is called.' })
  provider!: string;

  /** What the provider sent. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(4096)
  @Matches(VISIBLE, { message: 'This is not a code of a provider.' })
  code!: string;

  /** What the sign-in was begun with. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(512)
  state!: string;

  /**
   * Who the provider says to be, where it sent that (RFC 9207).
   * @example "https://accounts.google.com"
   */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  @Matches(VISIBLE, { message: 'This is not an issuer.' })
  iss?: string | null;
}

export class OauthBegunResponse {
  /** Where the browser goes now. */
  authorization_url!: string;
  /** Comes back with the provider's answer: keep it, and compare. */
  state!: string;
}

export class OauthProviderResponse {
  /**
   * As it stands in addresses.
   * @example "google"
   */
  id!: string;
  /**
   * For people.
   * @example "Google"
   */
  name!: string;

  static from({ id, name }: IdentityProvider): OauthProviderResponse {
    return Object.assign(new OauthProviderResponse(), { id, name });
  }
}

export class OauthProvidersResponse {
  items!: OauthProviderResponse[];

  static from(providers: readonly IdentityProvider[]): OauthProvidersResponse {
    const items = providers.map((provider) => OauthProviderResponse.from(provider));
    return Object.assign(new OauthProvidersResponse(), { items });
  }
}

/** An identity of a provider that opens the caller's account. */
export class LinkedAccountResponse {
  /** @example "google" */
  provider!: string;
  /**
   * For people.
   * @example "Google"
   */
  name!: string;
  /**
   * What the provider said last.
   * @example "ann@example.com"
   */
  email!: string | null;
  /** @example "2026-11-21T12:00:00.000Z" */
  linked_at!: string;
  /** When it last answered for the account, and was not refused; null: never yet. */
  last_login_at!: string | null;

  static from({ provider, name, email, linkedAt, lastLoginAt }: LinkView): LinkedAccountResponse {
    return Object.assign(new LinkedAccountResponse(), {
      provider,
      name,
      email,
      linked_at: linkedAt.toISOString(),
      last_login_at: lastLoginAt?.toISOString() ?? null,
    });
  }
}

export class LinkedAccountsResponse {
  items!: LinkedAccountResponse[];

  static from(links: readonly LinkView[]): LinkedAccountsResponse {
    const items = links.map((link) => LinkedAccountResponse.from(link));
    return Object.assign(new LinkedAccountsResponse(), { items });
  }
}

/** What a provider gave, for whoever calls its API in the name of the user. */
export class ProviderTokensResponse {
  access_token!: string;
  refresh_token!: string | null;
  /** When the access token ends; null: the provider did not say. */
  expires_at!: string | null;
  /** @example "openid email profile" */
  scope!: string | null;

  static from({ accessToken, refreshToken, expiresAt, scope }: ProviderTokens): ProviderTokensResponse {
    return Object.assign(new ProviderTokensResponse(), {
      access_token: accessToken,
      refresh_token: refreshToken,
      expires_at: expiresAt?.toISOString() ?? null,
      scope,
    });
  }
}
