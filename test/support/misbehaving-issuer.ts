import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

type Json = Readonly<Record<string, unknown>>;
type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** What stands in the place of an answer: JSON, another answer, or none at all. */
export type Misbehaviour =
  | { readonly kind: 'json'; readonly status?: number; readonly body: unknown }
  | {
      readonly kind: 'raw';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** Takes the request and says nothing. */
  | { readonly kind: 'hanging' }
  /** Begins, and sends a byte now and then for ever. */
  | { readonly kind: 'dripping' }
  /** Ten mebibytes of good JSON. */
  | { readonly kind: 'huge' }
  | { readonly kind: 'redirect'; readonly to: string }
  /** Hangs up. */
  | { readonly kind: 'cut' };

/** How a test has it answer wrongly. What is left out is right. */
export type Wrong = {
  /** Changes to the metadata; undefined removes a field. */
  readonly metadata?: Json;
  /** Changes to the claims of the ID token; undefined removes one. */
  readonly claims?: Json;
  /** How the ID token is signed; null: there is none. */
  readonly idToken?: ((claims: JWTPayload, issuer: MisbehavingIssuer) => Promise<string> | string) | null;
  /** Changes to the answer of the token endpoint; undefined removes a field. */
  readonly tokens?: Json;
  /** RFC 9207: `iss` in the redirect; null: it does not say. */
  readonly answeredBy?: string | null;
  readonly userinfo?: Json;
  /** Whole answers. */
  readonly at?: Partial<Readonly<Record<Endpoint, Misbehaviour>>>;
};

export type Endpoint = 'metadata' | 'token' | 'jwks' | 'userinfo';

const PATHS: Readonly<Record<string, Endpoint>> = {
  '/.well-known/openid-configuration': 'metadata',
  '/token': 'token',
  '/jwks': 'jwks',
  '/userinfo': 'userinfo',
};

/** An OpenID Connect issuer on loopback that does all as it should, but for what a test tells it to do wrongly. */
export class MisbehavingIssuer {
  readonly clientId = 'doorward.test';
  readonly clientSecret = 'a-secret-of-the-tests-that-is-long-enough-for-hs256';
  readonly subject = 'subject-1';
  /** How often each was asked for. */
  readonly asked: Record<Endpoint, number> = { metadata: 0, token: 0, jwks: 0, userinfo: 0 };
  /** What its client sent to the token endpoint. */
  readonly received: { readonly form: URLSearchParams; readonly authorization: string | undefined }[] = [];
  wrong: Wrong = {};
  key!: KeyPair;
  keyId = 'key-1';

  private readonly codes = new Map<string, { readonly nonce: string | null; readonly challenge: string | null }>();
  private readonly server: Server;
  private port = 0;

  private constructor() {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<MisbehavingIssuer> {
    const issuer = new MisbehavingIssuer();
    await issuer.rotate('key-1');
    await issuer.listen(0);
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** From now on it does all as it should, and knows of nothing it was asked. */
  reset(): void {
    this.wrong = {};
    this.received.length = 0;
    Object.assign(this.asked, { metadata: 0, token: 0, jwks: 0, userinfo: 0 });
  }

  /** Signs with a new key, and shows that one alone. */
  async rotate(keyId: string): Promise<void> {
    this.key = await generateKeyPair('ES256', { extractable: true });
    this.keyId = keyId;
  }

  /** What it sends the browser back with, which was sent to it with that address. */
  answerTo(authorizationUrl: string | URL): URL {
    const { searchParams: asked } = new URL(authorizationUrl);
    const code = `code-${this.codes.size + 1}`;
    this.codes.set(code, { nonce: asked.get('nonce'), challenge: asked.get('code_challenge') });
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    const { answeredBy = this.url } = this.wrong;
    if (answeredBy !== null) back.searchParams.set('iss', answeredBy);
    return back;
  }

  /** As it should be signed, but for the header and the key given. */
  sign(claims: JWTPayload, header: { readonly kid?: string } = {}, key = this.key): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: this.keyId, ...header }).sign(key.privateKey);
  }

  /** With a shared secret, which nobody else's signature may be. */
  signShared(claims: JWTPayload, secret: string): string {
    const signed = `${part({ alg: 'HS256', kid: this.keyId })}.${part(claims)}`;
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  }

  publicPem(): Promise<string> {
    return exportSPKI(this.key.publicKey);
  }

  /** Not there, until the answer is called. */
  async goAway(): Promise<() => Promise<void>> {
    const { port } = this;
    await this.stop();
    return () => this.listen(port);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.url);
    const body = (await buffer(request)).toString();
    if (pathname === '/authorize') {
      const back = this.answerTo(new URL(request.url ?? '/', this.url));
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    const endpoint = PATHS[pathname];
    if (endpoint === undefined) {
      response.writeHead(404).end();
      return;
    }
    this.asked[endpoint] += 1;
    const { authorization } = request.headers;
    if (endpoint === 'token') this.received.push({ form: new URLSearchParams(body), authorization });
    misbehave(response, this.wrong.at?.[endpoint] ?? { kind: 'json', ...(await this.right(endpoint, body)) });
  }

  private async right(endpoint: Endpoint, body: string): Promise<{ readonly status?: number; readonly body: unknown }> {
    switch (endpoint) {
      case 'metadata':
        return { body: { ...this.metadata(), ...this.wrong.metadata } };
      case 'jwks':
        return { body: { keys: [await this.publicKey()] } };
      case 'userinfo':
        return { body: { sub: this.subject, ...this.wrong.userinfo } };
      case 'token':
        return this.tokens(new URLSearchParams(body));
    }
  }

  private metadata(): Json {
    const { url } = this;
    return {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/jwks`,
      userinfo_endpoint: `${url}/userinfo`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256', 'HS256', 'none'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      authorization_response_iss_parameter_supported: true,
    };
  }

  private async publicKey(): Promise<JWK> {
    return { ...(await exportJWK(this.key.publicKey)), kid: this.keyId, use: 'sig', alg: 'ES256' };
  }

  private async tokens(form: URLSearchParams): Promise<{ readonly status?: number; readonly body: unknown }> {
    const code = form.get('code') ?? '';
    const begun = this.codes.get(code);
    this.codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (begun?.challenge !== challenge) return { status: 400, body: { error: 'invalid_grant' } };
    const now = Math.floor(Date.now() / 1000);
    const claims: JWTPayload = without({
      iss: this.url,
      sub: this.subject,
      aud: this.clientId,
      iat: now,
      exp: now + 300,
      nonce: begun.nonce,
      email: 'ann@example.com',
      email_verified: true,
      ...this.wrong.claims,
    });
    const { idToken = (right: JWTPayload) => this.sign(right) } = this.wrong;
    const tokens = { access_token: 'access-1', token_type: 'Bearer', expires_in: 3600, scope: 'openid email profile' };
    const id = idToken === null ? {} : { id_token: await idToken(claims, this) };
    return { body: { ...tokens, refresh_token: 'refresh-1', ...id, ...this.wrong.tokens } };
  }

  private async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }
}

/** Answers as it is told. */
export function misbehave(response: ServerResponse, how: Misbehaviour): void {
  switch (how.kind) {
    case 'json':
      response.writeHead(how.status ?? 200, { 'Content-Type': 'application/json' }).end(JSON.stringify(how.body));
      return;
    case 'raw':
      response.writeHead(how.status, how.headers).end(how.body);
      return;
    case 'hanging':
      return;
    case 'dripping': {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => {
        clearInterval(drip);
      });
      return;
    }
    case 'huge':
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ filling: 'x'.repeat(10 * 1024 * 1024) }));
      return;
    case 'redirect':
      response.writeHead(302, { Location: how.to }).end();
      return;
    case 'cut':
      response.destroy();
      return;
  }
}

/** RFC 7519, 6: a token anybody can make. */
export const unsigned = (claims: JWTPayload): string => `${part({ alg: 'none' })}.${part(claims)}.`;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Without what is undefined, as JSON has it. */
const without = (claims: Json): JWTPayload => JSON.parse(JSON.stringify(claims)) as JWTPayload;
