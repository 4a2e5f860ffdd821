import { decodeJwt } from 'jose';
import type { Principal } from '../../../src/kernel/principal';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { ReauthenticateSession } from '../../../src/modules/tokens/application/sessions/reauthenticate-session';
import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import type { TokenPair } from '../../../src/modules/tokens/application/token-pairs';
import { AccessTokenRefused, InvalidRefreshToken } from '../../../src/modules/tokens/domain/errors';
import { aRefresh } from '../../support/a-device';
import { aContext, type TestContext } from '../../support/context';
import { Stored } from '../../support/stored';

const ONE_FACTOR = ['pwd'];
const TWO_FACTORS = ['pwd', 'otp'];
const variables = {
  ACCESS_TOKEN_TTL: '100',
  REFRESH_IDLE_TTL: '600',
  REFRESH_ABSOLUTE_TTL: '1500',
  REFRESH_IDLE_TTL_AAL2: '120',
  REFRESH_ABSOLUTE_TTL_AAL2: '300',
};

describe('the life of a session', () => {
  let context: TestContext;
  let rotate: RotateRefreshToken;

  beforeAll(async () => {
    context = await aContext({ variables });
    rotate = context.app.get(RotateRefreshToken);
  });
  afterAll(() => context.stop());

  const start = async (authenticationMethods: readonly string[]): Promise<TokenPair> => {
    const stored = new Stored(context);
    return stored.signedIn(await stored.newMember(), { authenticationMethods });
  };
  const later = async (pair: TokenPair, seconds: number): Promise<TokenPair> => {
    context.clock.advance({ seconds });
    return rotate.execute(aRefresh(pair.refreshToken));
  };
  const principalOf = async ({ accessToken }: TokenPair): Promise<Principal | null> => {
    const tokens = context.app.get(AuthenticateAccessToken);
    return tokens.execute(await tokens.verify(accessToken));
  };

  describe.each([
    ['one factor', ONE_FACTOR, 'aal1', 600, 1500],
    ['two factors', TWO_FACTORS, 'aal2', 120, 300],
  ])('by %s', (_, methods, acr, idleSeconds, absoluteSeconds) => {
    it('is told with its tokens, and how surely the user was known', async () => {
      const pair = await start(methods);
      expect(pair.refreshExpiresIn).toBe(idleSeconds);
      expect(decodeJwt(pair.accessToken)).toMatchObject({ acr, amr: methods });
    });

    it('goes on while it is used in time, and ends when it is not', async () => {
      const pair = await later(await start(methods), idleSeconds - 1);
      expect(pair.refreshExpiresIn).toBe(idleSeconds);
      await expect(later(pair, idleSeconds)).rejects.toThrow(InvalidRefreshToken);
    });

    it('ends at the time fixed at sign-in, however often it is used', async () => {
      let pair = await start(methods);
      const step = idleSeconds - 1;
      let lived = 0;
      for (; lived + step < absoluteSeconds; lived += step) pair = await later(pair, step);
      pair = await later(pair, absoluteSeconds - 1 - lived);
      expect(pair.refreshExpiresIn).toBe(1);
      await expect(later(pair, 1)).rejects.toThrow(InvalidRefreshToken);
    });

    it('takes the access tokens with it', async () => {
      const pair = await start(methods);
      await context.source.query("UPDATE sessions SET expires_at = created_at + interval '50 seconds' WHERE id = $1", [
        pair.sessionId,
      ]);
      context.clock.advance({ seconds: 49 });
      expect(await principalOf(pair)).not.toBeNull();
      context.clock.advance({ seconds: 1 });
      expect(await principalOf(pair)).toBeNull();
    });
  });

  it('is that of two factors from when the user proves a second one', async () => {
    const pair = await start(ONE_FACTOR);
    const by = (await principalOf(pair))!;
    const granted = await context.app.get(ReauthenticateSession).execute(by, ['otp']);
    expect(granted?.session).toMatchObject({ assurance: 'aal2', authenticationMethods: TWO_FACTORS });
    const next = await later(pair, 119);
    expect(next.refreshExpiresIn).toBe(120);
    expect(decodeJwt(next.accessToken)).toMatchObject({ acr: 'aal2', amr: TWO_FACTORS });
    const last = await later(next, 119);
    expect(last.refreshExpiresIn).toBe(300 - 2 * 119);
    await expect(later(last, 300 - 2 * 119)).rejects.toThrow(InvalidRefreshToken);
  });

  describe('and of its access tokens', () => {
    it('is ACCESS_TOKEN_TTL or up to 5 % less, as the client is told, and not always the same', async () => {
      const pairs: TokenPair[] = [];
      for (let each = 0; each < 60; each++) pairs.push(await start(ONE_FACTOR));
      for (const { accessToken, expiresIn } of pairs) {
        const { exp = 0, iat = 0, nbf } = decodeJwt(accessToken);
        expect([exp - iat, nbf]).toEqual([expiresIn, iat]);
        expect(expiresIn).toBeGreaterThanOrEqual(95);
        expect(expiresIn).toBeLessThanOrEqual(100);
      }
      expect(new Set(pairs.map(({ expiresIn }) => expiresIn)).size).toBeGreaterThan(1);
    });

    it('ends to the second', async () => {
      const pair = await start(ONE_FACTOR);
      context.clock.advance({ seconds: pair.expiresIn - 1 });
      expect(await principalOf(pair)).not.toBeNull();
      context.clock.advance({ seconds: 1 });
      await expect(principalOf(pair)).rejects.toThrow(AccessTokenRefused);
    });
  });
});
