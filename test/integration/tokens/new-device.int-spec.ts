import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import type { TokenPair } from '../../../src/modules/tokens/application/token-pairs';
import { InvalidRefreshToken } from '../../../src/modules/tokens/domain/errors';
import { aClient, aRefresh, SAFARI_ON_IPHONE } from '../../support/a-device';
import { aContext, type TestContext } from '../../support/context';
import { type Member, Stored } from '../../support/stored';

const ELSEWHERE = { client: aClient({ userAgent: SAFARI_ON_IPHONE, ipAddress: '192.0.2.44' }) };

type Told = { readonly action: string; readonly outcome: string; readonly risk: number; readonly details: unknown };

describe('a refresh token on a device that looks different', () => {
  let context: TestContext;
  let rotate: RotateRefreshToken;

  beforeAll(async () => {
    context = await aContext();
    rotate = context.app.get(RotateRefreshToken);
  });
  afterAll(() => context.stop());

  const setPolicy = ({ tenantId }: Member, policy: 'allow' | 'refuse'): Promise<unknown> =>
    context.source.query('UPDATE tenants SET refresh_from_new_device = $2 WHERE id = $1', [tenantId, policy]);
  const aMember = async (policy: 'allow' | 'refuse'): Promise<Member> => {
    const member = await new Stored(context).newMember();
    await setPolicy(member, policy);
    return member;
  };
  const aSignedInUser = async (policy: 'allow' | 'refuse'): Promise<TokenPair> =>
    new Stored(context).signedIn(await aMember(policy));
  const eventsOf = ({ sessionId }: TokenPair): Promise<Told[]> =>
    context.source.query(
      'SELECT action, outcome, risk_score AS risk, details FROM audit_events WHERE target_id = $1 ORDER BY sequence',
      [sessionId],
    );
  const suspicion = (outcome: string, risk: number) => ({
    action: 'auth.suspicious_activity',
    outcome,
    risk,
    details: { reason: 'new_device' },
  });

  it('is good unless the tenant says otherwise, and on record with its risk', async () => {
    const first = await new Stored(context).signedIn(await new Stored(context).newMember());
    const second = await rotate.execute(aRefresh(first.refreshToken, ELSEWHERE));
    expect(second.sessionId).toBe(first.sessionId);
    expect(await eventsOf(first)).toMatchObject([
      { action: 'auth.token_refreshed', outcome: 'success', risk: 0 },
      suspicion('success', 50),
    ]);
  });

  it('stays a new one however often it is used: the known device is the one of sign-in', async () => {
    const first = await aSignedInUser('allow');
    const second = await rotate.execute(aRefresh(first.refreshToken, ELSEWHERE));
    const third = await rotate.execute(aRefresh(second.refreshToken, ELSEWHERE));
    await rotate.execute(aRefresh(third.refreshToken));
    const suspicions = (await eventsOf(first)).filter(({ action }) => action === 'auth.suspicious_activity');
    expect(suspicions).toEqual([suspicion('success', 50), suspicion('success', 50)]);
  });

  it('is refused from the moment the tenant says so, even where it was used before', async () => {
    const member = await aMember('allow');
    const first = await new Stored(context).signedIn(member);
    const second = await rotate.execute(aRefresh(first.refreshToken, ELSEWHERE));
    await setPolicy(member, 'refuse');
    await expect(rotate.execute(aRefresh(second.refreshToken, ELSEWHERE))).rejects.toThrow(InvalidRefreshToken);
    expect((await rotate.execute(aRefresh(second.refreshToken))).sessionId).toBe(first.sessionId);
  });

  it('leaves in the session where it is used from, and which device it signed in on', async () => {
    const first = await aSignedInUser('allow');
    const looks = (): Promise<unknown[]> =>
      context.source.query(
        'SELECT ip_address AS ip, user_agent AS agent, device_fingerprint AS device FROM sessions WHERE id = $1',
        [first.sessionId],
      );
    const [before] = (await looks()) as [{ device: string }];
    await rotate.execute(aRefresh(first.refreshToken, ELSEWHERE));
    expect(await looks()).toEqual([{ ip: '192.0.2.44', agent: SAFARI_ON_IPHONE, device: before.device }]);
  });

  it('is not known to be one when another version of the service has looked at it', async () => {
    const first = await aSignedInUser('refuse');
    await context.source.query(
      "UPDATE sessions SET device_fingerprint = regexp_replace(device_fingerprint, '^\\d+', '0') WHERE id = $1",
      [first.sessionId],
    );
    const second = await rotate.execute(aRefresh(first.refreshToken, ELSEWHERE));
    expect((await rotate.execute(aRefresh(second.refreshToken))).sessionId).toBe(first.sessionId);
    expect((await eventsOf(first)).map(({ action }) => action)).toEqual([
      'auth.token_refreshed',
      'auth.token_refreshed',
    ]);
  });

  it('is on record too when it only asks again for an answer', async () => {
    const first = await aSignedInUser('allow');
    const second = await rotate.execute(aRefresh(first.refreshToken));
    const again = await rotate.execute(aRefresh(first.refreshToken, ELSEWHERE));
    expect(again.refreshToken).toBe(second.refreshToken);
    expect((await eventsOf(first)).slice(-2)).toMatchObject([
      { action: 'auth.token_repeated' },
      suspicion('success', 50),
    ]);
  });

  it('is nothing new on another network, nor after an update', async () => {
    const first = await aSignedInUser('refuse');
    const updated = (aClient().userAgent ?? '').replaceAll('133.0', '134.0');
    const client = aClient({ ipAddress: '192.0.2.44', userAgent: updated });
    expect((await rotate.execute(aRefresh(first.refreshToken, { client }))).sessionId).toBe(first.sessionId);
    expect(await eventsOf(first)).toHaveLength(1);
  });

  it.each([
    ['the current token', 0],
    ['its predecessor, within the grace', 1],
  ])('is refused where the tenant says so, and the session goes on where it was: %s', async (_, rotations) => {
    const first = await aSignedInUser('refuse');
    let [presented, current] = [first.refreshToken, first.refreshToken];
    for (let each = 0; each < rotations; each++) {
      presented = current;
      current = (await rotate.execute(aRefresh(current))).refreshToken;
    }
    await expect(rotate.execute(aRefresh(presented, ELSEWHERE))).rejects.toThrow(InvalidRefreshToken);
    expect((await eventsOf(first)).slice(rotations)).toMatchObject([
      suspicion('failure', 70),
      { action: 'auth.token_refreshed', outcome: 'failure', details: { reason: 'new_device' } },
    ]);
    expect((await rotate.execute(aRefresh(current))).sessionId).toBe(first.sessionId);
  });

  it('ends the session when the token was spent, whatever the tenant says of devices', async () => {
    const first = await aSignedInUser('refuse');
    const second = await rotate.execute(aRefresh(first.refreshToken));
    const third = await rotate.execute(aRefresh(second.refreshToken));
    await expect(rotate.execute(aRefresh(first.refreshToken, ELSEWHERE))).rejects.toThrow(InvalidRefreshToken);
    await expect(rotate.execute(aRefresh(third.refreshToken))).rejects.toThrow(InvalidRefreshToken);
  });

  it('is good in a session of an older version, which knows no device', async () => {
    const first = await aSignedInUser('refuse');
    await context.source.query('UPDATE sessions SET device_fingerprint = NULL WHERE id = $1', [first.sessionId]);
    const second = await rotate.execute(aRefresh(first.refreshToken, ELSEWHERE));
    expect((await rotate.execute(aRefresh(second.refreshToken))).sessionId).toBe(first.sessionId);
    expect((await eventsOf(first)).map(({ action }) => action)).toEqual([
      'auth.token_refreshed',
      'auth.token_refreshed',
    ]);
  });
});
