import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decode, type Algorithm, type JwtPayload, sign } from 'jsonwebtoken';
import type { Answer } from '../support/client';
import { expectProblem, masked } from '../support/problems';
import { aService, type TestService } from '../support/service';

type Header = Readonly<Record<string, unknown>>;

/** The service signs with a key the test holds too, so that every forgery but the one tested is perfect. */
describe('a token that is not one of ours', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  let service: TestService;
  let real: string;
  let claims: JwtPayload;
  let header: Header;

  beforeAll(async () => {
    service = await aService({ variables: { JWT_PRIVATE_KEY: pem } });
    real = (await service.client.signedUp('ann@example.com')).access;
    const decoded = decode(real, { complete: true });
    claims = decoded?.payload as JwtPayload;
    header = decoded?.header as unknown as Header;
  });
  afterAll(() => service.stop());

  const me = (token: string): Promise<Answer> => service.client.get('/auth/me', { token });
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  function forged(changes: {
    claims?: JwtPayload;
    header?: Header;
    without?: string;
    key?: KeyObject;
    algorithm?: Algorithm;
  }): string {
    const payload = Object.fromEntries(
      Object.entries({ ...claims, ...changes.claims }).filter(([name]) => name !== changes.without),
    );
    const algorithm = changes.algorithm ?? 'ES256';
    return sign(payload, changes.key ?? privateKey, {
      algorithm,
      noTimestamp: changes.without === 'iat',
      header: { ...header, ...changes.header, alg: algorithm },
      allowInvalidAsymmetricKeyTypes: true,
    });
  }

  const now = Math.floor(Date.now() / 1000);
  const hs256WithThePublicKey = (): string => {
    const publicPem = createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }) as string;
    const body = `${part({ ...header, alg: 'HS256' })}.${part(claims)}`;
    return `${body}.${createHmac('sha256', publicPem).update(body).digest('base64url')}`;
  };

  const forgeries: readonly [string, () => string][] = [
    ['signed with another key', () => forged({ key: other })],
    ['of algorithm none', () => `${part({ ...header, alg: 'none' })}.${part(claims)}.`],
    [
      'of algorithm None, with the real signature',
      () => `${part({ ...header, alg: 'None' })}.${part(claims)}.${real.split('.')[2] ?? ''}`,
    ],
    ['of HS256, keyed with the public key', hs256WithThePublicKey],
    ['of another issuer', () => forged({ claims: { iss: 'https://evil.example.com' } })],
    ['of no issuer', () => forged({ without: 'iss' })],
    ['for another audience', () => forged({ claims: { aud: 'somebody-else' } })],
    ['for no audience', () => forged({ without: 'aud' })],
    ['of type JWT', () => forged({ header: { typ: 'JWT' } })],
    ['of no type', () => forged({ header: { typ: undefined } })],
    ['with an unknown key id', () => forged({ header: { kid: 'nobody' } })],
    ['without a key id', () => forged({ header: { kid: undefined } })],
    ['with a path as key id', () => forged({ header: { kid: '../../dev/null' } })],
    ['with a key id that is a list', () => forged({ header: { kid: [header.kid] } })],
    ['with a jku header', () => forged({ header: { jku: 'https://evil.example.com/jwks.json' } })],
    [
      'with a jwk header',
      () => forged({ header: { jwk: createPublicKey(other).export({ format: 'jwk' }) }, key: other }),
    ],
    ['with an x5u header', () => forged({ header: { x5u: 'https://evil.example.com/x5u' } })],
    ['with a critical extension', () => forged({ header: { crit: ['exp'] } })],
    ['not valid yet', () => forged({ claims: { nbf: now + 600 } })],
    ['without an expiry', () => forged({ without: 'exp' })],
    ['without a session', () => forged({ without: 'sid' })],
    ['without an issue date', () => forged({ without: 'iat' })],
    ['of a session that is none', () => forged({ claims: { sid: 'x' } })],
    ['of another user', () => forged({ claims: { sub: claims.sid as string } })],
    ['of another tenant', () => forged({ claims: { tid: claims.sid as string } })],
    [
      'with another payload',
      () =>
        `${real.split('.')[0] ?? ''}.${part({ ...claims, permissions: ['*:*', 'system:*'] })}.${real.split('.')[2] ?? ''}`,
    ],
    ['cut short', () => real.slice(0, -1)],
    ['with spare bits set in its last letter', () => real.slice(0, -1) + spareBits(real.at(-1) ?? '')],
    ['that is no token', () => 'abc'],
    ['of three empty parts', () => '..'],
    ['of a header that is no JSON', () => `${Buffer.from('x').toString('base64url')}.${part(claims)}.x`],
  ];

  /** base64url leaves bits of the last letter unused: another letter of the same bytes. */
  function spareBits(letter: string): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return letters[letters.indexOf(letter) ^ 1] ?? '';
  }

  it('is the only one refused: the same call with a perfect copy passes', async () => {
    expect((await me(forged({}))).status).toBe(200);
  });

  it.each(forgeries)('is refused when %s', async (_name, forge) => {
    expectProblem(await me(forge()), 401, 'TOKEN_INVALID');
  });

  it('is refused with one body, whatever is wrong with it', async () => {
    const answers = [];
    for (const [, forge] of forgeries) answers.push(masked(await me(forge())));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('is told apart only when it was ours and its time is over', async () => {
    expectProblem(await me(forged({ claims: { exp: now - 1 } })), 401, 'TOKEN_EXPIRED');
    expectProblem(await me(forged({ claims: { exp: now - 1 }, key: other })), 401, 'TOKEN_INVALID');
  });

  it('is not accepted in another spelling once its session has ended', async () => {
    const tokens = await service.client.signedIn('ann@example.com');
    await service.client.post('/auth/logout', { token: tokens.access });
    const respelt = tokens.access.slice(0, -1) + spareBits(tokens.access.at(-1) ?? '');
    for (const token of [tokens.access, respelt, `${tokens.access}=`]) expect((await me(token)).status).toBe(401);
  });

  it('is not believed from the query, a cookie, or as another kind of token', async () => {
    const tokens = await service.client.signedIn('ann@example.com');
    expectProblem(await service.client.get(`/auth/me?access_token=${tokens.access}`), 401, 'TOKEN_MISSING');
    expectProblem(
      await service.client.get('/auth/me', { headers: { cookie: `access_token=${tokens.access}` } }),
      401,
      'TOKEN_MISSING',
    );
    expectProblem(await me(tokens.refresh), 401, 'TOKEN_INVALID');
    expectProblem(await service.client.refresh(tokens.access), 401, 'REFRESH_TOKEN_INVALID');
  });

  it('carries what RFC 9068 asks for, and no name or address', () => {
    expect(header).toEqual({
      alg: 'ES256',
      typ: 'at+jwt',
      kid: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as string,
    });
    expect(Object.keys(claims).sort()).toEqual([
      'acr',
      'amr',
      'api_version',
      'aud',
      'auth_time',
      'client_id',
      'exp',
      'iat',
      'iss',
      'jti',
      'nbf',
      'permissions',
      'roles',
      'scope',
      'sid',
      'sub',
      'tid',
    ]);
    expect(JSON.stringify(claims)).not.toContain('@');
    // Up to 5 % less, so that clients that signed in together refresh apart.
    const lifeSeconds = (claims.exp ?? 0) - (claims.iat ?? 0);
    expect(lifeSeconds).toBeGreaterThanOrEqual(855);
    expect(lifeSeconds).toBeLessThanOrEqual(900);
  });

  it('can be told by resource servers with the published key alone, which is public in every member', async () => {
    const { body, headers } = await service.client.get('//.well-known/jwks.json');
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    expect(body.keys).toEqual([
      {
        kid: header.kid,
        kty: 'EC',
        alg: 'ES256',
        use: 'sig',
        crv: 'P-256',
        x: expect.any(String) as string,
        y: expect.any(String) as string,
      },
    ]);
  });
});
