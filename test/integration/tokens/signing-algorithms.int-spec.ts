import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { aService } from '../../support/service';

const SHARED = randomBytes(32).toString('base64url');

async function journey(variables: Readonly<Record<string, string>>) {
  const service = await aService({ variables });
  try {
    const { access } = await service.client.signedUp('ann@example.com');
    const me = await service.client.get('/auth/me', { token: access });
    const { body } = await service.client.get('//.well-known/jwks.json');
    return { access, me: me.status, jwks: body as unknown as JSONWebKeySet };
  } finally {
    await service.stop();
  }
}

describe('access tokens', () => {
  it.each(['ES256', 'RS256', 'PS256'])('are signed with %s, and anybody can verify them by the JWKS', async (alg) => {
    const { access, me, jwks } = await journey({ JWT_ALGORITHM: alg });
    expect(me).toBe(200);
    expect(decodeProtectedHeader(access)).toEqual({ alg, typ: 'at+jwt', kid: jwks.keys[0]?.kid });
    const { payload } = await jwtVerify(access, createLocalJWKSet(jwks), { algorithms: [alg], audience: 'doorward' });
    expect(payload.iss).toBe('http://localhost:3000');
    const modulus = Buffer.from(jwks.keys[0]?.n ?? '', 'base64url');
    expect(modulus).toHaveLength(alg === 'ES256' ? 0 : 384);
  });

  it('are signed with a shared secret under HS256, of which the JWKS tells nothing', async () => {
    const { access, me, jwks } = await journey({ JWT_ALGORITHM: 'HS256', JWT_SECRET: SHARED });
    expect(me).toBe(200);
    expect(jwks).toEqual({ keys: [] });
    const { protectedHeader } = await jwtVerify(access, Buffer.from(SHARED), { audience: 'doorward' });
    expect(protectedHeader).toMatchObject({ alg: 'HS256', typ: 'at+jwt' });
  });

  it('are signed with the key an operator brings', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const { access, me } = await journey({ JWT_PRIVATE_KEY: pem });
    expect(me).toBe(200);
    await expect(jwtVerify(access, publicKey, { algorithms: ['ES256'] })).resolves.toBeDefined();
  });
});
