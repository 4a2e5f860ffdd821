import type { ProvenIdentity } from '../../domain/proven-identity';

/** What a sign-in was begun with, and what its answer is held to. */
export type Opening = {
  /** Comes back with the answer: which transaction it is of. */
  readonly state: string;
  /** Comes back within the ID token: that it was made for this very transaction (OpenID Connect Core 1.0, 3.1.2.1). */
  readonly nonce: string;
  /** RFC 7636: whoever redeems the code must know it. */
  readonly codeVerifier: string;
  /** Where the provider sends the browser: one address for each provider (RFC 9700, 4.4.2.2). */
  readonly redirectUri: string;
};

/** What came back by the browser. */
export type Answer = {
  readonly code: string;
  /** RFC 9207: who answers; null: the provider does not say; undefined: a program brings it, and does not pass that on. */
  readonly issuer: string | null | undefined;
};

/** Tokens of the provider, for whoever calls its API in the name of the user. */
export type ProviderTokens = {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresAt: Date | null;
  readonly scope: string | null;
};

export type Redeemed = { readonly identity: ProvenIdentity; readonly tokens: ProviderTokens };

/** Somebody else's sign-in. All it does ends within five seconds, one way or the other. */
export abstract class IdentityProvider {
  /** As it stands in addresses: `google`, `github`, or what OIDC_PROVIDERS calls it. */
  abstract readonly id: string;
  /** For people. */
  abstract readonly name: string;
  /** Whose subjects they are: an identity is an issuer and a subject, never an address (OA-03). */
  abstract readonly issuer: string;

  /** Where the browser is sent. Throws ProviderUnavailable. */
  abstract authorizationUrl(opening: Opening): Promise<URL>;

  /** Who it was that signed in there. Throws ProviderUnavailable; ProviderAnswerRefused: nobody is believed to be anybody. */
  abstract redeem(answer: Answer, opening: Opening): Promise<Redeemed>;
}
