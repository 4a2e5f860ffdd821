import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  Configuration,
  customFetch,
  enableNonRepudiationChecks,
  fetchUserInfo,
  getJwksCache,
  type IDToken,
  setJwksCache,
  type TokenEndpointResponse,
} from 'openid-client';
import type { ProviderSettings } from '../../../../platform/config/settings';
import type { Clock } from '../../../../platform/time/clock';
import {
  type Answer,
  IdentityProvider,
  type Opening,
  type ProviderTokens,
  type Redeemed,
} from '../../application/providers/identity-provider.port';
import { ProviderAnswerRefused } from '../../domain/errors';
import { challengeOf } from '../code-challenge';
import type { ProviderCalls, ProviderFetch } from '../provider-calls';
import { endOfTokens, textTold } from '../told';
import { clientAuthentication } from './client-authentication';
import { extensionsFor, issuerFetch } from './issuer-fetch';
import { IssuerMetadata, type KnownIssuer } from './issuer-metadata';
import { refusalOf, unavailableBy } from './oidc-failure';
import { type Claims, provenByClaims } from './proven-by-claims';

/** Any issuer of OpenID Connect, by its metadata. */
export class OidcProvider extends IdentityProvider {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  private readonly metadata: IssuerMetadata;

  constructor(
    private readonly settings: ProviderSettings,
    private readonly calls: ProviderCalls,
    private readonly clock: Clock,
  ) {
    super();
    ({ id: this.id, name: this.name, issuer: this.issuer } = settings);
    this.metadata = new IssuerMetadata(settings.issuer, clock);
  }

  authorizationUrl(opening: Opening): Promise<URL> {
    return this.calls.ask(this.id, async (fetch) => {
      const configuration = this.configured(await this.metadata.get(issuerFetch(fetch)), fetch);
      try {
        return buildAuthorizationUrl(configuration, {
          redirect_uri: new URL(opening.redirectUri).href,
          scope: this.settings.scopes.join(' '),
          state: opening.state,
          nonce: opening.nonce,
          code_challenge: challengeOf(opening.codeVerifier),
          code_challenge_method: 'S256',
        });
      } catch (error) {
        throw unavailableBy(error);
      }
    });
  }

  redeem(answer: Answer, opening: Opening): Promise<Redeemed> {
    return this.calls.ask(this.id, async (fetch) => {
      const known = await this.metadata.get(issuerFetch(fetch));
      this.mustBeOfIssuer(answer, known);
      const configuration = this.configured(known, fetch);
      try {
        return await this.redeemed(configuration, answer, opening);
      } finally {
        known.keys = getJwksCache(configuration) ?? known.keys;
      }
    });
  }

  /** The client of one question: its requests share what time there is for it. */
  private configured({ metadata, keys }: KnownIssuer, fetch: ProviderFetch): Configuration {
    const { clientId, clientSecret, issuer } = this.settings;
    const authentication = clientAuthentication(metadata, clientSecret);
    const configuration = new Configuration(metadata, clientId, undefined, authentication);
    configuration[customFetch] = issuerFetch(fetch);
    enableNonRepudiationChecks(configuration);
    if (keys) setJwksCache(configuration, keys);
    for (const extend of extensionsFor(issuer)) extend(configuration);
    return configuration;
  }

  /**
   * RFC 9207, 2.4. By the contract a program passes on no more than code and state: that each provider has an address of
   * its own to answer at keeps them apart then (RFC 9700, 4.4.2.2). Throws ProviderAnswerRefused.
   */
  private mustBeOfIssuer({ issuer }: Answer, { metadata }: KnownIssuer): void {
    if (issuer === undefined) return;
    const isSaid = metadata.authorization_response_iss_parameter_supported === true;
    const isOther = issuer === null ? isSaid : issuer !== this.issuer;
    if (isOther) throw new ProviderAnswerRefused('other_issuer');
  }

  private async redeemed(configuration: Configuration, answer: Answer, opening: Opening): Promise<Redeemed> {
    const came = new URL(opening.redirectUri);
    came.search = new URLSearchParams({ code: answer.code, state: opening.state, iss: this.issuer }).toString();
    const checks = {
      pkceCodeVerifier: opening.codeVerifier,
      expectedState: opening.state,
      expectedNonce: opening.nonce,
      idTokenExpected: true,
    };
    const tokens = await authorizationCodeGrant(configuration, came, checks).catch((error: unknown) => {
      throw refusalOf(error, 'token_not_believed');
    });
    const claims = this.believed(tokens.claims());
    const identity = provenByClaims(this.settings, claims, await this.more(configuration, tokens, claims));
    return { identity, tokens: this.tokensOf(tokens) };
  }

  /** What the package leaves to us (OpenID Connect Core 1.0, 3.1.3.7). Throws ProviderAnswerRefused. */
  private believed(claims: IDToken | undefined): IDToken {
    const isOurs = claims !== undefined && (claims.azp === undefined || claims.azp === this.settings.clientId);
    if (!isOurs || claims.iat > claims.exp) throw new ProviderAnswerRefused('token_not_believed');
    return claims;
  }

  /** Of the userinfo endpoint, where the ID token has no address and one was asked for. */
  private async more(configuration: Configuration, tokens: TokenEndpointResponse, claims: IDToken): Promise<Claims> {
    const hasMore = configuration.serverMetadata().userinfo_endpoint !== undefined;
    if (claims['email'] !== undefined || !hasMore || !this.settings.scopes.includes('email')) return {};
    return fetchUserInfo(configuration, tokens.access_token, claims.sub).catch((error: unknown) => {
      throw refusalOf(error, 'other_subject');
    });
  }

  private tokensOf(tokens: TokenEndpointResponse): ProviderTokens {
    return {
      accessToken: tokens.access_token,
      refreshToken: textTold(tokens.refresh_token),
      expiresAt: endOfTokens(this.clock.now(), tokens.expires_in),
      scope: textTold(tokens.scope),
    };
  }
}
