import { decodeJwt } from 'jose';
import { NotFound } from '../../../src/kernel/domain-error';
import { sessionId } from '../../../src/kernel/ids';
import type { Principal } from '../../../src/kernel/principal';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { EndSession } from '../../../src/modules/tokens/application/sessions/end-session';
import { ReauthenticateSession } from '../../../src/modules/tokens/application/sessions/reauthenticate-session';
import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import { Sessions } from '../../../src/modules/tokens/application/sessions/sessions.port';
import { SwitchTenant } from '../../../src/modules/tokens/application/sessions/switch-tenant';
import type { TokenPair } from '../../../src/modules/tokens/application/token-pairs';
import { AccessTokenRefused, InvalidRefreshToken, TenantSuspended } from '../../../src/modules/tokens/domain/errors';
import type { TenantState } from '../../../src/modules/tenancy/domain/tenant';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { aClient, aRefresh, aSwitch, SAFARI_ON_IPHONE } from '../../support/a-device';
import { aContext, type TestContext } from '../../support/context';
import { FactorOwners } from '../../support/factor-owners';
import { interleaved } from '../../support/gates';
import { recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { Stored } from '../../support/stored';

const ELSEWHERE = { client: aClient({ userAgent: SAFARI_ON_IPHONE, ipAddress: '192.0.2.44' }) };

type Journey = { readonly pair: TokenPair; readonly by: Principal; readonly there: TenantState };

describe('switching to another tenant', () => {
  let context: TestContext;
  let switchTenant: SwitchTenant;
  let rotate: RotateRefreshToken;

  beforeAll(async () => {
    context = await aContext();
    [switchTenant, rotate] = [context.app.get(SwitchTenant), context.app.get(RotateRefreshToken)];
  });
  afterAll(() => context.stop());

  const principalOf = async ({ accessToken }: TokenPair): Promise<Principal | null> => {
    const tokens = context.app.get(AuthenticateAccessToken);
    return tokens.execute(await tokens.verify(accessToken));
  };
  /** A viewer of one tenant who owns another. */
  const aJourney = async (): Promise<Journey> => {
    const stored = new Stored(context);
    const member = await stored.newMember();
    const there = await stored.tenant();
    await stored.member({ ...member, tenantId: there.id }, 'owner');
    const pair = await stored.signedIn(member);
    return { pair, by: (await principalOf(pair))!, there };
  };
  const stateOf = async ({ sessionId: id }: TokenPair) =>
    (await context.app.get(UnitOfWork).run(() => context.app.get(Sessions).take(sessionId(id))))!.snapshot();

  const eventsOf = async ({ userId }: Principal, action = 'auth.tenant_switched') =>
    (await recorded(context.source, action)).filter(({ user_id }) => user_id === userId);
  const refuseNewDevices = ({ id }: TenantState): Promise<unknown> =>
    context.source.query("UPDATE tenants SET refresh_from_new_device = 'refuse' WHERE id = $1", [id]);

  it.each(['id', 'slug'] as const)('gives tokens of the same session for the tenant of that %s', async (by) => {
    const journey = await aJourney();
    const pair = await switchTenant.execute(aSwitch(journey.by, journey.there[by]));
    expect(pair).toMatchObject({ sessionId: journey.pair.sessionId, tenantId: journey.there.id });
    expect(decodeJwt(pair.accessToken)).toMatchObject({ tid: journey.there.id, roles: ['owner'] });
    expect(await principalOf(pair)).toMatchObject({ tenantId: journey.there.id, roles: ['owner'] });
    expect((await rotate.execute(aRefresh(pair.refreshToken))).tenantId).toBe(journey.there.id);
  });

  it('is on record, with where the session was before', async () => {
    const { by, there } = await aJourney();
    await switchTenant.execute(aSwitch(by, there.slug));
    expect(await eventsOf(by)).toMatchObject([
      { outcome: 'success', tenant_id: there.id, details: { from: by.tenantId } },
    ]);
  });

  it('says of the user no more than was proven: when and how they signed in', async () => {
    const { pair, by, there } = await aJourney();
    context.clock.advance({ seconds: 100 });
    const { accessToken } = await switchTenant.execute(aSwitch(by, there.slug));
    const { auth_time, amr, acr } = decodeJwt(pair.accessToken);
    expect(decodeJwt(accessToken)).toMatchObject({ auth_time, amr, acr });
  });

  it('lets the access token of the former tenant run out by itself, with the grants of that tenant', async () => {
    const { pair, by, there } = await aJourney();
    await switchTenant.execute(aSwitch(by, there.slug));
    expect(await principalOf(pair)).toMatchObject({ tenantId: by.tenantId, roles: ['viewer'] });
  });

  it('spends the refresh token: within the grace it gives the new one, for the new tenant', async () => {
    const { pair, by, there } = await aJourney();
    const switched = await switchTenant.execute(aSwitch(by, there.slug));
    context.clock.advance({ seconds: 9 });
    const repeated = await rotate.execute(aRefresh(pair.refreshToken));
    expect(repeated).toMatchObject({ refreshToken: switched.refreshToken, tenantId: there.id });
  });

  it('is found out by the next refresh of the owner when a thief of the access token did it', async () => {
    const { pair, by, there } = await aJourney();
    const switched = await switchTenant.execute(aSwitch(by, there.slug));
    context.clock.advance({ seconds: 10 });
    await expect(rotate.execute(aRefresh(pair.refreshToken))).rejects.toThrow(InvalidRefreshToken);
    await expect(rotate.execute(aRefresh(switched.refreshToken))).rejects.toThrow(InvalidRefreshToken);
    expect(await principalOf(switched)).toBeNull();
  });

  it.each<[string, () => Promise<string>]>([
    ['that is none', () => Promise.resolve('nowhere-at-all')],
    ['of somebody else', async () => (await new Stored(context).tenant()).slug],
    ['of somebody else, by its id', async () => (await new Stored(context).tenant()).id],
  ])('does not happen to a tenant %s, which looks the same', async (_, tenant) => {
    const { pair, by } = await aJourney();
    const before = await stateOf(pair);
    await expect(switchTenant.execute(aSwitch(by, await tenant()))).rejects.toThrow(NotFound);
    expect(await stateOf(pair)).toEqual(before);
    expect(await eventsOf(by)).toMatchObject([
      { outcome: 'failure', tenant_id: by.tenantId, details: { reason: 'not_a_member' } },
    ]);
  });

  it('does not happen to a tenant that is suspended', async () => {
    const { pair, by, there } = await aJourney();
    const before = await stateOf(pair);
    await context.source.query("UPDATE tenants SET status = 'suspended' WHERE id = $1", [there.id]);
    await expect(switchTenant.execute(aSwitch(by, there.slug))).rejects.toThrow(TenantSuspended);
    expect(await stateOf(pair)).toEqual(before);
    expect(await eventsOf(by)).toMatchObject([
      { outcome: 'failure', tenant_id: by.tenantId, details: { reason: 'suspended' } },
    ]);
  });

  it('does not happen on a new device where that tenant refuses those, and the session goes on where it was', async () => {
    const { pair, by, there } = await aJourney();
    await refuseNewDevices(there);
    const before = await stateOf(pair);
    await expect(switchTenant.execute(aSwitch(by, there.slug, ELSEWHERE))).rejects.toThrow(AccessTokenRefused);
    expect(await stateOf(pair)).toEqual(before);
    expect(await eventsOf(by)).toMatchObject([
      { outcome: 'failure', tenant_id: by.tenantId, details: { reason: 'new_device' } },
    ]);
    expect((await switchTenant.execute(aSwitch(by, there.slug))).tenantId).toBe(there.id);
  });

  it('happens on a new device where that tenant allows it, whatever the tenant of before says, and is suspicious', async () => {
    const { pair, by, there } = await aJourney();
    await refuseNewDevices({ ...there, id: by.tenantId });
    const switched = await switchTenant.execute(aSwitch(by, there.slug, ELSEWHERE));
    expect(switched).toMatchObject({ tenantId: there.id, sessionId: pair.sessionId });
    expect(await eventsOf(by, 'auth.suspicious_activity')).toMatchObject([
      { outcome: 'success', tenant_id: there.id, details: { reason: 'new_device' } },
    ]);
    // Nor has the device become a known one by it.
    await refuseNewDevices(there);
    await expect(rotate.execute(aRefresh(switched.refreshToken, ELSEWHERE))).rejects.toThrow(InvalidRefreshToken);
    expect((await rotate.execute(aRefresh(switched.refreshToken))).tenantId).toBe(there.id);
  });

  describe('by somebody whose device is trusted where they come from', () => {
    const spared = async (): Promise<Journey> => {
      const stored = new Stored(context);
      const member = await new FactorOwners(context).owner('email');
      const there = await stored.tenant();
      await stored.member({ userId: member.userId, tenantId: there.id }, 'owner');
      const pair = await stored.signedIn(member, { deviceTrusted: true });
      return { pair, by: (await principalOf(pair))!, there };
    };

    it('confines the session there, though nothing is demanded, and not where it came from', async () => {
      const { by, there } = await spared();
      expect(by).toMatchObject({ confined: false, roles: ['viewer'] });
      const pair = await switchTenant.execute(aSwitch(by, there.slug));
      expect([pair.confined, pair.scope]).toEqual([true, '']);
      expect(decodeJwt(pair.accessToken)).toMatchObject({ roles: [], permissions: [] });
      const confined = (await principalOf(pair))!;
      expect(confined).toMatchObject({ confined: true, roles: [] });
      const refreshed = await rotate.execute(aRefresh(pair.refreshToken));
      expect(refreshed).toMatchObject({ confined: true, tenantId: there.id });
      const back = await switchTenant.execute(aSwitch(confined, by.tenantId));
      expect([back.confined, (await principalOf(back))?.roles]).toEqual([false, ['viewer']]);
    });

    it('frees the session there once the factor is shown, not by the password again', async () => {
      const { by, there } = await spared();
      const pair = await switchTenant.execute(aSwitch(by, there.slug));
      const confined = (await principalOf(pair))!;
      const step = context.app.get(ReauthenticateSession);
      expect((await step.execute(confined, ['pwd']))?.confined).toBe(true);
      expect((await step.execute(confined, ['otp', 'mfa']))?.confined).toBe(false);
      expect(await principalOf(pair)).toMatchObject({ confined: false, roles: ['owner'] });
    });
  });

  it('that was answered into the void is answered again within the grace, with the same refresh token', async () => {
    const { pair, by, there } = await aJourney();
    const lost = await switchTenant.execute(aSwitch(by, there.slug));
    context.clock.advance({ seconds: 9 });
    const before = await stateOf(pair);
    const again = await switchTenant.execute(aSwitch(by, there.slug));
    expect(again).toMatchObject({ refreshToken: lost.refreshToken, tenantId: there.id });
    expect(await stateOf(pair)).toEqual(before);
    expect(await principalOf(again)).toMatchObject({ tenantId: there.id, roles: ['owner'] });
    context.clock.advance({ seconds: 1 });
    expect((await switchTenant.execute(aSwitch(by, there.slug))).refreshToken).not.toBe(lost.refreshToken);
  });

  it('twice in the same moment spends one refresh token', async () => {
    const { pair, by, there } = await aJourney();
    const settled = await interleaved(
      context,
      () => context.app.get(Sessions).take(by.sessionId!),
      () => Promise.all([1, 2].map(() => switchTenant.execute(aSwitch(by, there.slug)))),
      2,
    );
    expect(settled.status).toBe('fulfilled');
    const pairs = settled.status === 'fulfilled' ? settled.value : [];
    expect(new Set(pairs.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    expect(await stateOf(pair)).toMatchObject({ generation: 2, tenantId: there.id });
  });

  it('does not bring a session back that ends in the same moment', async () => {
    const { pair, by, there } = await aJourney();
    const settled = await interleaved(
      context,
      () => context.app.get(EndSession).executeById(by.sessionId!),
      () => switchTenant.execute(aSwitch(by, there.slug)),
    );
    expect(settled).toMatchObject({ status: 'rejected', reason: expect.any(AccessTokenRefused) as unknown });
    expect(await stateOf(pair)).toMatchObject({ revokedFor: 'signed_out', tenantId: by.tenantId });
  });

  it('and a refresh in the same moment are both done, one after the other', async () => {
    const { pair, by, there } = await aJourney();
    const settled = await interleaved(
      context,
      () => context.app.get(Sessions).take(by.sessionId!),
      () =>
        Promise.allSettled([
          switchTenant.execute(aSwitch(by, there.slug)),
          rotate.execute(aRefresh(pair.refreshToken)),
        ]),
      2,
    );
    expect(settled.status).toBe('fulfilled');
    const { generation, revokedAt, tenantId } = await stateOf(pair);
    expect([revokedAt, tenantId]).toEqual([null, there.id]);
    // Refreshed first, it is spent twice; switched first, the refresh was answered with what the switch gave.
    expect([2, 3]).toContain(generation);
  });

  it.each([
    ['sessions', 'UPDATE'],
    ['audit_events', 'INSERT'],
  ] as const)('leaves everything as it was when %s cannot be written', async (table, operation) => {
    const { pair, by, there } = await aJourney();
    const before = await stateOf(pair);
    const repair = await sabotage(context.source, table, operation);
    await expect(switchTenant.execute(aSwitch(by, there.slug))).rejects.toThrow();
    await repair();
    expect(await stateOf(pair)).toEqual(before);
    expect((await rotate.execute(aRefresh(pair.refreshToken))).tenantId).toBe(by.tenantId);
  });
});
