import { randomUUID } from 'node:crypto';
import { tenantId } from '../../src/kernel/ids';
import { Quotas } from '../../src/modules/tenancy/application/limits/quotas.port';
import { NO_LIMITS, type TenantLimits } from '../../src/modules/tenancy/domain/limits/tenant-limits';
import { ApiKeys } from '../../src/modules/tokens/application/api-keys/api-keys.port';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { anApiKey } from '../support/an-api-key';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { Stored } from '../support/stored';

const AT = new Date('2026-01-10T00:00:00.000Z');
const ALL: TenantLimits = {
  maxUsers: 1,
  maxApiKeys: 2,
  maxRoles: 0,
  maxRequestsPerDay: 9_000_000_000_000,
  maxMailsPerDay: 4,
  maxSmsPerDay: 5,
};

describe.each(DATABASES)('every store of quotas (%s)', (database) => {
  let context: TestContext;
  let quotas: Quotas;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({ database });
    quotas = context.app.get(Quotas);
    stored = new Stored(context);
  });
  afterAll(() => context.stop());

  const run = <T>(work: () => Promise<T>): Promise<T> => context.app.get(UnitOfWork).run(work);
  const aTenant = async () => (await stored.tenant()).id;
  const aRole = (tenant: string, name: string): Promise<unknown> =>
    context.source.query(
      `INSERT INTO roles (id, tenant_id, name, description, permissions, created_at, updated_at)
       VALUES (gen_random_uuid(), $1, $2, '', '{}', now(), now())`,
      [tenant, name],
    );

  it('knows no limits of a tenant for which nobody has set any, and no tenant that is not there', async () => {
    expect(await quotas.find(await aTenant())).toEqual(NO_LIMITS);
    const nobody = tenantId(randomUUID());
    expect([await quotas.find(nobody), await run(() => quotas.take(nobody))]).toEqual([null, null]);
  });

  it('keeps what was saved last, of each limit, and of no other tenant', async () => {
    const [tenant, other] = [await aTenant(), await aTenant()];
    await run(() => quotas.save(tenant, { ...NO_LIMITS, maxUsers: 7 }, AT));
    await run(() => quotas.save(tenant, ALL, AT));
    expect([await quotas.find(tenant), await run(() => quotas.take(tenant))]).toEqual([ALL, ALL]);
    expect(await quotas.find(other)).toEqual(NO_LIMITS);
    await run(() => quotas.save(tenant, NO_LIMITS, AT));
    expect(await quotas.find(tenant)).toEqual(NO_LIMITS);
  });

  it('counts members of any status, keys in force, and roles of the tenant’s own', async () => {
    const [member, other] = [await stored.newMember(), await stored.newMember()];
    await stored.member({ tenantId: member.tenantId, userId: other.userId });
    await context.source.query(`UPDATE memberships SET status = 'disabled' WHERE tenant_id = $1`, [member.tenantId]);
    const keys = [
      anApiKey(member),
      anApiKey(member, { expiresAt: AT }),
      anApiKey(member, { revokedAt: AT }),
      anApiKey({ ...other }),
    ];
    await run(async () => {
      for (const key of keys) await context.app.get(ApiKeys).add(key);
    });
    await aRole(member.tenantId, 'one');
    await aRole(member.tenantId, 'two');
    await aRole(other.tenantId, 'one');
    const expected = { users: 2, api_keys: 1, roles: 2 };
    expect(await quotas.holdings(member.tenantId, AT)).toEqual(expected);
    for (const what of ['users', 'api_keys', 'roles'] as const) {
      expect(await quotas.count(member.tenantId, what, AT)).toBe(expected[what]);
    }
    expect(await quotas.holdings(other.tenantId, AT)).toEqual({ users: 1, api_keys: 1, roles: 1 });
  });
});
