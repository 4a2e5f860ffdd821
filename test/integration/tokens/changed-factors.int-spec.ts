import type { SessionId } from '../../../src/kernel/ids';
import type { Principal } from '../../../src/kernel/principal';
import { AccountsFacade } from '../../../src/modules/identity/accounts.facade';
import { backupCodesRenewed, factorEnrolled, factorsDisabled } from '../../../src/modules/mfa/mfa.events';
import { AuthenticateApiKey } from '../../../src/modules/tokens/application/api-keys/authenticate-api-key';
import { MintApiKey } from '../../../src/modules/tokens/application/api-keys/mint-api-key';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { ReauthenticateSession } from '../../../src/modules/tokens/application/sessions/reauthenticate-session';
import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import { type TokenPair, TokenPairs } from '../../../src/modules/tokens/application/token-pairs';
import { AccessTokenRefused } from '../../../src/modules/tokens/domain/errors';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../src/platform/events/event-log';
import { aRefresh } from '../../support/a-device';
import { aContext, type TestContext } from '../../support/context';
import { claimsOf } from '../../support/key-holder';
import { type Member, Stored } from '../../support/stored';

const SHOWN = ['otp', 'mfa'];

describe('a change of second factors', () => {
  let context: TestContext;
  let stored: Stored;
  const get: TestContext['app']['get'] = (type: never) => context.app.get(type);

  beforeAll(async () => {
    context = await aContext();
    stored = new Stored(context);
  });
  afterAll(() => context.stop());

  const callerWith = async ({ accessToken }: TokenPair): Promise<Principal | null> => {
    const tokens = get(AuthenticateAccessToken);
    return tokens.execute(await tokens.verify(accessToken));
  };
  const demanding = async (): Promise<Member> => {
    const member = await stored.newMember();
    await context.source.query('UPDATE tenants SET second_factor_required = true WHERE id = $1', [member.tenantId]);
    return member;
  };
  /** What whoever keeps factors does when one changed. */
  const told = (event: DomainEvent): Promise<void> =>
    get(UnitOfWork).run(async () => {
      await get(AccountsFacade).renewStamp(event.userId!);
      await get(EventLog).append(event);
    });
  const enrolled = (by: Principal): Promise<void> => told(factorEnrolled(by, 'totp', SHOWN, false));
  const endings = (member: Member): Promise<unknown> =>
    context.source.query(
      "SELECT details FROM audit_events WHERE user_id = $1 AND action = 'session.revoked' ORDER BY sequence",
      [member.userId],
    );
  const revoke = (id: SessionId | null): Promise<unknown> =>
    context.source.query("UPDATE sessions SET revoked_at = now(), revoked_for = 'signed_out' WHERE id = $1", [id]);

  it('frees the session in which one was set up, at once, with all that its user may do', async () => {
    const member = await demanding();
    const pair = await stored.signedIn(member, { secondFactorDemanded: true });
    const confined = (await callerWith(pair))!;
    expect(confined).toMatchObject({ confined: true, assurance: 'aal1', permissions: [] });
    await enrolled(confined);
    expect(await callerWith(pair)).toMatchObject({ confined: false, assurance: 'aal2', roles: ['viewer'] });
    const next = await get(RotateRefreshToken).execute(aRefresh(pair.refreshToken));
    expect([next.confined, next.scope]).toEqual([false, 'read write']);
    expect(claimsOf(next.accessToken)).toMatchObject({ amr: ['pwd', ...SHOWN], acr: 'aal2', roles: ['viewer'] });
  });

  it('ends all other sessions of the user, in whichever tenant, and no key', async () => {
    const member = await stored.newMember();
    const there = { userId: member.userId, tenantId: (await stored.tenant()).id };
    await stored.member(there);
    const [here, other] = [await stored.signedIn(member), await stored.signedIn(there)];
    const input = { ownerId: member.userId, tenantId: member.tenantId, madeIn: null, name: 'a key', description: null };
    const { key } = await get(MintApiKey).execute({ ...input, expiresAt: null, permissions: ['detector:read'] });
    await enrolled((await callerWith(here))!);
    expect([(await callerWith(here))?.assurance, await callerWith(other)]).toEqual(['aal2', null]);
    await expect(get(RotateRefreshToken).execute(aRefresh(other.refreshToken))).rejects.toMatchObject({
      code: 'REFRESH_TOKEN_INVALID',
    });
    expect(await get(AuthenticateApiKey).execute(key, null)).not.toBeNull();
    expect(await endings(member)).toEqual([{ details: { reason: 'factors_changed', sessions: 1 } }]);
  });

  it('that takes them away keeps the session it was done in, which has shown nothing by that', async () => {
    const member = await stored.newMember();
    const [here, other] = [await stored.signedIn(member), await stored.signedIn(member)];
    await told(factorsDisabled((await callerWith(here))!, ['totp'], 0));
    expect([(await callerWith(here))?.assurance, await callerWith(other)]).toEqual(['aal1', null]);
  });

  describe('that takes one away in a session that has shown it', () => {
    const taken = async (left: number): Promise<TokenPair> => {
      const member = await demanding();
      const pair = await stored.signedIn(member, {
        secondFactorDemanded: true,
        authenticationMethods: ['pwd', ...SHOWN],
      });
      const by = (await callerWith(pair))!;
      expect(by).toMatchObject({ assurance: 'aal2', confined: false });
      await told(factorsDisabled(by, ['totp'], left));
      return pair;
    };

    it('leaves that by one factor where none is left, and confined where one is demanded', async () => {
      const pair = await taken(0);
      expect(await callerWith(pair)).toMatchObject({ assurance: 'aal1', confined: true, roles: [] });
      const next = await get(RotateRefreshToken).execute(aRefresh(pair.refreshToken));
      expect(claimsOf(next.accessToken)).toMatchObject({ amr: ['pwd'], acr: 'aal1', scope: '' });
    });

    it('leaves that as it is where there is another', async () => {
      expect(await callerWith(await taken(1))).toMatchObject({ assurance: 'aal2', confined: false });
    });
  });

  it.each<[string, (by: Principal) => DomainEvent]>([
    ['set up', (by) => factorEnrolled(by, 'totp', SHOWN, false)],
    ['taken away', (by) => factorsDisabled(by, ['totp'], 0)],
  ])('is taken back where one was %s in a session that is over', async (_, event) => {
    const member = await stored.newMember();
    const [here, other] = [await stored.signedIn(member), await stored.signedIn(member)];
    const by = (await callerWith(here))!;
    const stamp = await stored.stampOf(member);
    await revoke(by.sessionId);
    await expect(told(event(by))).rejects.toThrow(AccessTokenRefused);
    expect(await stored.stampOf(member)).toBe(stamp);
    expect(await callerWith(other)).not.toBeNull();
  });

  it('that gives new backup codes ends no session, and is taken back where its own is over', async () => {
    const member = await stored.newMember();
    const [here, other] = [await stored.signedIn(member), await stored.signedIn(member)];
    const by = (await callerWith(here))!;
    const renewed = (): Promise<void> => get(UnitOfWork).run(() => get(EventLog).append(backupCodesRenewed(by)));
    await renewed();
    expect([await callerWith(here), await callerWith(other)]).not.toContain(null);
    await revoke(by.sessionId);
    await expect(renewed()).rejects.toThrow(AccessTokenRefused);
    expect(await callerWith(other)).not.toBeNull();
  });

  it('is taken back where one was set up in a session that has run out', async () => {
    const member = await stored.newMember();
    const pair = await stored.signedIn(member);
    const by = (await callerWith(pair))!;
    await context.source.query("UPDATE sessions SET idle_expires_at = created_at + interval '1 ms' WHERE id = $1", [
      by.sessionId,
    ]);
    context.clock.advance({ seconds: 1 });
    await expect(enrolled(by)).rejects.toThrow(AccessTokenRefused);
  });

  it('is none where it failed', async () => {
    const member = await stored.newMember();
    const [here, other] = [await stored.signedIn(member), await stored.signedIn(member)];
    const event = factorsDisabled((await callerWith(here))!, ['totp'], 0);
    await get(UnitOfWork).run(() => get(EventLog).append({ ...event, outcome: 'failure' }));
    expect(await callerWith(other)).not.toBeNull();
  });

  describe('and a confined session', () => {
    it('says nothing in its tokens, and says why', async () => {
      const member = await demanding();
      const pair = await stored.signedIn(member, {
        secondFactorDemanded: true,
        grants: { roles: ['viewer'], permissions: ['dataset:read'] },
      });
      const nothing = { scope: '', roles: [], permissions: [] };
      expect([pair.confined, pair.scope]).toEqual([true, '']);
      expect(claimsOf(pair.accessToken)).toMatchObject(nothing);
      const next = await get(RotateRefreshToken).execute(aRefresh(pair.refreshToken));
      expect([next.confined, next.scope]).toEqual([true, '']);
      expect(claimsOf(next.accessToken)).toMatchObject(nothing);
    });

    it.each<[string, { readonly deviceTrusted?: boolean; readonly authenticationMethods?: readonly string[] }]>([
      ['that has shown a factor', { authenticationMethods: ['pwd', ...SHOWN] }],
      ['on a trusted device', { deviceTrusted: true }],
    ])('is none %s', async (_, opening) => {
      const pair = await stored.signedIn(await demanding(), { secondFactorDemanded: true, ...opening });
      expect([pair.confined, pair.scope]).toEqual([false, 'read write']);
      expect((await callerWith(pair))?.confined).toBe(false);
    });

    it('is freed by a proof of a factor, and the token of that proof says all again', async () => {
      const pair = await stored.signedIn(await demanding(), { secondFactorDemanded: true });
      const by = (await callerWith(pair))!;
      const raise = async (methods: readonly string[]) => {
        const granted = (await get(ReauthenticateSession).execute(by, methods))!;
        return claimsOf((await get(TokenPairs).issueAccess(granted)).accessToken);
      };
      expect(await raise(['pwd'])).toMatchObject({ scope: '', roles: [], acr: 'aal1' });
      expect(await raise(SHOWN)).toMatchObject({ scope: 'read write', roles: ['viewer'], acr: 'aal2' });
    });

    it('is looked at anew each time: what frees it elsewhere holds at once', async () => {
      const member = await demanding();
      const pair = await stored.signedIn(member, { secondFactorDemanded: true });
      expect((await callerWith(pair))?.confined).toBe(true);
      await context.source.query('UPDATE tenants SET second_factor_required = false WHERE id = $1', [member.tenantId]);
      expect(await callerWith(pair)).toMatchObject({ confined: false, roles: ['viewer'] });
    });
  });
});
