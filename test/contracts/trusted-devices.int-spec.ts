import { randomUUID } from 'node:crypto';
import { TrustedDeviceQueries } from '../../src/modules/mfa/application/trusted-devices/trusted-device-queries';
import { TrustedDevices } from '../../src/modules/mfa/application/trusted-devices/trusted-devices.port';
import type { TrustedDevice, TrustedDeviceState } from '../../src/modules/mfa/domain/trusted-device';
import { sha256 } from '../../src/platform/crypto/sha256';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aTrustedDevice } from '../support/a-trusted-device';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { interleaved } from '../support/gates';
import { type Member, Stored } from '../support/stored';

const DAY = 86_400;
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
/** The same whatever kind of bytes a store gives back. */
const plain = (device: TrustedDevice | null | undefined): unknown => {
  if (!device) return null;
  const { tokenHash, ...rest } = device.snapshot();
  return { ...rest, tokenHash: Buffer.from(tokenHash).toString('hex') };
};
const idOf = (device: TrustedDevice): string => device.snapshot().id;

describe.each(DATABASES)('trusted devices (%s)', (database) => {
  let context: TestContext;
  let devices: TrustedDevices;
  let work: UnitOfWork;
  let stored: Stored;
  let ann: Member;
  let stamp: string;
  let annElsewhere: Member;
  let bob: Member;

  beforeAll(async () => {
    context = await aContext({ database });
    [devices, work, stored] = [context.app.get(TrustedDevices), context.app.get(UnitOfWork), new Stored(context)];
    ann = await stored.newMember();
    stamp = await stored.stampOf(ann);
    annElsewhere = { ...ann, tenantId: (await stored.tenant()).id };
    bob = { userId: (await stored.user()).snapshot().id, tenantId: ann.tenantId };
  });
  afterAll(() => context.stop());
  beforeEach(() => context.source.query('DELETE FROM trusted_devices'));

  /** Under the stamp that Ann has. */
  const store = async (of: Member, overrides: Partial<TrustedDeviceState> = {}): Promise<TrustedDevice> => {
    const device = aTrustedDevice(of, { securityStamp: stamp, ...overrides });
    await work.run(() => devices.add(device));
    return device;
  };
  const take = (of: Member, id: string) => work.run(() => devices.take(of.tenantId, of.userId, id));
  const takeByToken = (of: Member, device: TrustedDevice) =>
    work.run(() => devices.takeByToken(of.tenantId, of.userId, device.snapshot().tokenHash));
  const left = async (): Promise<string[]> =>
    (await context.source.query<{ id: string }[]>('SELECT id FROM trusted_devices')).map(({ id }) => id).sort();

  describe('every store of them', () => {
    it.each<[string, Partial<TrustedDeviceState>]>([
      ['all of it', { lastUsedAt: at(60) }],
      ['that was never used, from nowhere', { lastUsedAt: null, ipAddress: null }],
    ])('gives a device back as it was stored: %s', async (_, overrides) => {
      const device = await store(ann, overrides);
      expect(plain(await take(ann, idOf(device)))).toEqual(plain(device));
      expect(plain(await takeByToken(ann, device))).toEqual(plain(device));
    });

    it('finds none of another user, of another tenant, or by another token', async () => {
      const [device, another] = [await store(ann), aTrustedDevice(ann)];
      for (const other of [bob, annElsewhere]) {
        expect(await take(other, idOf(device))).toBeNull();
        expect(await takeByToken(other, device)).toBeNull();
      }
      expect(await take(ann, idOf(another))).toBeNull();
      expect(await takeByToken(ann, another)).toBeNull();
    });

    it('finds one of another stamp by its token alone, for that is for others to judge', async () => {
      const device = await store(ann, { securityStamp: randomUUID() });
      expect(await take(ann, idOf(device))).toBeNull();
      expect(plain(await takeByToken(ann, device))).toEqual(plain(device));
    });

    it('keeps the name and the last use, and nothing of another device', async () => {
      const [device, other] = [await store(ann), await store(ann)];
      device.rename('Laptop at home 🦊');
      device.use(at(60));
      await work.run(() => devices.save(device));
      expect(plain(await take(ann, idOf(device)))).toEqual(plain(device));
      expect(plain(await take(ann, idOf(other)))).toEqual(plain(other));
    });

    it('removes one by its id', async () => {
      const [device, other] = [await store(ann), await store(ann)];
      await work.run(() => devices.remove(idOf(device)));
      expect(await left()).toEqual([idOf(other)]);
    });

    it('removes by tokens those of that user in that tenant, and tells which', async () => {
      const [one, two, kept] = [await store(ann), await store(ann), await store(ann)];
      const [elsewhere, bobs] = [await store(annElsewhere), await store(bob)];
      const hashes = [one, two, elsewhere, bobs].map((device) => device.snapshot().tokenHash);
      const removed = await work.run(() => devices.removeByTokens(ann.tenantId, ann.userId, hashes));
      expect(removed.map(idOf).sort()).toEqual([idOf(one), idOf(two)].sort());
      expect(removed.map(plain)).toContainEqual(plain(one));
      expect(await left()).toEqual([kept, elsewhere, bobs].map(idOf).sort());
      expect(await work.run(() => devices.removeByTokens(ann.tenantId, ann.userId, hashes))).toEqual([]);
    });

    it('replaces a token of that user in every tenant, and nothing else', async () => {
      const [tokenHash, next] = [sha256('former'), sha256('next')];
      const [here, there] = [await store(ann, { tokenHash }), await store(annElsewhere, { tokenHash })];
      const { id: tenantId } = await stored.tenant();
      const others = [await store(ann), await store(bob), await store({ ...bob, tenantId }, { tokenHash })];
      await work.run(() => devices.replaceToken(ann.userId, tokenHash, next));
      for (const moved of [here, there]) {
        const { tenantId: of, id } = moved.snapshot();
        expect(plain(await take({ ...ann, tenantId: of }, id))).toEqual({
          ...(plain(moved) as object),
          tokenHash: next.toString('hex'),
        });
      }
      for (const other of others) {
        const { tenantId: of, userId } = other.snapshot();
        expect(plain(await takeByToken({ tenantId: of, userId }, other))).toEqual(plain(other));
      }
    });

    it('removes the oldest of a user in a tenant, and tells which', async () => {
      const [second, oldest, newest] = [
        await store(ann, { createdAt: at(2) }),
        await store(ann, { createdAt: at(1) }),
        await store(ann, { createdAt: at(3) }),
      ];
      const others = [await store(annElsewhere, { createdAt: at(0) }), await store(bob, { createdAt: at(0) })];
      const removed = await work.run(() => devices.removeOldest(ann.tenantId, ann.userId, 2));
      expect(removed.map(plain)).toEqual([plain(oldest)]);
      expect(await left()).toEqual([second, newest, ...others].map(idOf).sort());
      expect(await work.run(() => devices.removeOldest(ann.tenantId, ann.userId, 2))).toEqual([]);
    });

    it('removes all of a user in every tenant, and none of anybody else', async () => {
      await store(ann);
      await store(annElsewhere, { securityStamp: randomUUID() });
      const other = await store(bob);
      expect(await work.run(() => devices.removeAllOf(ann.userId))).toBe(2);
      expect(await left()).toEqual([idOf(other)]);
      expect(await work.run(() => devices.removeAllOf(ann.userId))).toBe(0);
    });

    it('removes those of a user in one tenant, and none of their other tenants or of others there', async () => {
      await store(ann);
      await store(ann);
      const others = [await store(annElsewhere), await store(bob)];
      await work.run(() => devices.removeAllIn(ann.tenantId, ann.userId));
      expect(await left()).toEqual(others.map(idOf).sort());
    });

    it('lets one token be trusted once in a tenant', async () => {
      const { tokenHash } = (await store(ann)).snapshot();
      await expect(store(ann, { tokenHash })).rejects.toThrow('trusted_devices_token_unique');
      await expect(store(bob, { tokenHash })).rejects.toThrow('trusted_devices_token_unique');
      await expect(store(annElsewhere, { tokenHash })).resolves.toBeDefined();
    });

    it.each<[string, (device: TrustedDevice) => Promise<TrustedDevice | null>]>([
      ['its token', (device) => takeByToken(ann, device)],
      ['its id', (device) => take(ann, idOf(device))],
    ])('holds one that is taken by %s: whoever comes next finds what became of it', async (_, second) => {
      const device = await store(ann);
      const removing = async (): Promise<void> => {
        await devices.takeByToken(ann.tenantId, ann.userId, device.snapshot().tokenHash);
        await devices.remove(idOf(device));
      };
      expect(await interleaved(context, removing, () => second(device))).toEqual({ status: 'fulfilled', value: null });
      const another = await store(ann);
      const renaming = async (): Promise<void> => {
        const taken = await devices.take(ann.tenantId, ann.userId, idOf(another));
        taken!.rename('Renamed');
        await devices.save(taken!);
      };
      const found = await interleaved(context, renaming, () => second(another));
      expect((found as PromiseFulfilledResult<TrustedDevice>).value.snapshot().name).toBe('Renamed');
    });

    it('loses those of a user or a tenant that is erased', async () => {
      const [user, tenant] = [(await stored.user()).snapshot().id, (await stored.tenant()).id];
      const other = await store(ann);
      await store({ userId: user, tenantId: ann.tenantId });
      await store({ userId: ann.userId, tenantId: tenant });
      await context.source.query('DELETE FROM users WHERE id = $1', [user]);
      await context.source.query('DELETE FROM tenants WHERE id = $1', [tenant]);
      expect(await left()).toEqual([idOf(other)]);
    });

    it('changes nothing outside a unit of work', async () => {
      const device = aTrustedDevice(ann);
      const { tokenHash } = device.snapshot();
      const attempts: readonly (() => Promise<unknown>)[] = [
        () => devices.add(device),
        () => devices.save(device),
        () => devices.take(ann.tenantId, ann.userId, idOf(device)),
        () => devices.takeByToken(ann.tenantId, ann.userId, tokenHash),
        () => devices.remove(idOf(device)),
        () => devices.removeByTokens(ann.tenantId, ann.userId, [tokenHash]),
        () => devices.removeOldest(ann.tenantId, ann.userId, 1),
        () => devices.removeAllOf(ann.userId),
        () => devices.removeAllIn(ann.tenantId, ann.userId),
        () => devices.removeEnded(at(0), at(0), 1),
      ];
      for (const attempt of attempts) await expect((async () => attempt())()).rejects.toThrow('outside UnitOfWork');
    });
  });

  describe('removing those that are trusted no more', () => {
    const removeEnded = (limit = 10): Promise<number> => work.run(() => devices.removeEnded(at(100), at(10), limit));

    it('removes what is over, what was trusted too long ago and what is under another stamp, and nothing else', async () => {
      const kept = [
        await store(ann, { createdAt: at(11), expiresAt: at(101) }),
        await store(bob, { createdAt: at(11), expiresAt: at(101), securityStamp: await stored.stampOf(bob) }),
      ];
      await store(ann, { createdAt: at(11), expiresAt: at(100) });
      await store(ann, { createdAt: at(10), expiresAt: at(101) });
      await store(ann, { createdAt: at(11), expiresAt: at(101), securityStamp: randomUUID() });
      await store(bob, { createdAt: at(11), expiresAt: at(101), securityStamp: stamp });
      expect(await removeEnded()).toBe(4);
      expect(await left()).toEqual(kept.map(idOf).sort());
    });

    it('removes no more than it is asked to', async () => {
      for (let count = 0; count < 3; count += 1) await store(ann, { expiresAt: at(1) });
      expect([await removeEnded(2), await removeEnded(2), await removeEnded(2)]).toEqual([2, 1, 0]);
    });

    it('does not wait for whoever holds one', async () => {
      if (database === 'embedded') return; // There all transactions wait for each other.
      const held = await store(ann, { expiresAt: at(1) });
      await store(ann, { expiresAt: at(1) });
      const { tokenHash } = held.snapshot();
      const removed = await interleaved(
        context,
        () => devices.takeByToken(ann.tenantId, ann.userId, tokenHash),
        () => removeEnded(),
      );
      expect(removed).toEqual({ status: 'fulfilled', value: 1 });
      expect(await left()).toEqual([idOf(held)]);
    });
  });

  describe('every reader of them', () => {
    const list = (of: Member, now = at(1), token: string | null = null) =>
      context.app.get(TrustedDeviceQueries).listOf(of.tenantId, of.userId, token, now);

    it('shows all there is to see of a device, and nothing of its token', async () => {
      const device = (await store(ann, { lastUsedAt: at(60) })).snapshot();
      expect(await list(ann)).toEqual([
        {
          id: device.id,
          name: device.name,
          ipAddress: device.ipAddress,
          createdAt: device.createdAt,
          lastUsedAt: device.lastUsedAt,
          expiresAt: device.expiresAt,
          current: false,
        },
      ]);
    });

    it('begins with the newest', async () => {
      const ids: string[] = [];
      for (const second of [2, 3, 1]) ids.push(idOf(await store(ann, { createdAt: at(second) })));
      expect((await list(ann, at(4))).map(({ id }) => id)).toEqual([ids[1], ids[0], ids[2]]);
    });

    it('knows the one that asks by its token', async () => {
      const mine = idOf(await store(ann, { tokenHash: sha256('dwdt_mine') }));
      await store(ann);
      const current = async (token: string | null): Promise<string[]> =>
        (await list(ann, at(1), token)).filter((device) => device.current).map(({ id }) => id);
      expect([await current('dwdt_mine'), await current('dwdt_other'), await current(null)]).toEqual([[mine], [], []]);
    });

    it('shows none of another tenant or another user', async () => {
      const device = await store(ann);
      await store(annElsewhere);
      await store(bob, { securityStamp: await stored.stampOf(bob) });
      expect((await list(ann)).map(({ id }) => id)).toEqual([idOf(device)]);
    });

    it('shows none that is over or under another stamp', async () => {
      await store(ann, { expiresAt: at(100) });
      expect([(await list(ann, at(99))).length, (await list(ann, at(100))).length]).toEqual([1, 0]);
      await store(ann, { securityStamp: randomUUID() });
      expect(await list(ann, at(100))).toEqual([]);
    });

    it('shows none for longer than devices are trusted now', async () => {
      await store(ann, { expiresAt: at(90 * DAY) });
      expect(await list(ann, at(30 * DAY - 1))).toMatchObject([{ expiresAt: at(30 * DAY) }]);
      expect(await list(ann, at(30 * DAY))).toEqual([]);
    });
  });
});
