import { NotFound, ValidationFailed } from '../../../src/kernel/domain-error';
import type { Principal } from '../../../src/kernel/principal';
import { ApiKeysFacade } from '../../../src/modules/tokens/api-keys.facade';
import type { ApiKeyInput, MintedApiKey } from '../../../src/modules/tokens/application/api-keys/mint-api-key';
import { MintApiKey } from '../../../src/modules/tokens/application/api-keys/mint-api-key';
import { RevokeApiKey } from '../../../src/modules/tokens/application/api-keys/revoke-api-key';
import { BeyondOwnPermissions } from '../../../src/modules/tokens/domain/api-keys/api-key-errors';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { type Member, Stored } from '../../support/stored';

const DAY_SECONDS = 86_400;
const FORMS = ['utf8', 'hex', 'base64', 'base64url'] as const;

describe.each(DATABASES)('an API key (%s)', (database) => {
  let context: TestContext;
  let mint: MintApiKey;
  let revoke: RevokeApiKey;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({ database });
    [mint, revoke, stored] = [context.app.get(MintApiKey), context.app.get(RevokeApiKey), new Stored(context)];
  });
  afterAll(() => context.stop());

  const minted = (owner: Member, overrides: Partial<ApiKeyInput> = {}): Promise<MintedApiKey> =>
    mint.execute({
      tenantId: owner.tenantId,
      ownerId: owner.userId,
      madeIn: null,
      name: 'pipeline',
      description: null,
      permissions: ['detector:read'],
      expiresAt: null,
      ...overrides,
    });
  const caller = (key: string): Promise<Principal | null> => context.app.get(ApiKeysFacade).authenticate(key, null);
  const anOwner = async (role = 'owner'): Promise<Member> => {
    const { id: userId } = (await stored.user()).snapshot();
    const { id: tenantId } = await stored.tenant();
    await stored.member({ userId, tenantId }, role);
    return { userId, tenantId };
  };
  const inDays = (days: number): Date => new Date(context.clock.now().getTime() + days * DAY_SECONDS * 1000);
  const eventsOf = async ({ userId }: Member) =>
    (await recorded(context.source)).filter(
      ({ action, user_id }) => action.startsWith('api_key.') && user_id === userId,
    );

  describe('speaks for its owner', () => {
    it('in its tenant, with what it was given, by no role and no session', async () => {
      const owner = await anOwner();
      const { id, key } = await minted(owner, { permissions: ['detector:read', 'dataset:*'] });
      expect(await caller(key)).toEqual({
        kind: 'api_key',
        ...owner,
        sessionId: null,
        apiKeyId: id,
        authenticatedAt: null,
        roles: [],
        permissions: ['detector:read', 'dataset:*'],
        systemAdministrator: false,
        assurance: null,
        confined: false,
        networks: [],
      });
    });

    it('without what a system administrator may do', async () => {
      const { id: userId } = (await stored.user({ systemAdministrator: true })).snapshot();
      const { id: tenantId } = await stored.tenant();
      await stored.member({ userId, tenantId }, 'owner');
      const { key } = await minted({ userId, tenantId }, { permissions: ['*:*'] });
      expect(await caller(key)).toMatchObject({ systemAdministrator: false, permissions: ['*:*'] });
    });

    it('but with nothing that its owner has lost since, from that moment on', async () => {
      const owner = await anOwner('analyst');
      await stored.member(owner, 'admin');
      const { key } = await minted(owner, { permissions: ['detector:*', 'user:read', 'dataset:read'] });
      await context.source.query(
        "DELETE FROM membership_roles mr USING roles r WHERE r.id = mr.role_id AND r.name = 'admin' AND mr.user_id = $1",
        [owner.userId],
      );
      expect((await caller(key))?.permissions.toSorted()).toEqual(['dataset:read', 'detector:read']);
    });

    it('with nothing more when its owner is given more', async () => {
      const owner = await anOwner('viewer');
      const { key } = await minted(owner);
      await stored.member(owner, 'owner');
      expect((await caller(key))?.permissions).toEqual(['detector:read']);
    });
  });

  describe('is given', () => {
    it.each([
      ['what its owner holds', 'viewer', ['detector:read', 'dataset:read']],
      ['an action of a resource its owner holds whole', 'admin', ['detector:create', 'audit:read']],
      ['a whole resource its owner holds whole', 'admin', ['detector:*']],
      ['anything at all, of an application too, by who may do everything', 'owner', ['*:*', 'my-app:do-it']],
    ])('%s', async (_, role, permissions) => {
      const { key } = await minted(await anOwner(role), { permissions });
      expect((await caller(key))?.permissions.toSorted()).toEqual(permissions.toSorted());
    });

    it.each([
      ['an action its owner has not', 'viewer', ['detector:read', 'detector:create']],
      ['a whole resource of which its owner has actions', 'viewer', ['detector:*']],
      ['everything, of which its owner has a lot', 'admin', ['*:*']],
      ['what only others may do', 'admin', ['token:introspect']],
    ])('never %s', async (_, role, permissions) => {
      const owner = await anOwner(role);
      await expect(minted(owner, { permissions })).rejects.toThrow(BeyondOwnPermissions);
      expect(await eventsOf(owner)).toMatchObject([
        { action: 'api_key.created', outcome: 'failure', details: { reason: 'beyond_own_permissions' } },
      ]);
      const kept = await context.source.query<unknown[]>('SELECT 1 FROM api_keys WHERE owner_id = $1', [owner.userId]);
      expect(kept).toEqual([]);
    });

    it('never what its owner may do in another tenant only', async () => {
      const owner = await anOwner('viewer');
      await stored.member({ userId: owner.userId, tenantId: (await stored.tenant()).id }, 'owner');
      await expect(minted(owner, { permissions: ['user:read'] })).rejects.toThrow(BeyondOwnPermissions);
    });

    it('to nobody who is no member of the tenant, nor in a tenant that is suspended', async () => {
      const [owner, other] = [await anOwner(), await anOwner()];
      await expect(minted({ ...owner, tenantId: other.tenantId })).rejects.toThrow(BeyondOwnPermissions);
      await context.source.query("UPDATE tenants SET status = 'suspended' WHERE id = $1", [owner.tenantId]);
      await expect(minted(owner)).rejects.toThrow(BeyondOwnPermissions);
    });

    it.each([
      ['no permission', { permissions: [] }, 'permissions'],
      ['half a permission', { permissions: ['detector:read', 'detector'] }, 'permissions'],
      ['a star in place of a resource alone', { permissions: ['*:read'] }, 'permissions'],
    ])('never with %s', async (_, wrong, field) => {
      const refusal = await minted(await anOwner(), wrong).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ValidationFailed);
      expect((refusal as ValidationFailed).violations).toMatchObject([{ field }]);
    });

    it('each permission once', async () => {
      const key = await minted(await anOwner(), { permissions: ['detector:read', 'dataset:*', 'detector:read'] });
      expect(key.permissions).toEqual(['detector:read', 'dataset:*']);
    });

    it('for 90 days, or for as long as was asked for, up to 365', async () => {
      const owner = await anOwner();
      expect((await minted(owner)).expiresAt).toEqual(inDays(90));
      expect((await minted(owner, { expiresAt: inDays(365) })).expiresAt).toEqual(inDays(365));
      for (const expiresAt of [inDays(366), inDays(0), inDays(-1)]) {
        await expect(minted(owner, { expiresAt })).rejects.toThrow(ValidationFailed);
      }
    });
  });

  describe('is good no more', () => {
    it.each([
      ['its owner is disabled', "UPDATE users SET status = 'disabled' WHERE id = $1", 'userId'],
      ['its tenant is suspended', "UPDATE tenants SET status = 'suspended' WHERE id = $1", 'tenantId'],
      ['its owner is no member any more', 'DELETE FROM memberships WHERE user_id = $1', 'userId'],
    ] as const)('from the moment %s', async (_, sql, of) => {
      const owner = await anOwner();
      const { key } = await minted(owner);
      expect(await caller(key)).not.toBeNull();
      await context.source.query(sql, [owner[of]]);
      expect(await caller(key)).toBeNull();
    });

    it('from the moment it expires', async () => {
      const { key } = await minted(await anOwner(), { expiresAt: inDays(1) });
      context.clock.advance({ seconds: DAY_SECONDS - 1 });
      expect(await caller(key)).not.toBeNull();
      context.clock.advance({ seconds: 1 });
      expect(await caller(key)).toBeNull();
    });

    it('from the moment it is revoked, which happens once', async () => {
      const owner = await anOwner();
      const { id, key } = await minted(owner);
      await revoke.execute(owner.tenantId, id, owner.userId);
      expect(await caller(key)).toBeNull();
      await expect(revoke.execute(owner.tenantId, id, owner.userId)).rejects.toThrow(NotFound);
      await expect(revoke.executeAsOperator(id)).rejects.toThrow(NotFound);
    });

    it('when an operator revokes it, of whichever tenant it is', async () => {
      const { id, key } = await minted(await anOwner());
      await revoke.executeAsOperator(id);
      expect(await caller(key)).toBeNull();
    });
  });

  it('is not revoked from another tenant', async () => {
    const [owner, other] = [await anOwner(), await anOwner()];
    const { id, key } = await minted(owner);
    await expect(revoke.execute(other.tenantId, id, other.userId)).rejects.toThrow(NotFound);
    expect(await caller(key)).not.toBeNull();
  });

  it('is on record when it is made and when it is revoked, with who revoked it', async () => {
    const [owner, admin] = [await anOwner(), (await stored.user()).snapshot().id];
    const { id, key, expiresAt } = await minted(owner);
    await revoke.execute(owner.tenantId, id, admin);
    const events = await eventsOf(owner);
    expect(events).toMatchObject([
      {
        action: 'api_key.created',
        tenant_id: owner.tenantId,
        details: { permissions: ['detector:read'], expires_at: expiresAt.toISOString() },
      },
      { action: 'api_key.revoked', tenant_id: owner.tenantId, details: { revoked_by: admin } },
    ]);
    expect(JSON.stringify(events)).not.toContain(key.slice(12));
  });

  it('is not made, and not revoked, when that cannot be put on record', async () => {
    const owner = await anOwner();
    const { id, key } = await minted(owner);
    const repair = await sabotage(context.source, 'audit_events', 'INSERT');
    await expect(minted(owner)).rejects.toThrow();
    await expect(revoke.execute(owner.tenantId, id, owner.userId)).rejects.toThrow();
    await repair();
    const kept = await context.source.query<unknown[]>('SELECT 1 FROM api_keys WHERE owner_id = $1', [owner.userId]);
    expect(kept).toHaveLength(1);
    expect(await caller(key)).not.toBeNull();
  });

  it('is nowhere in the database, in no form', async () => {
    const { id, key, prefix } = await minted(await anOwner());
    const rows = await context.source.query<unknown[]>(
      'SELECT k::text FROM api_keys k UNION ALL SELECT e::text FROM audit_events e',
    );
    const dump = JSON.stringify(rows).toLowerCase();
    expect(dump).toContain(id);
    expect(dump).toContain(prefix.toLowerCase());
    for (const secret of [key, key.slice(prefix.length), key.slice(prefix.length, -6)]) {
      const forms = FORMS.map((form) => Buffer.from(secret).toString(form).replace(/=+$/, '').toLowerCase());
      expect(forms.filter((form) => dump.includes(form))).toEqual([]);
    }
  });

  it('is nobody’s when it is mistyped', async () => {
    const { key } = await minted(await anOwner());
    const last = key.endsWith('A') ? 'B' : 'A';
    for (const wrong of [key.slice(0, -1) + last, key.toLowerCase(), `${key} `, '', 'dw_live_']) {
      expect(await caller(wrong)).toBeNull();
    }
  });
});

describe('an API key of another installation', () => {
  it('is nobody’s here, though it is a key by its form', async () => {
    const [here, there] = [await aContext(), await aContext()];
    const owner = await new Stored(there).newMember();
    const input = { madeIn: null, name: 'k', description: null, permissions: ['detector:read'], expiresAt: null };
    const { key } = await there.app
      .get(MintApiKey)
      .execute({ ...input, tenantId: owner.tenantId, ownerId: owner.userId });
    expect(await there.app.get(ApiKeysFacade).authenticate(key, null)).not.toBeNull();
    expect(await here.app.get(ApiKeysFacade).authenticate(key, null)).toBeNull();
    await Promise.all([here.stop(), there.stop()]);
  });

  it('stays good when the prefix of new keys is changed', async () => {
    const before = await aContext();
    const owner = await new Stored(before).newMember();
    const input = { madeIn: null, name: 'k', description: null, permissions: ['detector:read'], expiresAt: null };
    const holder = { ...input, tenantId: owner.tenantId, ownerId: owner.userId };
    const { key } = await before.app.get(MintApiKey).execute(holder);
    await before.app.close();
    const after = await aContext({ database: before.database, variables: { API_KEY_PREFIX: 'dw_acme_' } });
    expect(await after.app.get(ApiKeysFacade).authenticate(key, null)).toMatchObject(owner);
    expect((await after.app.get(MintApiKey).execute(holder)).key).toMatch(/^dw_acme_[0-9A-Za-z]{49}$/);
    await after.stop();
    await before.database.drop();
  });
});
