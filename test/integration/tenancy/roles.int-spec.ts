import { NotFound, ValidationFailed } from '../../../src/kernel/domain-error';
import type { TenantId } from '../../../src/kernel/ids';
import type { Principal } from '../../../src/kernel/principal';
import { RoleBeyondOwnPermissions } from '../../../src/modules/tenancy/domain/invitation-errors';
import { AboveOwnRights, LastOwner, NoLongerMember } from '../../../src/modules/tenancy/domain/member-errors';
import type { RoleState } from '../../../src/modules/tenancy/domain/role';
import {
  LastRole,
  ResourceTaken,
  RoleAboveOwnRights,
  RoleBuiltIn,
  RoleInUse,
  RoleNameTaken,
  TooManyResources,
} from '../../../src/modules/tenancy/domain/role-errors';
import { PresentInvitation } from '../../../src/modules/tenancy/application/invitations/present-invitation';
import { PutInvitation } from '../../../src/modules/tenancy/application/invitations/put-invitation';
import { RedeemInvitation } from '../../../src/modules/tenancy/application/invitations/redeem-invitation';
import { CreateMember } from '../../../src/modules/tenancy/application/members/create-member';
import { Members } from '../../../src/modules/tenancy/application/members/members.port';
import { CreateRole } from '../../../src/modules/tenancy/application/roles/create-role';
import { RemoveRole } from '../../../src/modules/tenancy/application/roles/remove-role';
import { ReplaceRole } from '../../../src/modules/tenancy/application/roles/replace-role';
import { ResourceAdministration } from '../../../src/modules/tenancy/application/roles/resource-administration';
import { RoleQueries } from '../../../src/modules/tenancy/application/roles/role-queries';
import { TenantPolicyAdministration } from '../../../src/modules/tenancy/application/tenant-policy-administration';
import { QuotasFacade } from '../../../src/modules/tenancy/quotas.facade';
import { RolesFacade } from '../../../src/modules/tenancy/roles.facade';
import { TenancyFacade } from '../../../src/modules/tenancy/tenancy.facade';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { anAddress, Inviting } from '../../support/inviting';
import { PlainHasher } from '../../support/plain-hasher';
import { recorded, type Recorded } from '../../support/recorded';
import { type Member, Stored } from '../../support/stored';

const ROUNDS = 5;
const definition = (name: string, ...permissions: string[]) => ({ name, description: '', permissions });

describe('the roles of a tenant', () => {
  let context: TestContext;
  let stored: Stored;
  let inviting: Inviting;
  const get: TestContext['app']['get'] = (type: never) => context.app.get(type);

  beforeAll(async () => {
    context = await aContext({ hasher: new PlainHasher() });
    [stored, inviting] = [new Stored(context), new Inviting(context)];
  });
  afterAll(() => context.stop());

  const create = (by: Principal, name: string, ...permissions: string[]): Promise<RoleState> =>
    get(CreateRole).execute(by, definition(name, ...permissions));
  const replace = (by: Principal, { id }: RoleState, name: string, ...permissions: string[]): Promise<RoleState> =>
    get(ReplaceRole).execute(by, id, definition(name, ...permissions));
  const remove = (by: Principal, { id }: Pick<RoleState, 'id'>): Promise<void> => get(RemoveRole).execute(by, id);
  const found = (by: Principal, { id }: Pick<RoleState, 'id'>): Promise<RoleState | null> =>
    get(RoleQueries).find(by.tenantId, id);
  const builtIn = async (by: Principal, name: string): Promise<RoleState> =>
    (await get(RoleQueries).list(by.tenantId, { limit: 100, cursor: null })).items.find((role) => role.name === name)!;
  const eventsOf = async ({ tenantId }: { tenantId: TenantId }, ...actions: string[]): Promise<Recorded[]> =>
    (await recorded(context.source)).filter(
      ({ tenant_id, action }) => tenant_id === tenantId && actions.includes(action),
    );
  const denials = (by: Principal): Promise<Recorded[]> => eventsOf(by, 'access.denied');
  const permissionsOf = async ({ userId, tenantId }: Member): Promise<readonly string[]> =>
    (await get(TenancyFacade).membershipOf(userId, tenantId))?.permissions ?? [];
  const holds = async ({ userId, tenantId }: Member): Promise<readonly string[]> =>
    (await get(TenancyFacade).membershipOf(userId, tenantId))?.roles ?? [];
  /** Somebody of the tenant of `by` who holds one role, as they call. */
  const another = (by: Principal, role: string): Promise<Principal> => inviting.anotherInviter(by, role);

  it('are on record from their making to their end, and grant from one moment to the next what they say then', async () => {
    const by = await inviting.anInviter('owner');
    const role = await create(by, 'curator', 'dataset:*');
    const ann = await another(by, 'curator');
    expect(await permissionsOf(ann)).toEqual(['dataset:*']);
    await replace(by, role, 'keeper', 'dataset:read', 'detector:read');
    expect([await holds(ann), await permissionsOf(ann)]).toEqual([['keeper'], ['dataset:read', 'detector:read']]);
    await replace(by, role, 'keeper', 'detector:read', 'dataset:read');
    await get(RolesFacade).grant(by.tenantId, ann.userId, 'viewer');
    await get(RolesFacade).revoke(by.tenantId, ann.userId, 'keeper');
    await remove(by, role);
    expect(await found(by, role)).toBeNull();
    const events = await eventsOf(by, 'role.created', 'role.updated', 'role.revoked', 'role.deleted');
    const mine = { outcome: 'success', user_id: by.userId };
    expect(events).toMatchObject([
      { ...mine, action: 'role.created', details: { role: 'curator', permissions: ['dataset:*'] } },
      {
        ...mine,
        action: 'role.updated',
        details: {
          role: 'keeper',
          was: 'curator',
          fields: ['name', 'permissions'],
          granted: ['dataset:read', 'detector:read'],
          withdrawn: ['dataset:*'],
        },
      },
      { action: 'role.revoked', outcome: 'success', user_id: ann.userId, details: { role: 'keeper', by: null } },
      { ...mine, action: 'role.deleted', details: { role: 'keeper' } },
    ]);
  });

  it('claim room for one more before they are made, of which a refusal leaves nothing', async () => {
    const by = await inviting.anInviter('owner');
    const claim = jest.spyOn(get<QuotasFacade>(QuotasFacade), 'claim').mockRejectedValueOnce(new Error('no room'));
    await expect(create(by, 'curator')).rejects.toThrow('no room');
    expect(claim).toHaveBeenCalledWith(by.tenantId, 'roles');
    claim.mockRestore();
    await create(by, 'curator');
  });

  describe('above somebody’s own rights', () => {
    let owner: Principal;
    let admin: Principal;
    let mighty: RoleState;
    let modest: RoleState;
    beforeAll(async () => {
      owner = await inviting.anInviter('owner');
      mighty = await create(owner, 'mighty', '*:*');
      modest = await create(owner, 'modest', 'dataset:read');
      await create(owner, 'reader', 'role:*', 'dataset:read');
      admin = await another(owner, 'admin');
    });

    it.each<[string, (by: Principal) => Promise<unknown>, string, string[]]>([
      ['are not made', (by) => create(by, 'new', 'dataset:read', 'tenant:delete'), 'new', ['tenant:delete']],
      ['are not made of everything', (by) => create(by, 'new', '*:*'), 'new', ['*:*']],
      ['are not made of what nobody has heard of', (by) => create(by, 'new', 'unheard:of'), 'new', ['unheard:of']],
      ['are not made of others by an edit', (by) => replace(by, modest, 'modest', 'audit:*'), 'modest', ['audit:*']],
      ['are not cut down', (by) => replace(by, mighty, 'mighty', 'dataset:read'), 'mighty', ['*:*']],
      ['are not renamed', (by) => replace(by, mighty, 'weak', '*:*'), 'mighty', ['*:*']],
      ['are not deleted', (by) => remove(by, mighty), 'mighty', ['*:*']],
    ])('%s, and the attempt is on record', async (_, attempt, role, permissions) => {
      const before = await denials(admin);
      await expect(attempt(admin)).rejects.toThrow(RoleAboveOwnRights);
      expect((await denials(admin)).slice(before.length)).toMatchObject([
        { outcome: 'failure', user_id: admin.userId, details: { reason: 'above_own_rights', role, permissions } },
      ]);
      expect(await found(owner, mighty)).toMatchObject({ name: 'mighty', permissions: ['*:*'] });
      expect(await found(owner, modest)).toMatchObject({ name: 'modest', permissions: ['dataset:read'] });
    });

    it('are not made of the one that somebody holds: nobody promotes themselves', async () => {
      const reader = await another(owner, 'reader');
      const own = (await get(RoleQueries).list(owner.tenantId, { limit: 100, cursor: null })).items.find(
        ({ name }) => name === 'reader',
      )!;
      await expect(replace(reader, own, 'reader', 'role:*', 'dataset:*')).rejects.toThrow(RoleAboveOwnRights);
      expect(await permissionsOf(reader)).toEqual(['dataset:read', 'role:*']);
      await replace(reader, own, 'reader', 'role:update', 'dataset:read');
      expect(await permissionsOf(reader)).toEqual(['dataset:read', 'role:update']);
    });

    it('are out of reach whatever the credential once said: what counts is what is granted now', async () => {
      const stale = { ...(await another(owner, 'viewer')), permissions: ['*:*'] };
      await expect(create(stale, 'new', 'audit:read')).rejects.toThrow(RoleAboveOwnRights);
      await context.source.query("UPDATE memberships SET status = 'locked' WHERE user_id = $1", [stale.userId]);
      await expect(create(stale, 'new', 'dataset:read')).rejects.toThrow(NoLongerMember);
      expect((await denials(owner)).at(-1)).toMatchObject({ details: { reason: 'no_longer_member' } });
    });

    it('are out of reach of a key that was given less than its owner has', async () => {
      const key: Principal = { ...owner, kind: 'api_key', permissions: ['role:*', 'dataset:read'] };
      await expect(create(key, 'new', 'dataset:*')).rejects.toThrow(RoleAboveOwnRights);
      await expect(remove(key, mighty)).rejects.toThrow(RoleAboveOwnRights);
      await remove(key, await create(key, 'of-a-key', 'dataset:read'));
    });

    it('are not invited to, nor given to new accounts; those within them are', async () => {
      await expect(inviting.invited(admin, anAddress(), 'mighty')).rejects.toThrow(RoleBeyondOwnPermissions);
      const account = { username: null, firstName: null, lastName: null, password: PASSWORD };
      const add = (role: string) => get(CreateMember).execute(admin, { ...account, email: anAddress(), role });
      await expect(add('mighty')).rejects.toThrow(AboveOwnRights);
      expect(await add('modest')).toMatchObject({ roles: ['modest'] });
      expect((await inviting.invited(admin, anAddress(), 'modest')).view).toMatchObject({ role: 'modest' });
    });

    it('are out of reach of who loses the right while they ask for it', async () => {
      const ann = await another(owner, 'admin');
      const { userId, tenantId } = ann;
      const outcome = await interleaved(
        context,
        async () => {
          await get(Members).holdTenant(tenantId);
          await get(RolesFacade).grant(tenantId, userId, 'viewer');
          await get(RolesFacade).revoke(tenantId, userId, 'admin');
        },
        () => create(ann, 'late', 'user:read'),
      );
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(RoleAboveOwnRights) as unknown });
    });
  });

  describe('that are built in', () => {
    it('are neither changed nor deleted, and the attempt is on record', async () => {
      const by = await inviting.anInviter('owner');
      const viewer = await builtIn(by, 'viewer');
      await expect(replace(by, viewer, 'viewer', '*:*')).rejects.toThrow(RoleBuiltIn);
      await expect(remove(by, viewer)).rejects.toThrow(RoleBuiltIn);
      expect(await found(by, viewer)).toEqual(viewer);
      const refused = { outcome: 'failure', user_id: by.userId, details: { role: 'viewer', reason: 'built_in' } };
      expect(await eventsOf(by, 'role.updated', 'role.deleted')).toMatchObject([refused, refused]);
    });

    it('keep their names to themselves', async () => {
      const by = await inviting.anInviter('owner');
      const role = await create(by, 'curator');
      await expect(create(by, 'owner', '*:*')).rejects.toThrow(RoleNameTaken);
      await expect(replace(by, role, 'admin')).rejects.toThrow(RoleNameTaken);
      expect(await found(by, role)).toEqual(role);
      const details = { reason: 'name_taken' };
      expect(await eventsOf(by, 'role.created', 'role.updated')).toMatchObject([
        { outcome: 'success' },
        { outcome: 'failure', details },
        { outcome: 'failure', details },
      ]);
    });
  });

  it('of another tenant are as good as none', async () => {
    const [by, other] = [await inviting.anInviter('owner'), await inviting.anInviter('owner')];
    const role = await create(other, 'curator', 'dataset:*');
    await expect(replace(by, role, 'curator')).rejects.toThrow(NotFound);
    await expect(remove(by, role)).rejects.toThrow(NotFound);
    await expect(get(RolesFacade).grant(by.tenantId, by.userId, 'curator')).rejects.toThrow(ValidationFailed);
    expect(await found(other, role)).toEqual(role);
    expect(await eventsOf(by, 'role.updated', 'role.deleted')).toEqual([]);
  });

  it('are one when two of a name are made at once', async () => {
    const by = await inviting.anInviter('owner');
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => create(by, 'curator')));
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused).toEqual(Array.from({ length: 5 }, () => expect.any(RoleNameTaken) as unknown));
  });

  describe('whose holders need a second factor', () => {
    const demand = (by: Principal, ...names: string[]) =>
      get(TenantPolicyAdministration).change(by, by.tenantId, { secondFactorRequiredOf: names }, null);
    const demanded = async (by: Principal) =>
      (await get(TenantPolicyAdministration).get(by, by.tenantId)).secondFactorRequiredOf;

    it('need it under the new name too, and the names of roles that are no more are forgotten', async () => {
      const by = await inviting.anInviter('owner');
      const [role, other] = [await create(by, 'curator', 'dataset:*'), await create(by, 'other')];
      const ann = await another(by, 'curator');
      await demand(by, 'curator', 'admin', 'other');
      await replace(by, role, 'keeper', 'dataset:*');
      expect(await demanded(by)).toEqual(['keeper', 'admin', 'other']);
      expect((await get(TenancyFacade).membershipOf(ann.userId, ann.tenantId))?.secondFactorDemanded).toBe(true);
      await remove(by, other);
      expect(await demanded(by)).toEqual(['keeper', 'admin']);
      const details = { fields: ['mfa_required_roles'] };
      expect(await eventsOf(by, 'tenant.updated')).toMatchObject([{ details }, { details }, { details }]);
      await demand(by, 'admin');
    });

    it('are what people who join on their own get under the new name too, and none when they are no more', async () => {
      const by = await inviting.anInviter('owner');
      const role = await create(by, 'curator', 'dataset:*');
      await context.source.query("UPDATE tenants SET auto_join_role = 'curator' WHERE id = $1", [by.tenantId]);
      const joining = async () => (await get(TenantPolicyAdministration).get(by, by.tenantId)).autoJoinRole;
      await replace(by, role, 'keeper', 'dataset:*');
      expect(await joining()).toBe('keeper');
      await remove(by, role);
      expect(await joining()).toBeNull();
    });

    it('are not deleted while somebody demands it of them: the demand finds no such role', async () => {
      const by = await inviting.anInviter('owner');
      const role = await create(by, 'curator');
      const outcome = await interleaved(
        context,
        () => get(RemoveRole).execute(by, role.id),
        () => demand(by, 'curator'),
      );
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(ValidationFailed) as unknown });
      expect(await demanded(by)).toEqual([]);
    });
  });

  describe('that are in use', () => {
    it('are not deleted: held by somebody, or invited to', async () => {
      const by = await inviting.anInviter('owner');
      const [held, offered] = [await create(by, 'held'), await create(by, 'offered', 'dataset:read')];
      await another(by, 'held');
      await inviting.invited(by, anAddress(), 'offered');
      await expect(remove(by, held)).rejects.toThrow(RoleInUse);
      await expect(remove(by, offered)).rejects.toMatchObject({
        detail: 'The role is in use: 0 held by members, 1 in pending invitations.',
      });
      const details = { reason: 'in_use' };
      expect(await eventsOf(by, 'role.deleted')).toMatchObject([{ details }, { details }]);
    });

    it('are not deleted when somebody is just being invited to them', async () => {
      const by = await inviting.anInviter('owner');
      const role = await create(by, 'curator');
      const outcome = await interleaved(
        context,
        () => get(PutInvitation).execute(by, anAddress(), role),
        () => remove(by, role),
      );
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(RoleInUse) as unknown });
    });

    it('are not deleted when they are just being granted', async () => {
      const by = await inviting.anInviter('owner');
      const role = await create(by, 'curator');
      const outcome = await interleaved(
        context,
        () => stored.member(by, 'curator'),
        () => remove(by, role),
      );
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(RoleInUse) as unknown });
    });

    it('are invited to in vain once they are being deleted', async () => {
      const by = await inviting.anInviter('owner');
      const role = await create(by, 'curator');
      const outcome = await interleaved(
        context,
        () => remove(by, role),
        () => get(PutInvitation).execute(by, anAddress(), role),
      );
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(NotFound) as unknown });
    });
  });

  describe('in an invitation', () => {
    const redeemed = async (token: string): Promise<{ member: Member; accepted: boolean }> => {
      const invited = (await get(PresentInvitation).execute({ kind: 'token', token }))!;
      const { id: userId } = (await stored.user()).snapshot();
      const accepted = await get<UnitOfWork>(UnitOfWork).run(async (now) => {
        if (!(await get(RedeemInvitation).take(invited, null, now))) return false;
        await get(RedeemInvitation).execute(invited, userId, now);
        return true;
      });
      return { member: { userId, tenantId: invited.tenantId }, accepted };
    };

    it('are the tenant’s own too, as they are when it is accepted', async () => {
      const by = await inviting.anInviter('owner');
      const role = await create(by, 'curator', 'dataset:read');
      const { mail } = await inviting.invited(by, anAddress(), 'curator');
      await replace(by, role, 'keeper', 'dataset:*');
      const { member, accepted } = await redeemed(mail.token);
      expect([accepted, await holds(member), await permissionsOf(member)]).toEqual([true, ['keeper'], ['dataset:*']]);
    });

    it('grow beyond whoever invited, and then the invitation is good for nothing', async () => {
      const owner = await inviting.anInviter('owner');
      const role = await create(owner, 'curator', 'dataset:read');
      const admin = await another(owner, 'admin');
      const { mail } = await inviting.invited(admin, anAddress(), 'curator');
      await replace(owner, role, 'curator', '*:*');
      const { member, accepted } = await redeemed(mail.token);
      expect([accepted, await holds(member)]).toEqual([false, []]);
    });
  });

  describe('given by an operator', () => {
    const grant = (by: Member, role: string): Promise<boolean> => get(RolesFacade).grant(by.tenantId, by.userId, role);
    const revoke = (by: Member, role: string): Promise<boolean> =>
      get(RolesFacade).revoke(by.tenantId, by.userId, role);

    it('are held once, and taken away but for the last one', async () => {
      const member = await stored.newMember();
      expect([await grant(member, 'analyst'), await grant(member, 'analyst')]).toEqual([true, false]);
      expect([await revoke(member, 'viewer'), await revoke(member, 'viewer')]).toEqual([true, false]);
      await expect(revoke(member, 'analyst')).rejects.toThrow(LastRole);
      expect(await holds(member)).toEqual(['analyst']);
      await expect(grant({ ...member, userId: (await stored.newMember()).userId }, 'viewer')).rejects.toThrow(NotFound);
      await expect(grant(member, 'emperor')).rejects.toThrow(ValidationFailed);
      await expect(get(RolesFacade).create(member.tenantId, definition('viewer'))).rejects.toThrow(RoleNameTaken);
      const { id } = await get(RolesFacade).create(member.tenantId, definition('mine', '*:*'));
      expect(await get(RoleQueries).find(member.tenantId, id)).toMatchObject({ permissions: ['*:*'] });
    });

    it('leave a tenant an owner, whoever takes the role from both at once', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const first = await stored.newMember();
        const second = { ...first, userId: (await stored.user()).snapshot().id };
        for (const member of [first, second]) {
          await stored.member(member, 'viewer');
          await stored.member(member, 'owner');
        }
        const outcomes = await Promise.allSettled([first, second].map((member) => revoke(member, 'owner')));
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(outcomes.find((one) => one.status === 'rejected')?.reason).toBeInstanceOf(LastOwner);
        expect(await get(Members).ownersOf(first.tenantId)).toHaveLength(1);
      }
    });
  });

  it('are chosen from a catalogue that holds a hundred resources of the tenant and never one more', async () => {
    const by = await inviting.anInviter('owner');
    const register = (name: string): Promise<void> =>
      get(ResourceAdministration).register(by, { name, description: '', actions: ['read'] });
    await context.source.query(
      `INSERT INTO registered_resources SELECT $1, 'thing-' || n, '', '{read}', now(), now() FROM generate_series(1, 99) n`,
      [by.tenantId],
    );
    await expect(register('thing-1')).rejects.toThrow(ResourceTaken);
    const names = Array.from({ length: 8 }, (_, nth) => `other-${nth}`);
    const outcomes = await Promise.allSettled(names.map(register));
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused).toEqual(names.slice(1).map(() => expect.any(TooManyResources) as unknown));
    const events = await eventsOf(by, 'permission.registered');
    expect(events.filter(({ outcome }) => outcome === 'success')).toHaveLength(1);
    expect(events.filter(({ details }) => details.reason === 'quota_exceeded')).toHaveLength(7);
  });
});
