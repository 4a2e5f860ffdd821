/** A public key (RFC 7517). */
export class JwkResponse {
  kid!: string;
  /** @example "EC" */
  kty!: string;
  /** @example "ES256" */
  alg!: string;
  /** @example "sig" */
  use!: string;
  /** @example "P-256" */
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;

  static from({ kid, kty, alg, use, crv, x, y, n, e }: Readonly<Record<string, string>>): JwkResponse {
    return Object.assign(new JwkResponse(), { kid, kty, alg, use, crv, x, y, n, e });
  }
}

export class JwksResponse {
  keys!: JwkResponse[];
}

/** RFC 8414, 2. There is no authorization endpoint, so no response type is supported. */
export class ServerMetadataResponse {
  issuer!: string;
  /** Left out with HS256, whose key is nobody's to know. */
  jwks_uri?: string;
  token_endpoint!: string;
  revocation_endpoint!: string;
  introspection_endpoint!: string;
  response_types_supported!: string[];
  grant_types_supported!: string[];
  token_endpoint_auth_methods_supported!: string[];
  revocation_endpoint_auth_methods_supported!: string[];
  /** An API key, sent as a bearer token. */
  introspection_endpoint_auth_methods_supported!: string[];
  scopes_supported!: string[];
  service_documentation!: string;

  static from(publicUrl: string, issuer: string, hasPublicKeys: boolean): ServerMetadataResponse {
    const auth = `${publicUrl}/api/v1/auth`;
    return Object.assign(new ServerMetadataResponse(), {
      issuer,
      ...(hasPublicKeys && { jwks_uri: `${publicUrl}/.well-known/jwks.json` }),
      token_endpoint: `${auth}/token`,
      revocation_endpoint: `${auth}/revoke`,
      introspection_endpoint: `${auth}/introspect`,
      response_types_supported: [],
      grant_types_supported: ['password'],
      token_endpoint_auth_methods_supported: ['none'],
      revocation_endpoint_auth_methods_supported: ['none'],
      introspection_endpoint_auth_methods_supported: ['Bearer'],
      scopes_supported: ['read', 'write'],
      service_documentation: `${publicUrl}/docs`,
    });
  }
}
