import { randomUUID } from 'node:crypto';
import { tenantId, type TenantId, type UserId } from '../../../src/kernel/ids';
import { AcceptInvitation } from '../../../src/modules/signin/application/invited/accept-invitation';
import { RemoveMember } from '../../../src/modules/tenancy/application/members/remove-member';
import { ChangeMemberStatus } from '../../../src/modules/tenancy/application/members/change-member-status';
import { EraseAccount } from '../../../src/modules/tenancy/application/members/erase-account';
import { SetMemberRoles } from '../../../src/modules/tenancy/application/members/set-member-roles';
import { TransferOwnership } from '../../../src/modules/tenancy/application/members/transfer-ownership';
import { TenantAdministration } from '../../../src/modules/tenancy/application/tenants/tenant-administration';
import { LastOwner } from '../../../src/modules/tenancy/domain/member-errors';
import { InvitationsFacade } from '../../../src/modules/tenancy/invitations.facade';
import { RolesFacade } from '../../../src/modules/tenancy/roles.facade';
import { TenancyFacade } from '../../../src/modules/tenancy/tenancy.facade';
import { MintApiKey } from '../../../src/modules/tokens/application/api-keys/mint-api-key';
import { AccountsFacade } from '../../../src/modules/identity/accounts.facade';
import { PASSWORD_CHANGED } from '../../../src/modules/identity/identity.events';
import { Database } from '../../../src/platform/database/database';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { Members } from '../../../src/modules/tenancy/application/members/members.port';
import { EventLog } from '../../../src/platform/events/event-log';
import { aClient } from '../../support/a-device';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { gate, interleaved, untilWaiting } from '../../support/gates';
import { anAddress, Inviting } from '../../support/inviting';
import { mailsOf } from '../../support/mails-of';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { type Member, Stored } from '../../support/stored';

describe('the end of an account', () => {
  let context: TestContext;
  let stored: Stored;
  let inviting: Inviting;
  const get: TestContext['app']['get'] = (type: never) => context.app.get(type);

  beforeAll(async () => {
    context = await aContext({ hasher: new PlainHasher() });
    [stored, inviting] = [new Stored(context), new Inviting(context)];
  });
  afterAll(() => context.stop());

  const aUser = async (overrides: Parameters<Stored['user']>[0] = {}): Promise<UserId> =>
    (await stored.user({ passwordHash: plainHash(PASSWORD), ...overrides })).snapshot().id;
  const join = async (userId: UserId, tenant: TenantId, role = 'viewer'): Promise<Member> => {
    await stored.member({ userId, tenantId: tenant }, role);
    return { userId, tenantId: tenant };
  };
  const erase = (userId: UserId): Promise<void> => get(EraseAccount).execute(userId, userId);
  const isThere = async (table: 'users' | 'tenants', id: string): Promise<boolean> =>
    (await context.source.query<unknown[]>(`SELECT 1 FROM ${table} WHERE id = $1`, [id])).length > 0;
  type Event = { action: string; outcome: string; tenant_id: string | null; details: Record<string, unknown> };
  const deletionsOf = (userId: UserId): Promise<Event[]> =>
    context.source.query<Event[]>(
      `SELECT action, outcome, tenant_id, details FROM audit_events WHERE user_id = $1 AND action = 'user.deleted'
       ORDER BY sequence`,
      [userId],
    );
  const accept = (token: string) =>
    get(AcceptInvitation).execute({
      proof: { kind: 'token', token },
      password: PASSWORD,
      firstName: null,
      lastName: null,
      by: null,
      disbelief: null,
      client: aClient(),
      deviceToken: null,
    });

  it('leaves a row in each tenant that goes on, and one of the account', async () => {
    const owner = await inviting.anInviter('owner');
    const ann = await join(await aUser(), owner.tenantId);
    await erase(ann.userId);
    const by = ann.userId;
    expect(await deletionsOf(ann.userId)).toMatchObject([
      { outcome: 'success', tenant_id: owner.tenantId, details: { scope: 'tenant', by } },
      { outcome: 'success', tenant_id: null, details: { scope: 'account', by } },
    ]);
  });

  it('sends its last mail to an address somebody proved, and to no other', async () => {
    const [proven, unproven] = [anAddress(), anAddress()];
    await erase(await aUser({ email: proven, emailVerified: true }));
    await erase(await aUser({ email: unproven, emailVerified: false }));
    const told = (await mailsOf(context, 'account-deleted')).map(({ to }) => to);
    expect([told.includes(proven), told.includes(unproven)]).toEqual([true, false]);
  });

  it('takes the name from a personal tenant that others go on in, and from no organization', async () => {
    const named = { name: 'Ann Example' } as const;
    const tenants = [await stored.tenant({ ...named, kind: 'personal' }), await stored.tenant(named)];
    const ann = await aUser();
    for (const { id } of tenants) {
      await join(ann, id, 'owner');
      await join(await aUser(), id, 'owner');
    }
    await erase(ann);
    const found = await Promise.all(tenants.map(({ id }) => get(TenancyFacade).find(id)));
    expect(found).toMatchObject([
      { name: 'Shared tenant', slug: expect.stringMatching(/^shared-tenant-/) as string },
      { name: 'Ann Example', slug: tenants[1]!.slug },
    ]);
  });

  describe('of who owned a personal tenant', () => {
    const anOwner = async (): Promise<Member> => {
      const { id } = await stored.tenant({ name: 'Ann Example', kind: 'personal' });
      return join(await aUser(), id, 'owner');
    };
    const tenantOf = async ({ tenantId: id }: Member): Promise<object | undefined> =>
      (await context.source.query<object[]>('SELECT name, slug, kind FROM tenants WHERE id = $1', [id]))[0];
    const NOBODYS = {
      name: 'Shared tenant',
      slug: expect.stringMatching(/^shared-tenant-/) as string,
      kind: 'organization',
    };

    it.each<[string, (ann: Member, bob: Member) => Promise<unknown>]>([
      ['gave it away', async (ann, bob) => get(TransferOwnership).execute(await inviting.callerOf(ann), bob.userId)],
      [
        'made another the owner and stepped down',
        async (ann, bob) => {
          const [by, both] = [await inviting.callerOf(ann), ['owner', 'viewer']];
          await get(SetMemberRoles).execute(by, bob.userId, both);
          await get(SetMemberRoles).execute(by, ann.userId, ['viewer']);
        },
      ],
      [
        'had the role taken away by an operator',
        async (ann, bob) => {
          for (const [user, role] of [
            [bob, 'owner'],
            [ann, 'viewer'],
          ] as const) {
            await get(RolesFacade).grant(ann.tenantId, user.userId, role);
          }
          await get(RolesFacade).revoke(ann.tenantId, ann.userId, 'owner');
        },
      ],
      [
        'were removed from it by another owner',
        async (ann, bob) => {
          await join(ann.userId, (await stored.tenant()).id);
          await join(bob.userId, bob.tenantId, 'owner');
          await get(RemoveMember).execute(await inviting.callerOf(bob), ann.userId);
        },
      ],
      [
        'were disabled in it by another owner',
        async (ann, bob) => {
          await join(bob.userId, bob.tenantId, 'owner');
          await get(ChangeMemberStatus).execute(await inviting.callerOf(bob), ann.userId, 'disable');
        },
      ],
    ])('leaves no name of theirs when they %s before', async (_, part) => {
      const ann = await anOwner();
      const bob = await join(await aUser(), ann.tenantId);
      await part(ann, bob);
      await erase(ann.userId);
      expect(await tenantOf(ann)).toEqual(NOBODYS);
    });

    it('is not needed for the name to go: it is nobody’s personal tenant once it is given away, and on record', async () => {
      const ann = await anOwner();
      const bob = await join(await aUser(), ann.tenantId);
      await get(TransferOwnership).execute(await inviting.callerOf(ann), bob.userId);
      expect(await tenantOf(ann)).toEqual(NOBODYS);
      const sql = `SELECT outcome, details FROM audit_events WHERE action = 'tenant.updated' AND tenant_id = $1`;
      expect(await context.source.query(sql, [ann.tenantId])).toEqual([
        { outcome: 'success', details: { fields: ['name', 'slug', 'kind'], reason: 'owner_left' } },
      ]);
      const there = await join(bob.userId, (await stored.tenant()).id);
      await get(TenantAdministration).delete(await inviting.callerOf(bob), ann.tenantId);
      expect(await isThere('users', there.userId)).toBe(true);
    });
  });

  it('is no reason for an older invitation to let a removed member in again', async () => {
    const owner = await inviting.anInviter('owner');
    const email = anAddress();
    const { mail, view } = await inviting.invited(owner, email);
    const ann = await join(await aUser({ email }), owner.tenantId);
    await join(ann.userId, (await stored.tenant()).id);
    await get(RemoveMember).execute(owner, ann.userId);
    await expect(accept(mail.token)).rejects.toMatchObject({ code: 'TOKEN_INVALID_OR_EXPIRED' });
    expect(await inviting.rowOf(view)).toMatchObject({ revoked_at: expect.any(Date) as Date });
    const sql = `SELECT user_id, outcome FROM audit_events WHERE action = 'user.invitation_revoked' AND target_id = $1`;
    expect(await context.source.query(sql, [view.id])).toEqual([{ user_id: owner.userId, outcome: 'success' }]);
  });

  it('forgets the invitations to a member whose account ends by the removal, those into other tenants too', async () => {
    const [owner, other] = [await inviting.anInviter('owner'), await inviting.anInviter('owner')];
    const email = anAddress();
    const invitations = [await inviting.invited(owner, email), await inviting.invited(other, email)];
    const ann = await join(await aUser({ email }), owner.tenantId);
    await get(RemoveMember).execute(owner, ann.userId);
    for (const { view } of invitations) expect(await inviting.rowOf(view)).toBeUndefined();
    expect(await isThere('users', ann.userId)).toBe(false);
  });

  it('is refused to who removes the last system administrator, with all of it taken back and on record', async () => {
    const { id } = await stored.tenant();
    const [ann, bob] = [await aUser({ systemAdministrator: true }), await aUser({ systemAdministrator: true })];
    for (const user of [ann, bob]) await join(user, id, 'owner');
    const by = { ...(await inviting.callerOf({ userId: ann, tenantId: id })), systemAdministrator: true };
    // Whoever removes one is another: that they end at the same moment is for the store to say.
    jest.spyOn(get(AccountsFacade), 'erase').mockResolvedValueOnce('last_administrator');
    await expect(get(RemoveMember).execute(by, bob)).rejects.toThrow(LastOwner);
    expect(await get(TenancyFacade).membershipOf(bob, id)).not.toBeNull();
    expect(await deletionsOf(bob)).toMatchObject([
      { outcome: 'failure', tenant_id: id, details: { reason: 'last_owner', by: ann } },
    ]);
    await context.source.query('UPDATE users SET system_administrator = false');
  });

  it('leaves nobody whom a tenant could still be joined by, and no tenant to join', async () => {
    const [ann, { id }] = [await aUser(), await stored.tenant()];
    await erase(ann);
    const joining = (user: UserId, tenant: TenantId) => get(TenancyFacade).join(tenant, user, 'viewer');
    await expect(joining(ann, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(joining(await aUser(), tenantId(randomUUID()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  // The embedded database has one session: nobody waits for a row there.
  if (DATABASES.includes('postgres')) {
    /** `first` holds what it takes until `second` waits for it; then it goes `on`, and both come to their end. */
    const inTwoSteps = async (
      first: (now: Date) => Promise<unknown>,
      on: (now: Date) => Promise<unknown>,
      second: () => Promise<unknown>,
    ): Promise<PromiseSettledResult<unknown>[]> => {
      const held = gate();
      const mayGoOn = gate();
      const one = get(UnitOfWork).run(async (now) => {
        await first(now);
        held.open();
        await mayGoOn.opened;
        await on(now);
      });
      await Promise.race([held.opened, one]);
      const other = Promise.allSettled([second()]);
      await Promise.race([other, untilWaiting(context, 1)]);
      mayGoOn.open();
      return [...(await Promise.allSettled([one])), ...(await other)];
    };
    const BOTH = [{ status: 'fulfilled' }, { status: 'fulfilled' }];

    describe('waits, and is not waited for,', () => {
      it('while the user signs in', async () => {
        const ann = await join(await aUser(), (await stored.tenant()).id, 'owner');
        const enter = () => get(TenancyFacade).membershipOf(ann.userId, ann.tenantId);
        const open = () => stored.signedIn(ann);
        expect(await inTwoSteps(enter, open, () => erase(ann.userId))).toMatchObject(BOTH);
        expect([await isThere('users', ann.userId), await isThere('tenants', ann.tenantId)]).toEqual([false, false]);
      });

      it('while the user switches to a tenant that ends with the account', async () => {
        const ann = await join(await aUser(), (await stored.tenant()).id, 'owner');
        const there = await join(ann.userId, (await stored.tenant()).id, 'owner');
        const { id } = (await stored.session(ann)).snapshot();
        const find = () => get(TenancyFacade).membershipOf(ann.userId, there.tenantId);
        const enter = () =>
          get(Database).writer.query('UPDATE sessions SET tenant_id = $2 WHERE id = $1', [id, there.tenantId]);
        expect(await inTwoSteps(find, enter, () => erase(ann.userId))).toMatchObject(BOTH);
        expect(await isThere('tenants', there.tenantId)).toBe(false);
      });

      it('while somebody accepts an invitation of the user', async () => {
        const ann = await inviting.anInviter('owner');
        await join(await aUser(), ann.tenantId, 'owner');
        const { mail } = await inviting.invited(ann);
        const invitee = await aUser({ email: mail.to });
        const invited = (await get(InvitationsFacade).present({ kind: 'token', token: mail.token }))!;
        const take = (now: Date) => get(InvitationsFacade).take(invited, invitee, now);
        const redeem = (now: Date) => get(InvitationsFacade).redeem(invited, invitee, now);
        expect(await inTwoSteps(take, redeem, () => erase(ann.userId))).toMatchObject(BOTH);
        expect(await get(TenancyFacade).membershipOf(invitee, ann.tenantId)).not.toBeNull();
      });

      it.each(['lock', 'disable'] as const)(
        'while an administrator is to %s the user in a later tenant',
        async (how) => {
          const [first, later] = [await stored.tenant(), await stored.tenant()].sort((a, b) => (a.id < b.id ? -1 : 1));
          const ann = await join(await aUser(), first!.id, 'owner');
          await stored.signedIn(ann);
          await join(ann.userId, later!.id);
          const by = await inviting.callerOf(await join(await aUser(), later!.id, 'owner'));
          const hold = () => get(Members).holdTenant(later!.id);
          const change = () => get(ChangeMemberStatus).execute(by, ann.userId, how);
          expect(await inTwoSteps(hold, change, () => erase(ann.userId))).toMatchObject(BOTH);
          expect(await isThere('users', ann.userId)).toBe(false);
        },
      );
    });

    it('by the last two system administrators at once is refused to the second', async () => {
      await context.source.query('UPDATE users SET system_administrator = false');
      const [ann, bob] = [await aUser({ systemAdministrator: true }), await aUser({ systemAdministrator: true })];
      const accounts = get(AccountsFacade);
      const outcomes = await inTwoSteps(
        () => accounts.holdToErase(ann),
        () => accounts.erase(ann),
        () => erase(bob),
      );
      expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { reason: { code: 'LAST_OWNER' } }]);
      expect([await isThere('users', ann), await isThere('users', bob)]).toEqual([false, true]);
      await context.source.query('UPDATE users SET system_administrator = false');
    });

    it('twice at once finds nobody the second time, and that is no refusal to be recorded', async () => {
      const owner = await inviting.anInviter('owner');
      const ann = await aUser();
      await join(ann, owner.tenantId);
      await join(ann, (await stored.tenant()).id, 'owner');
      const second = await interleaved(
        context,
        () => erase(ann),
        () => erase(ann),
      );
      expect(second).toMatchObject({ status: 'rejected', reason: { code: 'NOT_FOUND' } });
      expect((await deletionsOf(ann)).map(({ outcome }) => outcome)).toEqual(['success', 'success']);
    });

    it('is not what a key is made against: whoever changes the password holds user and sessions in the same order', async () => {
      const ann = await join(await aUser(), (await stored.tenant()).id, 'owner');
      const session = (await stored.session(ann, { securityStamp: await stored.stampOf(ann) })).snapshot();
      const input = { ownerId: ann.userId, tenantId: ann.tenantId, madeIn: session.id, name: 'k' };
      const mint = () =>
        get(MintApiKey).execute({ ...input, description: null, permissions: ['detector:read'], expiresAt: null });
      const changed = { type: PASSWORD_CHANGED, outcome: 'success', ...ann } as const;
      const outcomes = await inTwoSteps(
        () => get(AccountsFacade).hold(ann.userId),
        () => get(EventLog).append({ ...changed, details: { kept_session_id: session.id } }),
        mint,
      );
      expect(outcomes).toMatchObject(BOTH);
    });
  }
});
