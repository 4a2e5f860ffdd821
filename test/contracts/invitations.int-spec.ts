import { randomBytes, randomUUID } from 'node:crypto';
import { NotFound } from '../../src/kernel/domain-error';
import { tenantId, userId } from '../../src/kernel/ids';
import { InvitationQueries } from '../../src/modules/tenancy/application/invitations/invitation-queries';
import { InvitationRoles } from '../../src/modules/tenancy/application/invitations/invitation-roles.port';
import { Invitations } from '../../src/modules/tenancy/application/invitations/invitations.port';
import type { Invitation, InvitationState } from '../../src/modules/tenancy/domain/invitation';
import { invitationId } from '../../src/modules/tenancy/domain/invitation-id';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { anInvitation } from '../support/an-invitation';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { interleaved } from '../support/gates';
import { type Member, Stored } from '../support/stored';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const SOMEBODY = userId('00000000-0000-4000-8000-000000000000');
const idOf = (invitation: Invitation) => invitation.snapshot().id;
const bytesOf = (state: InvitationState | undefined) =>
  state && [state.emailKey, state.tokenHash, state.codeHash].map((bytes) => Buffer.from(bytes).toString('hex'));

describe.each(DATABASES)('invitations (%s)', (database) => {
  let context: TestContext;
  let invitations: Invitations;
  let queries: InvitationQueries;
  let roles: InvitationRoles;
  let work: UnitOfWork;
  let stored: Stored;
  let roleId: string;

  beforeAll(async () => {
    context = await aContext({ database });
    const { app } = context;
    [invitations, queries, roles] = [app.get(Invitations), app.get(InvitationQueries), app.get(InvitationRoles)];
    [work, stored] = [app.get(UnitOfWork), new Stored(context)];
    roleId = (await roles.named(tenantId(randomUUID()), 'analyst'))!.id;
  });
  afterAll(() => context.stop());

  const make = (by: Member, overrides: Partial<InvitationState> = {}): Invitation =>
    anInvitation({ tenantId: by.tenantId, roleId, invitedBy: by.userId }, overrides);
  const store = async (by: Member, overrides: Partial<InvitationState> = {}): Promise<Invitation> => {
    const invitation = make(by, overrides);
    await work.run(() => invitations.add(invitation));
    return invitation;
  };
  const take = async (by: Member, invitation: Invitation) =>
    (await work.run(() => invitations.takeIn(by.tenantId, idOf(invitation))))?.snapshot();

  describe('every store of them', () => {
    it('gives an invitation back as it was stored, byte by byte', async () => {
      const by = await stored.newMember();
      const invitation = await store(by, { codeFailures: 3 });
      const found = await take(by, invitation);
      const { emailKey: _key, tokenHash: _token, codeHash: _code, ...state } = invitation.snapshot();
      expect(found).toMatchObject(state);
      expect(bytesOf(found)).toEqual(bytesOf(invitation.snapshot()));
    });

    it('takes an invitation in its own tenant, and none of another tenant', async () => {
      const [by, other] = [await stored.newMember(), await stored.newMember()];
      const invitation = await store(by);
      expect(await take(by, invitation)).toBeDefined();
      expect(await take(other, invitation)).toBeUndefined();
    });

    it('takes all there are to an address, of every tenant and whatever became of them, and no others', async () => {
      const emailKey = randomBytes(32);
      const [one, two] = [await stored.newMember(), await stored.newMember()];
      const mine = [
        await store(one, { emailKey }),
        await store(two, { emailKey, expiresAt: at(10) }),
        await store(one, { emailKey, revokedAt: at(1) }),
        await store(two, { emailKey, acceptedAt: at(1), acceptedBy: two.userId }),
      ];
      await store(one);
      expect((await work.run(() => invitations.takeAllOf(emailKey))).map(idOf)).toEqual(mine.map(idOf).sort());
    });

    it('adds none to a tenant there is not', async () => {
      const { userId: invitedBy } = await stored.newMember();
      const invitation = anInvitation({ tenantId: tenantId(randomUUID()), roleId, invitedBy });
      await expect(work.run(() => invitations.add(invitation))).rejects.toThrow(NotFound);
    });

    it('takes none that was never stored', async () => {
      const { tenantId: tenant } = await stored.newMember();
      expect(await work.run(() => invitations.takeIn(tenant, invitationId(randomUUID())))).toBeNull();
      expect(await work.run(() => invitations.takeByToken(randomBytes(32)))).toBeNull();
      expect(await work.run(() => invitations.takePendingOf(randomBytes(32), at(0)))).toEqual([]);
    });

    it('saves a changed invitation, and nothing of another one', async () => {
      const by = await stored.newMember();
      const [invitation, other] = [await store(by), await store(by)];
      invitation.accept(by.userId, at(5));
      await work.run(() => invitations.save(invitation));
      expect(await take(by, invitation)).toMatchObject({ acceptedAt: at(5), acceptedBy: by.userId });
      expect(await take(by, other)).toMatchObject({ acceptedAt: null });
    });

    it('finds one by its token, whatever became of it', async () => {
      const by = await stored.newMember();
      const invitation = await store(by, { revokedAt: at(1) });
      const found = await work.run(() => invitations.takeByToken(invitation.snapshot().tokenHash));
      expect(idOf(found!)).toBe(idOf(invitation));
    });

    it('takes all that an address can still accept, of every tenant, and no others', async () => {
      const emailKey = randomBytes(32);
      const [one, two, three] = [await stored.newMember(), await stored.newMember(), await stored.newMember()];
      const mine = [await store(one, { emailKey }), await store(two, { emailKey })];
      await store(one, { emailKey, revokedAt: at(1) });
      await store(two, { emailKey, acceptedAt: at(1), acceptedBy: two.userId });
      await store(three, { emailKey, expiresAt: at(10) });
      await store(one);
      const taken = await work.run(() => invitations.takePendingOf(emailKey, at(10)));
      expect(taken.map(idOf)).toEqual(mine.map(idOf).sort());
    });

    it.each<[string, (invitation: Invitation) => Promise<Invitation | null | undefined>]>([
      ['by its tenant', async (invitation) => invitations.takeIn(invitation.snapshot().tenantId, idOf(invitation))],
      ['by its token', (invitation) => invitations.takeByToken(invitation.snapshot().tokenHash)],
      [
        'with all of its address',
        async (invitation) => (await invitations.takeAllOf(invitation.snapshot().emailKey))[0],
      ],
      [
        'by its address',
        async (invitation) => (await invitations.takePendingOf(invitation.snapshot().emailKey, at(1)))[0],
      ],
    ])('holds one taken %s, so that of two who accept it one comes first', async (_, takeAgain) => {
      const by = await stored.newMember();
      const invitation = await store(by);
      const accept = async (taken: Invitation | null | undefined): Promise<boolean> => {
        if (!taken?.accept(by.userId, at(1))) return false;
        await invitations.save(taken);
        return true;
      };
      const first = async (): Promise<unknown> => accept(await invitations.takeIn(by.tenantId, idOf(invitation)));
      const second = await interleaved(context, first, () => work.run(async () => accept(await takeAgain(invitation))));
      expect(second).toEqual({ status: 'fulfilled', value: false });
    });

    it.each<[string, Partial<InvitationState>]>([
      ['accepted', { acceptedAt: at(1), acceptedBy: SOMEBODY }],
      ['revoked', { revokedAt: at(1) }],
    ])('keeps one open invitation of an address in a tenant, beside those %s', async (_, ended) => {
      const [by, other] = [await stored.newMember(), await stored.newMember()];
      const emailKey = randomBytes(32);
      await store(by, { emailKey, ...ended });
      await store(by, { emailKey });
      await store(other, { emailKey });
      await expect(store(by, { emailKey })).rejects.toThrow('invitations_one_open');
    });

    it.each<[string, Partial<InvitationState>, string]>([
      ['whose token hash is cut', { tokenHash: randomBytes(31) }, 'invitations_token_hash_whole'],
      ['whose code hash is cut', { codeHash: randomBytes(31) }, 'invitations_code_hash_whole'],
      ['that ends when it is sent', { sentAt: at(0), expiresAt: at(0) }, 'invitations_live_for_a_while'],
      [
        'whose code outlives the link',
        { expiresAt: at(10), codeExpiresAt: at(11) },
        'invitations_code_ends_with_the_link',
      ],
      ['accepted by nobody', { acceptedAt: at(1) }, 'invitations_accepted_by_somebody'],
    ])('keeps none %s', async (_, broken, constraint) => {
      await expect(store(await stored.newMember(), broken)).rejects.toThrow(constraint);
    });

    it('forgets those that ended before an instant, so many at once, and no others', async () => {
      const by = await stored.newMember();
      await context.source.query('DELETE FROM invitations');
      const late = { expiresAt: at(100) };
      await store(by, { expiresAt: at(10) });
      await store(by, { ...late, revokedAt: at(11) });
      await store(by, { ...late, acceptedAt: at(12), acceptedBy: by.userId });
      const kept = [await store(by, { ...late, revokedAt: at(20) }), await store(by, late)];
      const remove = () => work.run(() => invitations.removeEnded(at(20), 2));
      expect([await remove(), await remove(), await remove()]).toEqual([2, 1, 0]);
      const left = await queries.list(by.tenantId, { limit: 10, cursor: null }, at(0));
      expect(left.items.map(({ id }) => id)).toEqual(kept.map(idOf).sort());
    });

    it('refuses to write or take outside a unit of work', async () => {
      const by = await stored.newMember();
      const invitation = make(by);
      const attempts = [
        () => invitations.add(invitation),
        () => invitations.save(invitation),
        () => invitations.takeIn(by.tenantId, idOf(invitation)),
        () => invitations.takeByToken(invitation.snapshot().tokenHash),
        () => invitations.takePendingOf(randomBytes(32), at(0)),
        () => invitations.takeAllOf(randomBytes(32)),
      ];
      for (const attempt of attempts) await expect(attempt()).rejects.toThrow('outside UnitOfWork');
    });
  });

  describe('every reader of them', () => {
    it('shows an invitation to its tenant, and to no other', async () => {
      const [by, other] = [await stored.newMember(), await stored.newMember()];
      const { id, email, createdAt, expiresAt } = (await store(by)).snapshot();
      const view = { id, email, role: 'analyst', invitedBy: by.userId, status: 'pending', createdAt, expiresAt };
      expect(await queries.find(by.tenantId, id, at(0))).toEqual(view);
      expect(await queries.find(other.tenantId, id, at(0))).toBeNull();
      expect(await queries.list(other.tenantId, { limit: 5, cursor: null }, at(0))).toEqual({
        items: [],
        nextCursor: null,
      });
    });

    it('pages through the invitations of the tenant in the order of their ids, each with its status', async () => {
      const by = await stored.newMember();
      const ids = ['1', '2', '3', '4'].map((digit) =>
        invitationId(`01890a5d-ac96-774b-bcce-${by.tenantId.slice(-11)}${digit}`),
      );
      const states = [{ expiresAt: at(10) }, { revokedAt: at(1) }, { acceptedAt: at(1), acceptedBy: by.userId }, {}];
      for (const [index, state] of states.entries()) await store(by, { id: ids[index]!, ...state });
      const first = await queries.list(by.tenantId, { limit: 3, cursor: null }, at(10));
      expect(first.items.map(({ id, status }) => [id, status])).toEqual([
        [ids[0], 'expired'],
        [ids[1], 'revoked'],
        [ids[2], 'accepted'],
      ]);
      expect(first.nextCursor).toBe(ids[2]);
      const second = await queries.list(by.tenantId, { limit: 3, cursor: first.nextCursor }, at(10));
      expect([second.items.map(({ id, status }) => [id, status]), second.nextCursor]).toEqual([
        [[ids[3], 'pending']],
        null,
      ]);
      expect((await queries.list(by.tenantId, { limit: 4, cursor: null }, at(10))).nextCursor).toBeNull();
    });

    it('tells of a pending invitation by its token, and of no other', async () => {
      const by = await stored.newMember({}, { name: 'Acme' });
      const [pending, revoked] = [await store(by), await store(by, { revokedAt: at(1) })];
      const preview = (invitation: Invitation, now = at(1)) => queries.preview(invitation.snapshot().tokenHash, now);
      const shown = { tenantId: by.tenantId, tenantName: 'Acme', role: 'analyst', invitedBy: by.userId };
      expect(await preview(pending)).toEqual({ ...shown, email: 'bob@example.com' });
      expect(await preview(pending, pending.snapshot().expiresAt)).toBeNull();
      expect(await preview(revoked)).toBeNull();
      await context.source.query("UPDATE tenants SET status = 'suspended' WHERE id = $1", [by.tenantId]);
      expect(await preview(pending)).toBeNull();
    });
  });

  it('are to the built-in roles, by name and by id', async () => {
    const { tenantId: tenant } = await stored.newMember();
    const analyst = await roles.named(tenant, 'analyst');
    expect(analyst).toMatchObject({
      name: 'analyst',
      permissions: expect.arrayContaining(['detector:read']) as unknown,
    });
    expect(await roles.find(tenant, analyst!.id)).toEqual(analyst);
    expect(await roles.named(tenant, 'emperor')).toBeNull();
    expect(await roles.named(tenant, 'Analyst')).toBeNull();
  });
});
