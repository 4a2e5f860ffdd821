import { userId } from '../../../src/kernel/ids';
import type { Principal } from '../../../src/kernel/principal';
import { AccountsFacade } from '../../../src/modules/identity/accounts.facade';
import { LockoutFacade } from '../../../src/modules/identity/lockout.facade';
import { RemoveEndedTrust } from '../../../src/modules/mfa/application/trusted-devices/remove-ended-trust';
import { TrustedDeviceQueries } from '../../../src/modules/mfa/application/trusted-devices/trusted-device-queries';
import { TrustedDevices } from '../../../src/modules/mfa/application/trusted-devices/trusted-devices.port';
import { MOST_DEVICES } from '../../../src/modules/mfa/domain/trusted-device';
import { type DeviceHolder, TrustedDevicesFacade } from '../../../src/modules/mfa/trusted-devices.facade';
import { SetMemberRoles } from '../../../src/modules/tenancy/application/members/set-member-roles';
import { TransferOwnership } from '../../../src/modules/tenancy/application/members/transfer-ownership';
import { RolesFacade } from '../../../src/modules/tenancy/roles.facade';
import { sha256 } from '../../../src/platform/crypto/sha256';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { FIREFOX_ON_WINDOWS, SAFARI_ON_IPHONE } from '../../support/a-device';
import { aContext, type TestContext } from '../../support/context';
import { dumpOf, spellings, spellingsOfText } from '../../support/dump';
import { Inviting } from '../../support/inviting';
import { counted, type Recorded, recorded } from '../../support/recorded';
import { type Member, Stored } from '../../support/stored';

const DAY = 86_400;
const TRAITS = { ipAddress: '203.0.113.7', userAgent: FIREFOX_ON_WINDOWS };

describe('a device that is trusted', () => {
  let context: TestContext;
  let facade: TrustedDevicesFacade;
  let work: UnitOfWork;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext();
    [facade, work, stored] = [context.app.get(TrustedDevicesFacade), context.app.get(UnitOfWork), new Stored(context)];
  });
  afterAll(() => context.stop());

  const aHolder = async (member?: Member): Promise<DeviceHolder> => {
    const holder = member ?? (await stored.newMember());
    return { ...holder, securityStamp: await stored.stampOf(holder) };
  };
  /** As sign-in makes one. */
  const aToken = ({ userId: id, securityStamp }: DeviceHolder): string =>
    context.app.get(LockoutFacade).issueDeviceToken({ id, securityStamp }, 'ann', null);
  const trust = async (holder: DeviceHolder, former: string | null = null, traits = TRAITS): Promise<string> => {
    const token = aToken(holder);
    await work.run(() => facade.trust(holder, token, traits, former));
    return token;
  };
  const isTrusted = (holder: DeviceHolder, token: string | null): Promise<boolean> =>
    work.run(() => facade.recognise(holder, token));
  const listed = ({ tenantId, userId: id }: DeviceHolder) =>
    context.app.get(TrustedDeviceQueries).listOf(tenantId, id, null, context.clock.now());
  const eventsOf = async (holder: DeviceHolder, action: string): Promise<Recorded[]> =>
    (await recorded(context.source, action)).filter(({ user_id }) => user_id === holder.userId);
  const advance = (seconds: number): void => {
    context.clock.advance({ seconds });
  };

  it('is recognised by the token it keeps, and by nothing else', async () => {
    const holder = await aHolder();
    const token = await trust(holder);
    expect(await isTrusted(holder, token)).toBe(true);
    const hash = sha256(token);
    const others = [aToken(holder), `${token}A`, token.slice(0, -1), token.toLowerCase(), '', null];
    const read = [hash.toString('hex'), hash.toString('base64url'), hash.toString('latin1')];
    for (const other of [...others, ...read]) expect([other, await isTrusted(holder, other)]).toEqual([other, false]);
  });

  it('is trusted by its user alone, in that tenant alone', async () => {
    const holder = await aHolder();
    const token = await trust(holder);
    const { id: tenantId } = await stored.tenant();
    const { id: user } = (await stored.user({ securityStamp: holder.securityStamp })).snapshot();
    expect(await isTrusted({ ...holder, tenantId }, token)).toBe(false);
    expect(await isTrusted({ ...holder, userId: userId(user) }, token)).toBe(false);
    expect(await isTrusted(holder, token)).toBe(true);
  });

  it('is trusted no more when the security stamp of its user changes, in every tenant', async () => {
    const here = await aHolder();
    const there = { ...here, tenantId: (await stored.tenant()).id };
    const [one, other] = [await trust(here), await trust(there)];
    await work.run(() => context.app.get(AccountsFacade).renewStamp(here.userId));
    const renewed = (await aHolder(here)).securityStamp;
    expect(renewed).not.toBe(here.securityStamp);
    expect(await isTrusted({ ...here, securityStamp: renewed }, one)).toBe(false);
    expect(await isTrusted({ ...there, securityStamp: renewed }, other)).toBe(false);
    expect([await listed(here), await listed(there)]).toEqual([[], []]);
  });

  describe('of a user whose roles change', () => {
    const inTwoTenants = async () => {
      const here = await aHolder();
      const there = await aHolder({ userId: here.userId, tenantId: (await stored.tenant()).id });
      const colleague = await aHolder({ userId: (await stored.user()).snapshot().id, tenantId: here.tenantId });
      for (const member of [there, colleague]) await stored.member(member);
      const tokens = [await trust(here), await trust(there), await trust(colleague)] as const;
      const trusted = async () => [
        await isTrusted(here, tokens[0]),
        await isTrusted(there, tokens[1]),
        await isTrusted(colleague, tokens[2]),
      ];
      return { here, colleague, trusted };
    };
    const asOwner = async (holder: DeviceHolder): Promise<Principal> => {
      await stored.member(holder, 'owner');
      return new Inviting(context).callerOf(holder);
    };

    it('is trusted no more, in that tenant alone, whether an operator gives one or takes one', async () => {
      for (const change of ['grant', 'revoke'] as const) {
        const { here, trusted } = await inTwoTenants();
        if (change === 'revoke') await stored.member(here, 'admin');
        expect(await trusted()).toEqual([true, true, true]);
        await context.app.get(RolesFacade)[change](here.tenantId, here.userId, 'admin');
        expect([change, ...(await trusted())]).toEqual([change, false, true, true]);
      }
    });

    it('is trusted no more when others are set, though the sessions go on', async () => {
      const { here, colleague, trusted } = await inTwoTenants();
      const by = await asOwner(colleague);
      const session = (await stored.session(here)).snapshot();
      await context.app.get(SetMemberRoles).execute(by, here.userId, ['analyst']);
      expect(await trusted()).toEqual([false, true, true]);
      const sql = 'SELECT revoked_at FROM sessions WHERE id = $1';
      expect(await context.source.query(sql, [session.id])).toEqual([{ revoked_at: null }]);
    });

    it('is trusted no more when the tenant is given away, by who gives and by who gets', async () => {
      const { here, colleague, trusted } = await inTwoTenants();
      await context.app.get(TransferOwnership).execute(await asOwner(colleague), here.userId);
      expect(await trusted()).toEqual([false, true, false]);
    });

    it('stays trusted when that is refused, or changes nothing', async () => {
      const { here, trusted } = await inTwoTenants();
      const roles = context.app.get(SetMemberRoles);
      const by = await asOwner(here);
      await expect(roles.execute(by, here.userId, ['viewer'])).rejects.toMatchObject({ code: 'LAST_OWNER' });
      await roles.execute(by, here.userId, ['owner', 'viewer']);
      expect(await trusted()).toEqual([true, true, true]);
    });
  });

  it('is trusted for 30 days, however often it is used', async () => {
    const holder = await aHolder();
    const token = await trust(holder);
    for (let week = 1; week <= 4; week += 1) {
      advance(7 * DAY);
      expect(await isTrusted(holder, token)).toBe(true);
    }
    advance(2 * DAY - 1);
    expect([await isTrusted(holder, token), (await listed(holder)).length]).toEqual([true, 1]);
    advance(1);
    expect([await isTrusted(holder, token), (await listed(holder)).length]).toEqual([false, 0]);
  });

  it('is trusted for no longer than TRUSTED_DEVICE_TTL, when that becomes shorter too', async () => {
    const holder = await aHolder();
    const token = await trust(holder);
    const strict = await aContext({ database: context.database, variables: { TRUSTED_DEVICE_TTL: '3600' } });
    try {
      const [{ app, clock }, elapsed] = [strict, context.clock.now().getTime()];
      clock.advance({ seconds: (elapsed - clock.now().getTime()) / 1000 + 3599 });
      const now = (): Promise<boolean> =>
        app.get(UnitOfWork).run(() => app.get(TrustedDevicesFacade).recognise(holder, token));
      expect(await now()).toBe(true);
      clock.advance({ seconds: 1 });
      expect(await now()).toBe(false);
      const { tenantId, userId: id } = holder;
      expect(await app.get(TrustedDeviceQueries).listOf(tenantId, id, null, clock.now())).toEqual([]);
      expect(await app.get(RemoveEndedTrust).execute()).toBeGreaterThan(0);
      expect(await isTrusted(holder, token)).toBe(false);
    } finally {
      await strict.stop();
    }
  });

  it('leaves its token in no table, in no form', async () => {
    const holder = await aHolder();
    const former = await trust(holder);
    const token = await trust(holder, former);
    await isTrusted(holder, token);
    const dump = (await dumpOf(context.database, context.source)).toLowerCase();
    expect(spellings(sha256(token)).some((hash) => dump.includes(hash))).toBe(true);
    for (const text of [former, token]) {
      const secret = text.replace('dwdt_', '');
      const bytes = Buffer.from(secret, 'base64url');
      // 16 bytes tell which device it is, and the last 32 that it is none of anybody else's making.
      const parts = [bytes, bytes.subarray(17, 33), bytes.subarray(-32)];
      const forms = [...spellingsOfText(text), ...spellingsOfText(secret), ...parts.flatMap(spellings)];
      expect(forms.filter((form) => dump.includes(form.toLowerCase()))).toEqual([]);
    }
  });

  it('is called what it says it is, and was used when it was', async () => {
    const holder = await aHolder();
    const token = await trust(holder);
    const createdAt = context.clock.now();
    const expiresAt = new Date(createdAt.getTime() + 30 * DAY * 1000);
    const device = { name: 'Firefox on Windows', ipAddress: TRAITS.ipAddress, createdAt, expiresAt };
    expect(await listed(holder)).toMatchObject([{ ...device, lastUsedAt: null }]);
    advance(3600);
    await isTrusted(holder, token);
    const lastUsedAt = context.clock.now();
    advance(59);
    await isTrusted(holder, token);
    expect(await listed(holder)).toMatchObject([{ ...device, lastUsedAt }]);
  });

  it('is on record when it is trusted, without its token and its name', async () => {
    const holder = await aHolder();
    await trust(holder);
    const [device] = await listed(holder);
    expect(await eventsOf(holder, 'mfa.device_trusted')).toMatchObject([
      { outcome: 'success', tenant_id: holder.tenantId, details: { expires_at: device?.expiresAt.toISOString() } },
    ]);
    const [event] = await eventsOf(holder, 'mfa.device_trusted');
    expect(Object.keys(event?.details ?? {})).toEqual(['expires_at']);
  });

  it('stays one device, under its name, when it gets another token; the one before opens nothing', async () => {
    const holder = await aHolder();
    const former = await trust(holder);
    await context.source.query(`UPDATE trusted_devices SET name = 'Laptop' WHERE user_id = $1`, [holder.userId]);
    advance(60);
    const token = await trust(holder, former, { ...TRAITS, userAgent: SAFARI_ON_IPHONE });
    expect(await listed(holder)).toMatchObject([{ name: 'Laptop', createdAt: context.clock.now() }]);
    expect([await isTrusted(holder, former), await isTrusted(holder, token)]).toEqual([false, true]);
  });

  it('takes the place of none of another user, whatever token it showed', async () => {
    const [ann, bob] = [await aHolder(), await aHolder()];
    const token = await trust(ann);
    await trust(bob, token);
    expect(await isTrusted(ann, token)).toBe(true);
  });

  it('is trusted in a second tenant too, for no longer in the first, and by a copy of its former token in neither', async () => {
    const here = await aHolder();
    const [there, yonder] = [
      { ...here, tenantId: (await stored.tenant()).id },
      { ...here, tenantId: (await stored.tenant()).id },
    ];
    const [former, other] = [await trust(here), await trust(yonder)];
    const [before] = await listed(here);
    advance(60);
    const token = await trust(there, former);
    expect([await isTrusted(here, token), await isTrusted(there, token)]).toEqual([true, true]);
    expect([await isTrusted(here, former), await isTrusted(there, former)]).toEqual([false, false]);
    expect([await isTrusted(yonder, token), await isTrusted(yonder, other)]).toEqual([false, true]);
    expect(await listed(here)).toMatchObject([{ id: before?.id, expiresAt: before?.expiresAt }]);
  });

  it('may be trusted with the token it has, which happens within a second', async () => {
    const holder = await aHolder();
    const token = await trust(holder);
    await work.run(() => facade.trust(holder, token, TRAITS, token));
    expect([(await listed(holder)).length, await isTrusted(holder, token)]).toEqual([1, true]);
  });

  it(`is one of ${MOST_DEVICES} at most: with one more the oldest is trusted no more, and that is on record`, async () => {
    const holder = await aHolder();
    const there = { ...holder, tenantId: (await stored.tenant()).id };
    const elsewhere = await trust(there);
    const tokens: string[] = [];
    for (let count = 0; count < MOST_DEVICES; count += 1) {
      advance(1);
      tokens.push(await trust(holder));
    }
    expect(await isTrusted(holder, tokens[0]!)).toBe(true);
    advance(1);
    tokens.push(await trust(holder));
    const trusted = await Promise.all([tokens[0]!, tokens[1]!, tokens.at(-1)!].map((each) => isTrusted(holder, each)));
    expect([trusted, (await listed(holder)).length]).toEqual([[false, true, true], MOST_DEVICES]);
    expect(await eventsOf(holder, 'mfa.device_revoked')).toMatchObject([
      { tenant_id: holder.tenantId, details: { reason: 'too_many' } },
    ]);
    expect(await isTrusted(there, elsewhere)).toBe(true);
  });

  it('makes room for those of a new stamp without a word about those of the old', async () => {
    const holder = await aHolder();
    for (let count = 0; count < MOST_DEVICES; count += 1) await trust(holder);
    await work.run(() => context.app.get(AccountsFacade).renewStamp(holder.userId));
    advance(1);
    const renewed = await aHolder(holder);
    await trust(renewed);
    expect([(await listed(renewed)).length, await eventsOf(holder, 'mfa.device_revoked')]).toEqual([1, []]);
  });

  it('goes with all others of its user', async () => {
    const [ann, bob] = [await aHolder(), await aHolder()];
    const there = { ...ann, tenantId: (await stored.tenant()).id };
    const tokens = [await trust(ann), await trust(ann), await trust(there), await trust(bob)] as const;
    expect(await work.run(() => context.app.get(TrustedDevices).removeAllOf(ann.userId))).toBe(3);
    expect([await isTrusted(ann, tokens[0]), await isTrusted(ann, tokens[1])]).toEqual([false, false]);
    expect([await isTrusted(there, tokens[2]), await isTrusted(bob, tokens[3])]).toEqual([false, true]);
  });

  it('is undone with what it was trusted for', async () => {
    const holder = await aHolder();
    const token = aToken(holder);
    const failing = work.run(async () => {
      await facade.trust(holder, token, TRAITS);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect([await isTrusted(holder, token), await eventsOf(holder, 'mfa.device_trusted')]).toEqual([false, []]);
  });

  it('is forgotten when it is trusted no more, and not before', async () => {
    await context.source.query('DELETE FROM trusted_devices');
    const [ann, bob] = [await aHolder(), await aHolder()];
    await trust(ann);
    advance(15 * DAY);
    const token = await trust(ann);
    await trust(bob);
    await work.run(() => context.app.get(AccountsFacade).renewStamp(bob.userId));
    expect(await context.app.get(RemoveEndedTrust).execute()).toBe(1);
    advance(15 * DAY);
    expect(await context.app.get(RemoveEndedTrust).execute()).toBe(1);
    expect(await counted(context.source, 'trusted_devices')).toEqual({ trusted_devices: 1 });
    expect(await isTrusted(ann, token)).toBe(true);
  });
});
