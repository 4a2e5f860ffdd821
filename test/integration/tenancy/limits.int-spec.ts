import { randomUUID } from 'node:crypto';
import type { Principal } from '../../../src/kernel/principal';
import type { DomainError } from '../../../src/kernel/domain-error';
import { AcceptInvitation } from '../../../src/modules/signin/application/invited/accept-invitation';
import { CreateAccount } from '../../../src/modules/signin/application/create-account';
import { InvitationRefused } from '../../../src/modules/signin/domain/invitation-errors';
import { LimitsAdministration } from '../../../src/modules/tenancy/application/limits/limits-administration';
import { IssueInvitation } from '../../../src/modules/tenancy/application/invitations/issue-invitation';
import { CreateRole } from '../../../src/modules/tenancy/application/roles/create-role';
import { ResourceAdministration } from '../../../src/modules/tenancy/application/roles/resource-administration';
import { MOST_RESOURCES } from '../../../src/modules/tenancy/domain/resource';
import type { KeyActor } from '../../../src/modules/tokens/application/api-keys/change-api-key';
import { RotateApiKey } from '../../../src/modules/tokens/application/api-keys/rotate-api-key';
import { CreateMember } from '../../../src/modules/tenancy/application/members/create-member';
import type { TenantLimitsChange } from '../../../src/modules/tenancy/domain/limits/tenant-limits';
import { QuotasFacade } from '../../../src/modules/tenancy/quotas.facade';
import { MintApiKey } from '../../../src/modules/tokens/application/api-keys/mint-api-key';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { aClient } from '../../support/a-device';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { anAddress, type Invitee, Inviting } from '../../support/inviting';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { recorded } from '../../support/recorded';
import { Stored } from '../../support/stored';

const AT_ONCE = 50;

describe('the limits of a tenant', () => {
  let context: TestContext;
  let inviting: Inviting;
  let stored: Stored;
  const get: TestContext['app']['get'] = (type: never) => context.app.get(type);

  beforeAll(async () => {
    context = await aContext({ hasher: new PlainHasher(), variables: { RATE_LIMITS: 'off' } });
    inviting = new Inviting(context);
    stored = new Stored(context);
  });
  afterAll(() => context.stop());

  const limit = ({ tenantId }: Principal, change: TenantLimitsChange): Promise<unknown> =>
    get(LimitsAdministration).changeAsOperator(tenantId, change);
  const create = (by: Principal) => {
    const names = { username: null, firstName: null, lastName: null };
    return get(CreateMember).execute(by, {
      email: anAddress(),
      password: `${PASSWORD} of nobody`,
      role: 'viewer',
      ...names,
    });
  };
  const mint = ({ tenantId, userId: ownerId }: Principal, expiresAt: Date | null = null) =>
    get(MintApiKey).execute({
      tenantId,
      ownerId,
      madeIn: null,
      name: 'k',
      description: null,
      permissions: ['user:read'],
      expiresAt,
    });
  const accept = ({ mail }: Invitee) =>
    get(AcceptInvitation).execute({
      proof: { kind: 'token', token: mail.token },
      password: PASSWORD,
      firstName: null,
      lastName: null,
      by: null,
      disbelief: null,
      client: aClient(),
      deviceToken: null,
    });
  const used = async ({ tenantId }: Principal) => (await get(LimitsAdministration).of(tenantId)).used;
  /** How many came through, and why the others did not. */
  const outcomes = async (attempts: readonly Promise<unknown>[]) => {
    const settled = await Promise.allSettled(attempts);
    const codes = settled.flatMap((each) => (each.status === 'rejected' ? [(each.reason as DomainError).code] : []));
    return { through: settled.length - codes.length, codes: [...new Set(codes)] };
  };
  const refusals = async ({ tenantId }: Principal, action: string) =>
    (await recorded(context.source, action)).filter(
      ({ tenant_id: tenant, details }) => tenant === tenantId && details.reason === 'quota_exceeded',
    );

  it('let exactly one of many in at once where there is room for one: members', async () => {
    const by = await inviting.anInviter('owner');
    const { users } = await used(by);
    await limit(by, { maxUsers: users + 1 });
    const attempts = Array.from({ length: AT_ONCE }, () => create(by));
    expect(await outcomes(attempts)).toEqual({ through: 1, codes: ['QUOTA_EXCEEDED'] });
    expect((await used(by)).users).toBe(users + 1);
    expect(await refusals(by, 'user.created')).toHaveLength(AT_ONCE - 1);
  });

  it('let exactly one of many in at once where there is room for one: keys', async () => {
    const by = await inviting.anInviter('owner');
    await mint(by);
    await limit(by, { maxApiKeys: 2 });
    const attempts = Array.from({ length: AT_ONCE }, () => mint(by));
    expect(await outcomes(attempts)).toEqual({ through: 1, codes: ['QUOTA_EXCEEDED'] });
    expect((await used(by)).api_keys).toBe(2);
    expect(await refusals(by, 'api_key.created')).toHaveLength(AT_ONCE - 1);
  });

  it('let exactly one of many in at once where there is room for one: whoever accepts an invitation', async () => {
    const by = await inviting.anInviter('owner');
    const invitees: Invitee[] = [];
    for (let nth = 0; nth < 6; nth += 1) invitees.push(await inviting.invited(by));
    const known = await stored.newMember({ email: anAddress(), passwordHash: plainHash(PASSWORD) });
    const [row] = await context.source.query<{ email: string }[]>('SELECT email FROM users WHERE id = $1', [
      known.userId,
    ]);
    invitees.push(await inviting.invited(by, row!.email));
    await limit(by, { maxUsers: (await used(by)).users + 1 });
    expect(await outcomes(invitees.map(accept))).toEqual({ through: 1, codes: ['QUOTA_EXCEEDED'] });
    const [{ pending }] = (await context.source.query<{ pending: number }[]>(
      'SELECT count(*)::int AS pending FROM invitations WHERE tenant_id = $1 AND accepted_at IS NULL',
      [by.tenantId],
    )) as [{ pending: number }];
    expect(pending).toBe(invitees.length - 1);
    expect(await refusals(by, 'user.invitation_accepted')).toHaveLength(invitees.length - 1);
  });

  it('let nobody in where operators add somebody, and leave no account behind', async () => {
    const by = await inviting.anInviter('owner');
    await limit(by, { maxUsers: 1 });
    const email = anAddress();
    await expect(get(CreateAccount).execute({ email, tenant: by.tenantId })).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      detail: 'The tenant has as many users as it may.',
    });
    expect(await context.source.query('SELECT FROM users WHERE email = $1', [email])).toEqual([]);
  });

  it('are nothing to a member who accepts an invitation to one more role', async () => {
    const by = await inviting.anInviter('owner');
    const email = anAddress();
    await accept(await inviting.invited(by, email));
    const again = await inviting.invited(by);
    await context.source.query('UPDATE invitations SET email = $2 WHERE id = $1', [again.view.id, email]);
    await limit(by, { maxUsers: 1 });
    expect((await accept(again)).kind).toBe('signed_in');
    expect((await used(by)).users).toBe(2);
  });

  it('are not told to whoever holds an invitation that is good no more', async () => {
    const by = await inviting.anInviter('owner');
    const invitee = await inviting.invited(by);
    await limit(by, { maxUsers: 1 });
    await context.source.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [by.userId]);
    await expect(accept(invitee)).rejects.toThrow(InvitationRefused);
    expect(await refusals(by, 'user.invitation_accepted')).toEqual([]);
  });

  it('free what ends: a key that expired or was revoked makes room for another', async () => {
    const by = await inviting.anInviter('owner');
    await limit(by, { maxApiKeys: 1 });
    await mint(by, new Date(context.clock.now().getTime() + 3_600_000));
    await expect(mint(by)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    context.clock.advance({ seconds: 3_601 });
    const { id } = await mint(by);
    await context.source.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [id]);
    await mint(by);
  });

  it('of mails are nothing to a new account that is sent none', async () => {
    const by = await inviting.anInviter('owner');
    await limit(by, { maxMailsPerDay: 0 });
    await create(by);
  });

  it('are on record when they refuse: a role, a resource, a key in the place of another, a mail', async () => {
    const by = await inviting.anInviter('owner');
    const { id } = await mint(by);
    const resource = { description: '', actions: ['read'] };
    for (let nth = 0; nth < MOST_RESOURCES; nth += 1) {
      await get(ResourceAdministration).register(by, { ...resource, name: `r${nth}` });
    }
    await limit(by, { maxApiKeys: 1, maxRoles: 0, maxMailsPerDay: 0 });
    const key: KeyActor = { userId: by.userId, tenantId: by.tenantId, sessionId: null };
    const attempts = [
      () => get(CreateRole).execute(by, { name: 'own', description: '', permissions: [] }),
      () => get(ResourceAdministration).register(by, { ...resource, name: 'one-more' }),
      () => get(RotateApiKey).execute({ by: key, id, overlapSeconds: 60 }),
      () => get(IssueInvitation).execute(by, anAddress(), 'viewer'),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    for (const action of ['role.created', 'permission.registered', 'api_key.created', 'user.invited']) {
      expect([action, (await refusals(by, action)).length]).toEqual([action, 1]);
    }
  });

  it('take nothing away when they are lowered, and allow nothing more', async () => {
    const by = await inviting.anInviter('owner');
    await create(by);
    await limit(by, { maxUsers: 0, maxApiKeys: 0 });
    expect((await used(by)).users).toBe(2);
    await expect(create(by)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    await limit(by, { maxUsers: null });
    await create(by);
    await expect(mint(by)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });

  it('are of one tenant: that another is full is nothing to it', async () => {
    const [by, other] = [await inviting.anInviter('owner'), await inviting.anInviter('owner')];
    await limit(other, { maxUsers: 0, maxApiKeys: 0 });
    await create(by);
    await mint(by);
  });

  it('count roles of the tenant’s own', async () => {
    const by = await inviting.anInviter('owner');
    const claim = (): Promise<void> => get(UnitOfWork).run(() => get(QuotasFacade).claim(by.tenantId, 'roles'));
    await limit(by, { maxRoles: 1 });
    await claim();
    await context.source.query(
      `INSERT INTO roles (id, tenant_id, name, description, permissions, created_at, updated_at)
       VALUES ($1, $2, 'own', '', '{}', now(), now())`,
      [randomUUID(), by.tenantId],
    );
    await expect(claim()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });

  it('hold whoever comes second until the first is through, and count what that one did', async () => {
    const by = await inviting.anInviter('owner');
    await limit(by, { maxUsers: 2 });
    const second = await interleaved(
      context,
      async (now) => {
        await get(QuotasFacade).claim(by.tenantId, 'users');
        const { id: userId } = (await stored.user()).snapshot();
        await stored.member({ userId, tenantId: by.tenantId }, 'viewer', now);
      },
      () => create(by),
    );
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'QUOTA_EXCEEDED' } });
  });

  it('are on record when they change, and not when they stay', async () => {
    const by = await inviting.anInviter('owner');
    await limit(by, { maxUsers: 3, maxSmsPerDay: 0 });
    await limit(by, { maxUsers: 3 });
    await limit(by, { maxUsers: null });
    const changes = (await recorded(context.source, 'tenant.limits_changed')).filter(
      ({ tenant_id: tenant }) => tenant === by.tenantId,
    );
    expect(changes.map(({ details }) => details)).toEqual([
      {
        fields: ['max_users', 'max_sms_per_day'],
        before: { max_users: null, max_sms_per_day: null },
        after: { max_users: 3, max_sms_per_day: 0 },
      },
      { fields: ['max_users'], before: { max_users: 3 }, after: { max_users: null } },
    ]);
  });
});
