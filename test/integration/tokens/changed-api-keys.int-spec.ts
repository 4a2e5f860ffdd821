import { randomUUID } from 'node:crypto';
import { DomainError, NotFound, ValidationFailed } from '../../../src/kernel/domain-error';
import type { TenantId } from '../../../src/kernel/ids';
import { type Countable, QuotasFacade } from '../../../src/modules/tenancy/quotas.facade';
import { ApiKeysFacade } from '../../../src/modules/tokens/api-keys.facade';
import { ApiKeyQueries } from '../../../src/modules/tokens/application/api-keys/api-key-queries';
import { ChangeApiKey, type KeyActor } from '../../../src/modules/tokens/application/api-keys/change-api-key';
import {
  type ApiKeyInput,
  MintApiKey,
  type MintedApiKey,
} from '../../../src/modules/tokens/application/api-keys/mint-api-key';
import { RevokeApiKey } from '../../../src/modules/tokens/application/api-keys/revoke-api-key';
import { RotateApiKey } from '../../../src/modules/tokens/application/api-keys/rotate-api-key';
import {
  BeyondOwnPermissions,
  KeyAboveOwnRights,
  NotOwnKey,
  NotToBeRotated,
} from '../../../src/modules/tokens/domain/api-keys/api-key-errors';
import { apiKeyId } from '../../../src/modules/tokens/domain/api-keys/api-key-id';
import { AccessTokenRefused } from '../../../src/modules/tokens/domain/errors';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { statementsOf } from '../../support/statements';
import { type Member, Stored } from '../../support/stored';

const DAY_SECONDS = 86_400;
const HOME = '203.0.113.7';

class NoRoom extends DomainError {
  readonly code = 'QUOTA_EXCEEDED';
}

/** Lets in as many as the test says, and remembers where there was asked for room. */
class Room {
  full = false;
  readonly claims: [TenantId, Countable][] = [];

  claim(tenant: TenantId, what: Countable): Promise<void> {
    this.claims.push([tenant, what]);
    return this.full ? Promise.reject(new NoRoom()) : Promise.resolve();
  }
}

describe('an API key that is there', () => {
  const room = new Room();
  let context: TestContext;
  let stored: Stored;
  let changing: ChangeApiKey;
  let rotating: RotateApiKey;

  beforeAll(async () => {
    context = await aContext({ overrides: [[QuotasFacade, room]] });
    stored = new Stored(context);
    [changing, rotating] = [context.app.get(ChangeApiKey), context.app.get(RotateApiKey)];
  });
  afterAll(() => context.stop());
  beforeEach(() => {
    room.full = false;
  });

  const newcomer = async (tenantId: TenantId, role: string): Promise<KeyActor> => {
    const { id: userId } = (await stored.user()).snapshot();
    await stored.member({ userId, tenantId }, role);
    return { userId, tenantId, sessionId: null };
  };
  const anActor = async (role = 'owner'): Promise<KeyActor> => newcomer((await stored.tenant()).id, role);
  const minted = ({ userId, tenantId }: Member, change: Partial<ApiKeyInput> = {}): Promise<MintedApiKey> =>
    context.app.get(MintApiKey).execute({
      tenantId,
      ownerId: userId,
      madeIn: null,
      name: 'pipeline',
      description: null,
      permissions: ['detector:read'],
      expiresAt: null,
      ...change,
    });
  const caller = (key: string, from: string | null = HOME) => context.app.get(ApiKeysFacade).authenticate(key, from);
  const shown = ({ tenantId }: Member, { id }: MintedApiKey) => context.app.get(ApiKeyQueries).find(tenantId, id);
  const inSeconds = (seconds: number): Date => new Date(context.clock.now().getTime() + seconds * 1000);
  const takeRole = (role: string, { userId }: Member) =>
    context.source.query(
      'DELETE FROM membership_roles mr USING roles r WHERE r.id = mr.role_id AND r.name = $1 AND mr.user_id = $2',
      [role, userId],
    );
  const keysFor = (tenantId: TenantId, days: number | null) =>
    context.source.query('UPDATE tenants SET api_key_max_days = $2 WHERE id = $1', [tenantId, days]);
  const recordOf = ({ id }: Pick<MintedApiKey, 'id'>) =>
    context.source.query<unknown[]>(
      'SELECT action, outcome, user_id, details FROM audit_events WHERE target_id = $1 ORDER BY sequence',
      [id],
    );

  describe('is changed', () => {
    it('in what is named, at once, and in nothing else, on record', async () => {
      const by = await anActor();
      const key = await minted(by, { permissions: ['detector:read', 'dataset:read'] });
      const changed = await changing.execute(by, key.id, { permissions: ['dataset:read'], allowedIps: [HOME] });
      const { key: _key, ...before } = key;
      expect(changed).toEqual({ ...before, permissions: ['dataset:read'], allowedIps: [HOME] });
      expect(await shown(by, key)).toEqual(changed);
      expect((await caller(key.key))?.permissions).toEqual(['dataset:read']);
      const details = {
        changed_by: by.userId,
        fields: ['permissions', 'allowed_ips'],
        permissions: ['dataset:read'],
        networks: 1,
      };
      expect((await recordOf(key)).at(-1)).toEqual({
        action: 'api_key.updated',
        outcome: 'success',
        user_id: by.userId,
        details,
      });
    });

    it('in its name without saying that name to the record, and not at all when nothing is different', async () => {
      const by = await anActor();
      const key = await minted(by);
      await changing.execute(by, key.id, { name: 'of Ann', description: 'for Bob' });
      const record = await recordOf(key);
      expect(record.at(-1)).toMatchObject({ details: { fields: ['name', 'description'] } });
      expect(JSON.stringify(record)).not.toMatch(/Ann|Bob/);
      await changing.execute(by, key.id, { name: 'of Ann' });
      expect(await recordOf(key)).toEqual(record);
    });

    it.each([
      ['what the caller may not do', 'admin', ['detector:read', '*:*']],
      ['a whole resource of which the caller has actions', 'data_scientist', ['detector:*']],
    ])('never into %s', async (_, role, permissions) => {
      const by = await anActor(role);
      const key = await minted(by);
      await expect(changing.execute(by, key.id, { permissions })).rejects.toThrow(BeyondOwnPermissions);
      expect((await shown(by, key))?.permissions).toEqual(['detector:read']);
      expect((await recordOf(key)).at(-1)).toMatchObject({
        action: 'access.denied',
        outcome: 'failure',
        details: { reason: 'beyond_own_permissions', permissions: permissions.slice(-1) },
      });
    });

    it('never, by whoever may more, into what its owner may not do', async () => {
      const owner = await anActor('analyst');
      const by = await newcomer(owner.tenantId, 'owner');
      const key = await minted(owner);
      await expect(changing.execute(by, key.id, { permissions: ['user:read'] })).rejects.toThrow(BeyondOwnPermissions);
      expect((await recordOf(key)).at(-1)).toMatchObject({
        user_id: by.userId,
        details: { reason: 'beyond_owners_permissions', permissions: ['user:read'] },
      });
      await changing.execute(by, key.id, { permissions: ['dataset:read'] });
      expect((await caller(key.key))?.permissions).toEqual(['dataset:read']);
    });

    it('by nobody who may less than the key, not even in its networks', async () => {
      const owner = await anActor('owner');
      const by = await newcomer(owner.tenantId, 'admin');
      const key = await minted(owner, { permissions: ['*:*'], allowedIps: ['198.51.100.0/24'] });
      for (const change of [{ allowedIps: [] }, { name: 'mine' }, { permissions: ['detector:read'] }]) {
        await expect(changing.execute(by, key.id, change)).rejects.toThrow(KeyAboveOwnRights);
      }
      expect((await shown(owner, key))?.allowedIps).toEqual(['198.51.100.0/24']);
      expect((await recordOf(key)).at(-1)).toMatchObject({
        action: 'access.denied',
        user_id: by.userId,
        details: { reason: 'above_own_rights', permissions: ['*:*'] },
      });
    });

    it('by its owner, who has lost rights since, into what is left of them', async () => {
      const by = await anActor('analyst');
      await stored.member(by, 'admin');
      const key = await minted(by, { permissions: ['detector:read', 'user:read'] });
      await takeRole('admin', by);
      await expect(changing.execute(by, key.id, { permissions: ['user:read'] })).rejects.toThrow(BeyondOwnPermissions);
      await changing.execute(by, key.id, { name: 'less', permissions: ['detector:read'] });
      expect(await shown(by, key)).toMatchObject({ name: 'less', permissions: ['detector:read'] });
    });

    it.each([
      ['no permission', []],
      ['half a permission', ['detector']],
    ])('never into one with %s', async (_, permissions) => {
      const by = await anActor();
      const key = await minted(by);
      await expect(changing.execute(by, key.id, { permissions })).rejects.toThrow(ValidationFailed);
    });
  });

  describe('is rotated', () => {
    it('into one that is like it, while both are good for the overlap', async () => {
      const by = await anActor();
      const old = await minted(by, {
        description: 'nightly',
        permissions: ['detector:read', 'dataset:*'],
        allowedIps: ['203.0.113.0/24'],
        expiresAt: inSeconds(7 * DAY_SECONDS),
      });
      context.clock.advance({ seconds: DAY_SECONDS });
      const next = await rotating.execute({ by, id: old.id, overlapSeconds: 60 });
      expect(next).toMatchObject({
        ownerId: by.userId,
        name: 'pipeline',
        description: 'nightly',
        permissions: ['detector:read', 'dataset:*'],
        allowedIps: ['203.0.113.0/24'],
        createdAt: context.clock.now(),
        expiresAt: inSeconds(7 * DAY_SECONDS),
        lastUsedAt: null,
        successorId: null,
      });
      expect(next.key).not.toBe(old.key);
      expect(await shown(by, old)).toMatchObject({ successorId: next.id, expiresAt: inSeconds(60) });
      context.clock.advance({ seconds: 59 });
      expect([await caller(old.key), await caller(next.key)]).toMatchObject([
        { apiKeyId: old.id },
        { apiKeyId: next.id },
      ]);
      context.clock.advance({ seconds: 1 });
      expect([await caller(old.key), await caller(next.key)]).toMatchObject([null, { apiKeyId: next.id }]);
      expect(await recordOf(next)).toMatchObject([{ action: 'api_key.created' }]);
      expect((await recordOf(old)).at(-1)).toMatchObject({
        action: 'api_key.rotated',
        details: { successor: next.id },
      });
    });

    it('at once when they do not overlap, even in the moment it is made', async () => {
      const by = await anActor();
      const old = await minted(by);
      const next = await rotating.execute({ by, id: old.id, overlapSeconds: 0 });
      expect([await caller(old.key), await caller(next.key)]).toMatchObject([null, { apiKeyId: next.id }]);
    });

    it('and never good for longer than it was made for', async () => {
      const by = await anActor();
      const old = await minted(by, { expiresAt: inSeconds(30) });
      await rotating.execute({ by, id: old.id, overlapSeconds: 60 });
      expect((await shown(by, old))?.expiresAt).toEqual(inSeconds(30));
    });

    it('once, also by two at once', async () => {
      const by = await anActor();
      const old = await minted(by);
      const rotate = () => rotating.execute({ by, id: old.id, overlapSeconds: 60 });
      const second = await interleaved(context, rotate, rotate);
      expect((second as PromiseRejectedResult).reason).toBeInstanceOf(NotToBeRotated);
      await expect(rotate()).rejects.toThrow(NotToBeRotated);
      expect((await context.app.get(ApiKeyQueries).list(by.tenantId, 10, null)).items).toHaveLength(2);
    });

    it('not once it has expired, nor when it is revoked', async () => {
      const by = await anActor();
      const [expired, revoked] = [await minted(by, { expiresAt: inSeconds(10) }), await minted(by)];
      await context.app.get(RevokeApiKey).execute(by.tenantId, revoked.id, by.userId);
      context.clock.advance({ seconds: 10 });
      await expect(rotating.execute({ by, id: expired.id, overlapSeconds: 0 })).rejects.toThrow(NotToBeRotated);
      await expect(rotating.execute({ by, id: revoked.id, overlapSeconds: 0 })).rejects.toThrow(NotFound);
    });

    it('by nobody but the user it acts for, whatever they may do: they would be shown a key that is not theirs', async () => {
      const owner = await anActor('viewer');
      const by = await newcomer(owner.tenantId, 'owner');
      const key = await minted(owner);
      await expect(rotating.execute({ by, id: key.id, overlapSeconds: 0 })).rejects.toThrow(NotOwnKey);
      expect((await shown(owner, key))?.successorId).toBeNull();
      expect((await recordOf(key)).at(-1)).toMatchObject({
        action: 'access.denied',
        user_id: by.userId,
        details: { reason: 'not_own_key' },
      });
    });

    it('not into one that may do what its owner has lost', async () => {
      const by = await anActor('analyst');
      await stored.member(by, 'admin');
      const key = await minted(by, { permissions: ['detector:read', 'user:read'] });
      await takeRole('admin', by);
      await expect(rotating.execute({ by, id: key.id, overlapSeconds: 0 })).rejects.toThrow(BeyondOwnPermissions);
      expect((await recordOf(key)).at(-1)).toMatchObject({
        action: 'access.denied',
        details: { reason: 'beyond_own_permissions', permissions: ['user:read'] },
      });
    });
  });

  it.each([
    ['changed', (by: KeyActor, id: MintedApiKey['id']) => changing.execute(by, id, { name: 'mine' })],
    ['rotated', (by: KeyActor, id: MintedApiKey['id']) => rotating.execute({ by, id, overlapSeconds: 0 })],
  ])('is not %s from another tenant, under no other id, nor in a session that is over', async (_, act) => {
    const [by, other] = [await anActor(), await anActor()];
    const key = await minted(by);
    await expect(act(other, key.id)).rejects.toThrow(NotFound);
    await expect(act(by, apiKeyId(randomUUID()))).rejects.toThrow(NotFound);
    const open = (await stored.session(by)).snapshot().id;
    const over = (await stored.session(by, { revokedAt: context.clock.now(), revokedFor: 'signed_out' })).snapshot().id;
    await expect(act({ ...by, sessionId: over }, key.id)).rejects.toThrow(AccessTokenRefused);
    await act({ ...by, sessionId: open }, key.id);
  });

  describe('in a tenant that says how long keys live', () => {
    it('is made for no longer, and without a word for as long as is usual or allowed', async () => {
      const by = await anActor();
      await keysFor(by.tenantId, 30);
      expect((await minted(by)).expiresAt).toEqual(inSeconds(30 * DAY_SECONDS));
      await expect(minted(by, { expiresAt: inSeconds(30 * DAY_SECONDS + 1) })).rejects.toThrow(ValidationFailed);
      await keysFor(by.tenantId, 1000);
      expect((await minted(by)).expiresAt).toEqual(inSeconds(90 * DAY_SECONDS));
      const longest = inSeconds(1000 * DAY_SECONDS);
      expect((await minted(by, { expiresAt: longest })).expiresAt).toEqual(longest);
    });

    it('is rotated into one that lives no longer than is allowed by now', async () => {
      const by = await anActor();
      const key = await minted(by);
      await keysFor(by.tenantId, 30);
      const next = await rotating.execute({ by, id: key.id, overlapSeconds: 0 });
      expect(next.expiresAt).toEqual(inSeconds(30 * DAY_SECONDS));
    });
  });

  describe('needs room in its tenant', () => {
    it('when it is made, and beside the one it takes the place of, but not in its stead', async () => {
      const by = await anActor();
      const key = await minted(by);
      expect(room.claims.at(-1)).toEqual([by.tenantId, 'api_keys']);
      room.full = true;
      await expect(minted(by)).rejects.toThrow(NoRoom);
      await expect(rotating.execute({ by, id: key.id, overlapSeconds: 60 })).rejects.toThrow(NoRoom);
      expect(await caller(key.key)).not.toBeNull();
      await rotating.execute({ by, id: key.id, overlapSeconds: 0 });
    });
  });

  describe('that is bound to networks', () => {
    const denied = async (key: MintedApiKey) =>
      (await recordOf(key)).filter((event) => (event as { action: string }).action === 'access.denied');

    it('is good from there and from nowhere else, by one answer, nor from nowhere', async () => {
      const by = await anActor();
      const { key } = await minted(by, { allowedIps: ['203.0.113.0/24', '2001:db8::/32', '198.51.100.20'] });
      for (const near of ['203.0.113.255', '2001:db8:ffff::1', '198.51.100.20']) {
        expect(await caller(key, near)).not.toBeNull();
      }
      for (const far of ['203.0.114.0', '2001:db9::', '198.51.100.21', '::1', null]) {
        expect(await caller(key, far)).toBeNull();
      }
    });

    it('leaves on record that it came from elsewhere, once a minute', async () => {
      const by = await anActor();
      const [key, other] = [await minted(by, { allowedIps: [HOME] }), await minted(by, { allowedIps: [HOME] })];
      for (let second = 0; second < 60; second += 20) {
        await caller(key.key, '198.51.100.1');
        context.clock.advance({ seconds: 19 });
      }
      await caller(other.key, '198.51.100.1');
      const event = { outcome: 'failure', user_id: by.userId, details: { reason: 'address_not_allowed' } };
      expect(await denied(key)).toMatchObject([event]);
      expect(await denied(other)).toMatchObject([event]);
      context.clock.advance({ seconds: 3 });
      await caller(key.key, '198.51.100.1');
      expect(await denied(key)).toHaveLength(2);
    });
  });

  it('costs one statement to be believed, whatever it is used for, and none when it is mistyped', async () => {
    const { key } = await minted(await anActor(), { allowedIps: ['203.0.113.0/24'] });
    const asked = await statementsOf(context.source, () => caller(key));
    expect(asked).toEqual([expect.stringMatching(/^START/), expect.stringMatching(/^SELECT k\.id/), 'COMMIT']);
    const mistyped = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
    for (const wrong of [mistyped, 'dw_live_', '', key.toUpperCase()]) {
      expect(await statementsOf(context.source, () => caller(wrong))).toEqual([]);
    }
  });
});
