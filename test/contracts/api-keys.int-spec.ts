import { randomBytes, randomUUID } from 'node:crypto';
import { ApiKeyQueries } from '../../src/modules/tokens/application/api-keys/api-key-queries';
import { ApiKeys } from '../../src/modules/tokens/application/api-keys/api-keys.port';
import { LiveApiKeys } from '../../src/modules/tokens/application/api-keys/live-api-keys.port';
import type { ApiKey, ApiKeyState } from '../../src/modules/tokens/domain/api-keys/api-key';
import { apiKeyId } from '../../src/modules/tokens/domain/api-keys/api-key-id';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { anApiKey } from '../support/an-api-key';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { interleaved } from '../support/gates';
import { type Member, Stored } from '../support/stored';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

describe.each(DATABASES)('API keys (%s)', (database) => {
  let context: TestContext;
  let keys: ApiKeys;
  let queries: ApiKeyQueries;
  let live: LiveApiKeys;
  let work: UnitOfWork;
  let stored: Stored;

  const idOf = (key: ApiKey) => key.snapshot().id;
  const read = async (key: ApiKey) => (await work.run(() => keys.take(idOf(key))))?.snapshot();
  const store = async (owner: Member, overrides: Partial<ApiKeyState> = {}): Promise<ApiKey> => {
    const key = anApiKey(owner, overrides);
    await work.run(() => keys.add(key));
    return key;
  };
  const find = (key: ApiKey, now = context.clock.now()) => live.find(key.snapshot().secretHash, now);

  beforeAll(async () => {
    context = await aContext({ database });
    [keys, queries, live] = [context.app.get(ApiKeys), context.app.get(ApiKeyQueries), context.app.get(LiveApiKeys)];
    [work, stored] = [context.app.get(UnitOfWork), new Stored(context)];
  });
  afterAll(() => context.stop());

  describe('every store of them', () => {
    it('gives a key back as it was stored, its hash byte by byte', async () => {
      const owner = await stored.newMember();
      const permissions = ['detector:read', 'dataset:*', '*:*'];
      const key = await store(owner, { description: 'for the night', permissions });
      const { secretHash, ...state } = key.snapshot();
      const found = await read(key);
      expect(found).toMatchObject(state);
      expect(Buffer.from(found!.secretHash).toString('hex')).toBe(Buffer.from(secretHash).toString('hex'));
    });

    it('takes a key in its own tenant, and none of another tenant', async () => {
      const [owner, other] = [await stored.newMember(), await stored.newMember()];
      const key = await store(owner);
      const takenIn = (member: Member) => work.run(() => keys.takeIn(member.tenantId, idOf(key)));
      expect((await takenIn(owner))?.snapshot().id).toBe(idOf(key));
      expect(await takenIn(other)).toBeNull();
    });

    it('revokes all that act for an owner in one tenant, or in all, and counts them', async () => {
      const owner = await stored.newMember();
      const there = { userId: owner.userId, tenantId: (await stored.tenant()).id };
      const other = { userId: (await stored.user()).snapshot().id, tenantId: owner.tenantId };
      const [here, elsewhere, theirs] = [await store(owner), await store(there), await store(other)];
      const before = await store(owner, { revokedAt: at(1) });
      const revoke = (tenant: Member['tenantId'] | null) =>
        work.run(() => keys.revokeAllOf(owner.userId, tenant, at(9)));
      expect(await revoke(owner.tenantId)).toBe(1);
      expect([(await read(here))?.revokedAt, (await read(before))?.revokedAt]).toEqual([at(9), at(1)]);
      for (const live of [elsewhere, theirs]) expect((await read(live))?.revokedAt).toBeNull();
      expect(await revoke(null)).toBe(1);
      expect((await read(elsewhere))?.revokedAt).toEqual(at(9));
      expect((await read(theirs))?.revokedAt).toBeNull();
    });

    it('revokes all of a tenant, whoever they act for, and none of another', async () => {
      const owner = await stored.newMember();
      const there = { userId: owner.userId, tenantId: (await stored.tenant()).id };
      const other = { userId: (await stored.user()).snapshot().id, tenantId: owner.tenantId };
      const [mine, theirs, elsewhere] = [await store(owner), await store(other), await store(there)];
      const revoke = () => work.run(() => keys.revokeAllIn(owner.tenantId, at(9)));
      expect([await revoke(), await revoke()]).toEqual([2, 0]);
      for (const revoked of [mine, theirs]) expect((await read(revoked))?.revokedAt).toEqual(at(9));
      expect((await read(elsewhere))?.revokedAt).toBeNull();
    });

    it('takes no key that was never stored', async () => {
      const { tenantId } = await stored.newMember();
      const id = apiKeyId(randomUUID());
      expect(await work.run(() => keys.take(id))).toBeNull();
      expect(await work.run(() => keys.takeIn(tenantId, id))).toBeNull();
    });

    it('saves a changed key and nothing of another one', async () => {
      const owner = await stored.newMember();
      const [key, other] = [await store(owner), await store(owner)];
      key.revoke(at(5));
      await work.run(() => keys.save(key));
      expect(await read(key)).toMatchObject({ revokedAt: at(5) });
      expect(await read(other)).toMatchObject({ revokedAt: null });
    });

    it('saves what a key is changed to and what took its place, and gives that back', async () => {
      const owner = await stored.newMember();
      const [key, successor] = [await store(owner), anApiKey(owner)];
      const change = { name: 'report', description: 'nightly', permissions: ['dataset:*'], allowedIps: ['::1'] };
      key.change(change);
      key.giveWayTo(idOf(successor), 60, at(5));
      await work.run(() => keys.save(key));
      expect(await read(key)).toMatchObject({ ...change, successorId: idOf(successor), expiresAt: at(65) });
    });

    it('keeps a key that gives way in the moment it is made', async () => {
      const key = await store(await stored.newMember(), { createdAt: at(0), expiresAt: at(9) });
      key.giveWayTo(apiKeyId(randomUUID()), 0, at(0));
      await work.run(() => keys.save(key));
      expect(await read(key)).toMatchObject({ expiresAt: at(0) });
    });

    it('keeps no key that takes its own place', async () => {
      const key = await store(await stored.newMember());
      key.giveWayTo(idOf(key), 0, at(0));
      await expect(work.run(() => keys.save(key))).rejects.toThrow('api_keys_successor_is_another');
    });

    it('holds a taken key, so that of two who revoke it one comes first', async () => {
      const key = await store(await stored.newMember());
      const revoke = async (now: Date): Promise<boolean> => {
        const taken = (await keys.take(idOf(key)))!;
        const revoked = taken.revoke(now);
        await keys.save(taken);
        return revoked;
      };
      const second = await interleaved(context, revoke, () => work.run(revoke));
      expect(second).toEqual({ status: 'fulfilled', value: false });
    });

    it('keeps no two keys of one hash', async () => {
      const owner = await stored.newMember();
      const { secretHash } = (await store(owner)).snapshot();
      await expect(store(owner, { secretHash })).rejects.toThrow('api_keys_secret_hash_unique');
    });

    it.each([
      ['without permissions', { permissions: [] }, 'api_keys_permissions_some'],
      ['that ends when it begins', { expiresAt: at(0), createdAt: at(0) }, 'api_keys_live_for_a_while'],
      ['whose hash is cut', { secretHash: randomBytes(31) }, 'api_keys_secret_hash_whole'],
    ])('keeps no key %s', async (_, broken, constraint) => {
      await expect(store(await stored.newMember(), broken)).rejects.toThrow(constraint);
    });

    it('refuses to write or take outside a unit of work', async () => {
      const owner = await stored.newMember();
      const key = anApiKey(owner);
      const attempts = [
        () => keys.add(key),
        () => keys.save(key),
        () => keys.take(idOf(key)),
        () => keys.takeIn(owner.tenantId, idOf(key)),
      ];
      for (const attempt of attempts) await expect(attempt()).rejects.toThrow('outside UnitOfWork');
    });
  });

  describe('every reader of them', () => {
    it('shows a key of the tenant, and none of another tenant', async () => {
      const [owner, other] = [await stored.newMember(), await stored.newMember()];
      const key = await store(owner);
      const { tenantId: _tenant, secretHash: _hash, revokedAt: _revoked, ...shown } = key.snapshot();
      const { id } = shown;
      expect(await queries.find(owner.tenantId, id)).toEqual(shown);
      expect(await queries.find(other.tenantId, id)).toBeNull();
    });

    it('pages through the keys of the tenant in the order they were made, and through no others', async () => {
      const [owner, other] = [await stored.newMember(), await stored.newMember()];
      const ids = ['1', '2', '3'].map((digit) => apiKeyId(`01890a5d-ac96-774b-bcce-b302099a805${digit}`));
      for (const id of [...ids].reverse()) await store(owner, { id });
      await store(other);
      const first = await queries.list(owner.tenantId, 2, null);
      expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
      expect(first.nextCursor).toBe(ids[1]);
      const second = await queries.list(owner.tenantId, 2, first.nextCursor);
      expect([second.items.map(({ id }) => id), second.nextCursor]).toEqual([ids.slice(2), null]);
      expect((await queries.list(owner.tenantId, 3, null)).nextCursor).toBeNull();
    });

    it('shows an expired key, and a revoked one no more', async () => {
      const owner = await stored.newMember();
      const expired = await store(owner, { createdAt: at(0), expiresAt: at(1) });
      const revoked = await store(owner, { revokedAt: at(1) });
      context.clock.advance({ seconds: 2 });
      expect((await queries.list(owner.tenantId, 10, null)).items.map(({ id }) => id)).toEqual([idOf(expired)]);
      expect(await queries.find(owner.tenantId, idOf(revoked))).toBeNull();
    });
  });

  describe('every reader of live ones', () => {
    it('tells what the key may do, and what its owner may do in that tenant', async () => {
      const owner = await stored.newMember();
      await stored.member({ userId: owner.userId, tenantId: (await stored.tenant()).id }, 'owner');
      const key = await store(owner, { permissions: ['detector:*'], allowedIps: ['203.0.113.0/24'] });
      expect(await find(key)).toEqual({
        id: idOf(key),
        ownerId: owner.userId,
        tenantId: owner.tenantId,
        permissions: ['detector:*'],
        ownerPermissions: ['dataset:read', 'detector:read', 'experiment:read'],
        allowedIps: ['203.0.113.0/24'],
        networks: [],
      });
    });

    it.each([
      ['its owner is disabled', "UPDATE users SET status = 'disabled' WHERE id = $1", 'userId'],
      ['its tenant is suspended', "UPDATE tenants SET status = 'suspended' WHERE id = $1", 'tenantId'],
      ['its owner is no member any more', 'DELETE FROM memberships WHERE user_id = $1', 'userId'],
      ['its owner is locked there', "UPDATE memberships SET status = 'locked' WHERE user_id = $1", 'userId'],
      ['its owner is disabled there', "UPDATE memberships SET status = 'disabled' WHERE user_id = $1", 'userId'],
      ['its tenant is deleted', "UPDATE tenants SET status = 'deleted', purge_after = now() WHERE id = $1", 'tenantId'],
    ] as const)('knows no live key once %s', async (_when, sql, of) => {
      const owner = await stored.newMember();
      const key = await store(owner);
      expect(await find(key)).not.toBeNull();
      await context.source.query(sql, [owner[of]]);
      expect(await find(key)).toBeNull();
    });

    it('knows a key until the moment it expires', async () => {
      const key = await store(await stored.newMember(), { createdAt: at(0), expiresAt: at(10) });
      expect(await find(key, new Date(at(10).getTime() - 1))).not.toBeNull();
      expect(await find(key, at(10))).toBeNull();
    });

    it('knows no key that is revoked, or was never stored', async () => {
      const owner = await stored.newMember();
      expect(await find(await store(owner, { revokedAt: at(0) }))).toBeNull();
      expect(await find(anApiKey(owner))).toBeNull();
    });
  });
});
