import { type CustomFetch, customFetch, discovery, type ExportedJWKSCache, type ServerMetadata } from 'openid-client';
import { isPrivateUrl } from '../../../../platform/config/formats';
import type { Clock } from '../../../../platform/time/clock';
import { ProviderUnavailable } from '../../domain/errors';
import { extensionsFor } from './issuer-fetch';
import { unavailableBy } from './oidc-failure';

const KEPT_MS = 3_600_000;

/** Signatures whose key the issuer alone has. `none` and shared secrets are no proof of who signed (RFC 8725, 3.1 and 3.2). */
const ALGORITHMS = new Set([
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]);
const NEEDED = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;

/** What is known of an issuer, and its keys as they were seen last. */
export type KnownIssuer = { readonly metadata: ServerMetadata; keys?: ExportedJWKSCache | undefined };

/** Asks an issuer for its metadata, once an hour; who asks meanwhile waits for the same answer. A failure is not kept. */
export class IssuerMetadata {
  private known: { readonly issuer: Promise<KnownIssuer>; readonly askedAtMs: number } | null = null;

  constructor(
    private readonly issuer: string,
    private readonly clock: Clock,
  ) {}

  /** Throws ProviderUnavailable. */
  async get(fetch: CustomFetch): Promise<KnownIssuer> {
    const now = this.clock.elapsedMs();
    if (!this.known || now - this.known.askedAtMs >= KEPT_MS) {
      this.known = { issuer: this.discover(fetch), askedAtMs: now };
    }
    const { known } = this;
    try {
      return await known.issuer;
    } catch (error) {
      if (this.known === known) this.known = null;
      throw unavailableBy(error);
    }
  }

  private async discover(fetch: CustomFetch): Promise<KnownIssuer> {
    const options = { [customFetch]: fetch, execute: extensionsFor(this.issuer) };
    const metadata = (await discovery(new URL(this.issuer), 'none', undefined, undefined, options)).serverMetadata();
    // OpenID Connect Discovery 1.0, 4.3: exactly. The package overlooks a slash, and what Microsoft does otherwise.
    if (metadata.issuer !== this.issuer) throw new ProviderUnavailable('ISSUER_NOT_AS_CONFIGURED');
    const addresses = NEEDED.map((field) => metadata[field] ?? '');
    if (addresses.includes('')) throw new ProviderUnavailable('METADATA_INCOMPLETE');
    if (!addresses.every(isPrivateUrl)) throw new ProviderUnavailable('ENDPOINT_NOT_HTTPS');
    return { metadata: { ...metadata, ...believable(metadata) } };
  }
}

/** What may sign, as far as the issuer says so. Throws ProviderUnavailable. */
function believable(metadata: ServerMetadata): Partial<ServerMetadata> {
  const { id_token_signing_alg_values_supported: said = ['RS256'], userinfo_signing_alg_values_supported: more = [] } =
    metadata;
  const [idToken, userinfo] = [said, more].map((list) => [list].flat().filter((name) => ALGORITHMS.has(name)));
  if (idToken?.length === 0) throw new ProviderUnavailable('NO_SIGNATURE_OF_ITS_OWN');
  return {
    ...(idToken && { id_token_signing_alg_values_supported: idToken }),
    ...(userinfo && { userinfo_signing_alg_values_supported: userinfo }),
  };
}
