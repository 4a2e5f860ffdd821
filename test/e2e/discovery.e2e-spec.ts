import { randomBytes } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { SigningKeysFacade } from '../../src/modules/tokens/signing-keys.facade';
import type { Answer } from '../support/client';
import { claimsOf } from '../support/key-holder';
import { expectProblem } from '../support/problems';
import { aService, type TestService } from '../support/service';

const METADATA = '//.well-known/oauth-authorization-server';
const JWKS = '//.well-known/jwks.json';
const KEPT = 'public, max-age=300';

/** Members of a JWK that are nobody's business (RFC 7518, 6). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Every name at any depth. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]);
}

describe('discovery', () => {
  let service: TestService;
  let metadata: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    service = await aService({ variables: { RATE_LIMITS: 'off' } });
    metadata = (await service.client.get(METADATA)).body;
  });
  afterAll(() => service.stop());

  /** An address of the document, asked of the service of this test. */
  const at = (name: string, method: string): Promise<Answer> => {
    const { origin, pathname } = new URL(String(metadata[name]));
    expect(origin).toBe('http://localhost:3000');
    return service.client.call(method, `/${pathname}`, {});
  };

  it('names the issuer and what is supported (RFC 8414)', () => {
    expect(metadata).toEqual({
      issuer: 'http://localhost:3000',
      jwks_uri: 'http://localhost:3000/.well-known/jwks.json',
      token_endpoint: 'http://localhost:3000/api/v1/auth/token',
      revocation_endpoint: 'http://localhost:3000/api/v1/auth/revoke',
      introspection_endpoint: 'http://localhost:3000/api/v1/auth/introspect',
      response_types_supported: [],
      grant_types_supported: ['password'],
      token_endpoint_auth_methods_supported: ['none'],
      revocation_endpoint_auth_methods_supported: ['none'],
      introspection_endpoint_auth_methods_supported: ['Bearer'],
      scopes_supported: ['read', 'write'],
      service_documentation: 'http://localhost:3000/docs',
    });
  });

  it('names endpoints that are there', async () => {
    expect((await at('jwks_uri', 'GET')).status).toBe(200);
    expect((await at('service_documentation', 'GET')).status).toBe(200);
    expectProblem(await at('token_endpoint', 'POST'), 422, 'VALIDATION_FAILED');
    expectProblem(await at('revocation_endpoint', 'POST'), 422, 'VALIDATION_FAILED');
    expectProblem(await at('introspection_endpoint', 'POST'), 401, 'TOKEN_MISSING');
    const endpoints = Object.keys(metadata).filter((name) => /_(endpoint|uri)$/.test(name));
    expect(endpoints.sort()).toEqual(['introspection_endpoint', 'jwks_uri', 'revocation_endpoint', 'token_endpoint']);
  });

  it('gives the grant it names, to whoever reads no more than it', async () => {
    await service.client.register('ann@example.com');
    const { pathname } = new URL(String(metadata.token_endpoint));
    const form = { grant_type: 'password', username: 'ann@example.com', password: 'correct horse battery staple' };
    const answer = await service.client.post(`/${pathname}`, { form });
    expect([answer.status, answer.body.token_type]).toEqual([200, 'bearer']);
    const keys = createRemoteJWKSet(new URL(`${service.url}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(answer.body.access_token, keys, {
      issuer: String(metadata.issuer),
      audience: 'doorward',
      typ: 'at+jwt',
    });
    expect(payload.sid).toBe(answer.body.session_id);
  });

  it('may be kept for five minutes, by anybody, and is read with or without a credential', async () => {
    for (const path of [METADATA, JWKS]) {
      const answer = await service.client.get(path);
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, KEPT]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      const withOldToken = await service.client.get(path, { token: 'an.old.token' });
      expect([withOldToken.status, withOldToken.text]).toEqual([200, answer.text]);
    }
  });

  it('is not there for other methods', async () => {
    for (const path of [METADATA, JWKS]) {
      expectProblem(await service.client.post(path), 405, 'METHOD_NOT_ALLOWED');
    }
  });

  it('publishes every key once, from before it signs until after, with public members alone', async () => {
    const kids = async (): Promise<unknown[]> => {
      const { body } = await service.client.get(JWKS);
      const keys = body.keys as Readonly<Record<string, unknown>>[];
      const names = namesIn(body);
      for (const name of PRIVATE) expect(names).not.toContain(name);
      for (const key of keys) expect(key).toMatchObject({ use: 'sig', alg: 'ES256', kty: 'EC', crv: 'P-256' });
      expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
      return keys.map(({ kid }) => kid);
    };
    await service.client.register('rotation@example.com');
    const kidOf = (token: string): unknown =>
      (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;
    const before = (await service.client.signedIn('rotation@example.com')).access;
    await service.app.get(SigningKeysFacade).rotate(true);
    const after = (await service.client.signedIn('rotation@example.com')).access;
    expect(kidOf(after)).not.toBe(kidOf(before));
    const published = await kids();
    expect(published[0]).toBe(kidOf(after));
    expect(published).toContain(kidOf(before));
    for (const token of [before, after]) expect((await service.client.get('/auth/me', { token })).status).toBe(200);
  });
});

describe('the key set', () => {
  it.each([
    ['ES256', ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'], { kty: 'EC', crv: 'P-256' }],
    ['EdDSA', ['alg', 'crv', 'kid', 'kty', 'use', 'x'], { kty: 'OKP', crv: 'Ed25519' }],
    ['RS256', ['alg', 'e', 'kid', 'kty', 'n', 'use'], { kty: 'RSA' }],
    ['PS256', ['alg', 'e', 'kid', 'kty', 'n', 'use'], { kty: 'RSA' }],
  ])('of %s has public members alone', async (algorithm, members, kind) => {
    const service = await aService({ variables: { JWT_ALGORITHM: algorithm } });
    const { body } = await service.client.get(JWKS);
    const keys = body.keys as Readonly<Record<string, string>>[];
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(members);
      expect(key).toMatchObject({ ...kind, alg: algorithm, use: 'sig' });
      if (key.n !== undefined) expect(Buffer.from(key.n, 'base64url').length).toBe(384);
    }
    await service.stop();
  });

  it('of HS256 is empty, and nobody is sent there: its key is a secret', async () => {
    const secret = randomBytes(32).toString('base64');
    const service = await aService({ variables: { JWT_ALGORITHM: 'HS256', JWT_SECRET: secret } });
    const answer = await service.client.get(JWKS);
    expect([answer.status, answer.text]).toEqual([200, '{"keys":[]}']);
    expect(answer.headers.get('cache-control')).toBe(KEPT);
    const { body } = await service.client.get(METADATA);
    expect(body).toMatchObject({ issuer: 'http://localhost:3000' });
    expect(body).not.toHaveProperty('jwks_uri');
    const { access: token } = await service.client.signedUp('ann@example.com');
    expect((await service.client.get('/auth/me', { token })).status).toBe(200);
    await service.stop();
  });
});

describe('the issuer', () => {
  it('is JWT_ISSUER where that is set, in the document and in tokens alike, and endpoints stay where they are', async () => {
    const issuer = 'https://issuer.example.com';
    const service = await aService({ variables: { JWT_ISSUER: issuer, PUBLIC_URL: 'https://auth.example.com' } });
    const { body } = await service.client.get(METADATA);
    expect(body).toMatchObject({
      issuer,
      token_endpoint: 'https://auth.example.com/api/v1/auth/token',
      jwks_uri: 'https://auth.example.com/.well-known/jwks.json',
    });
    const { access: token } = await service.client.signedUp('ann@example.com');
    expect(claimsOf(token).iss).toBe(issuer);
    expect((await service.client.get('/auth/me', { token })).status).toBe(200);
    await service.stop();
  });
});
