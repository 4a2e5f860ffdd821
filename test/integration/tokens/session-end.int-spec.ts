import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import type { TokenPair } from '../../../src/modules/tokens/application/token-pairs';
import { InvalidRefreshToken } from '../../../src/modules/tokens/domain/errors';
import { aRefresh } from '../../support/a-device';
import { aContext, type TestContext } from '../../support/context';
import { recorded } from '../../support/recorded';
import { type Member, Stored } from '../../support/stored';

describe('a session', () => {
  let context: TestContext;
  let rotate: RotateRefreshToken;

  beforeAll(async () => {
    const variables = { REFRESH_IDLE_TTL: '60', REFRESH_ABSOLUTE_TTL: '150', ACCESS_TOKEN_TTL: '30' };
    context = await aContext({ variables });
    rotate = context.app.get(RotateRefreshToken);
  });
  afterAll(() => context.stop());

  const start = (member: Member): Promise<TokenPair> => new Stored(context).signedIn(member);
  const refused = async (token: string): Promise<void> => {
    await expect(rotate.execute(aRefresh(token))).rejects.toThrow(InvalidRefreshToken);
  };
  const later = async (pair: TokenPair, seconds: number): Promise<TokenPair> => {
    context.clock.advance({ seconds });
    return rotate.execute(aRefresh(pair.refreshToken));
  };

  it('lasts while its token is used before the idle time is over', async () => {
    const first = await start(await new Stored(context).newMember());
    expect(first.refreshExpiresIn).toBe(60);
    const second = await later(first, 59);
    expect((await later(second, 59)).sessionId).toBe(first.sessionId);
  });

  it('ends when its token is not used for the idle time', async () => {
    const first = await start(await new Stored(context).newMember());
    await expect(later(first, 60)).rejects.toThrow(InvalidRefreshToken);
  });

  it('ends at the time fixed at sign-in, however often its token was used', async () => {
    let pair = await start(await new Stored(context).newMember());
    for (const _each of [50, 100]) pair = await later(pair, 50);
    pair = await later(pair, 49);
    expect(pair.refreshExpiresIn).toBe(1);
    await expect(later(pair, 1)).rejects.toThrow(InvalidRefreshToken);
  });

  it.each([
    ['its user is disabled', "UPDATE users SET status = 'disabled' WHERE id = $1", 'userId'],
    ['its tenant is suspended', "UPDATE tenants SET status = 'suspended' WHERE id = $1", 'tenantId'],
    ['its user is no member any more', 'DELETE FROM memberships WHERE user_id = $1', 'userId'],
  ] as const)('gives no tokens once %s, and keeps the refusal on record', async (_when, sql, of) => {
    const member = await new Stored(context).newMember();
    const { refreshToken } = await start(member);
    await context.source.query(sql, [member[of]]);
    await refused(refreshToken);
    const events = (await recorded(context.source, 'auth.token_refreshed')).filter(
      ({ user_id }) => user_id === member.userId,
    );
    expect(events).toMatchObject([{ outcome: 'failure', details: { reason: 'holder_not_in_force' } }]);
  });

  it('goes on where it was when its tenant is in force again', async () => {
    const member = await new Stored(context).newMember();
    const { refreshToken, sessionId } = await start(member);
    await context.source.query("UPDATE tenants SET status = 'suspended' WHERE id = $1", [member.tenantId]);
    await refused(refreshToken);
    await context.source.query("UPDATE tenants SET status = 'active' WHERE id = $1", [member.tenantId]);
    expect((await rotate.execute(aRefresh(refreshToken))).sessionId).toBe(sessionId);
  });
});
