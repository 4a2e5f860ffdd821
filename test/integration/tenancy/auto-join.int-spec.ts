import type { TenantId } from '../../../src/kernel/ids';
import { RowScopes } from '../../../src/platform/database/row-scope';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { TenantPolicies } from '../../../src/modules/tenancy/application/tenant-policies.port';
import { LimitsAdministration } from '../../../src/modules/tenancy/application/limits/limits-administration';
import { QuotaExceeded } from '../../../src/modules/tenancy/domain/limits/limits-errors';
import type { TenantState } from '../../../src/modules/tenancy/domain/tenant';
import { TenancyFacade } from '../../../src/modules/tenancy/tenancy.facade';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { Stored } from '../../support/stored';

const PROVIDER = 'google';

describe('the tenant that people join who sign in for the first time', () => {
  let context: TestContext;
  let stored: Stored;
  let domains = 0;
  const get: TestContext['app']['get'] = (type: never) => context.app.get(type);

  beforeAll(async () => {
    context = await aContext();
    stored = new Stored(context);
  });
  afterAll(() => context.stop());

  const aDomain = (): string => `domain-${(domains += 1)}.example`;
  const decide = (id: TenantId, columns: string, ...values: unknown[]): Promise<unknown> =>
    context.source.query(`UPDATE tenants SET ${columns} WHERE id = $1`, [id, ...values]);
  /** A tenant that people of these domains join through the provider. */
  async function open(
    domain: string[],
    role: string | null = null,
    more: Partial<TenantState> = {},
  ): Promise<TenantId> {
    const { id } = await stored.tenant(more);
    const columns = 'allowed_email_domains = $2, auto_join_providers = $3, auto_join_role = $4';
    await decide(id, columns, domain, ['keycloak', PROVIDER], role);
    return id;
  }
  const close = async (id: TenantId, now: Date): Promise<void> => {
    const policy = await get(TenantPolicies).take(id);
    if (policy) await get(TenantPolicies).save(id, { ...policy, autoJoinProviders: [] }, now);
  };
  const at = (domain: string, provider = PROVIDER) =>
    get(UnitOfWork).run(() => get(TenancyFacade).autoJoinFor(provider, `ann@${domain}`));

  it('is the one that names the provider and the domain, with its role, whoever is asking', async () => {
    const [domain, other] = [aDomain(), aDomain()];
    const tenantId = await open([other, domain], 'analyst');
    for (const scope of [{ kind: 'all_tenants' }, { kind: 'nothing' }] as const) {
      expect(await get(RowScopes).run(scope, () => at(domain))).toEqual({ tenantId, role: 'analyst' });
    }
    expect(await at(domain.toUpperCase())).toEqual({ tenantId, role: 'analyst' });
  });

  it('names domains of other alphabets as they are kept', async () => {
    const tenantId = await open(['xn--mller-kva.example']);
    expect(await at('Müller.example')).toEqual({ tenantId, role: 'viewer' });
  });

  it.each<[string, (domain: string) => string, string]>([
    ['through another provider', (domain) => domain, 'github'],
    ['through one whose name is like it', (domain) => domain, 'googl%'],
    ['of a domain below', (domain) => `mail.${domain}`, PROVIDER],
    ['of a domain that ends likewise', (domain) => `not-${domain}`, PROVIDER],
    ['of no domain', () => '', PROVIDER],
  ])('is none for people %s', async (_, theirs, provider) => {
    const domain = aDomain();
    await open([domain]);
    expect(await at(theirs(domain), provider)).toBeNull();
  });

  it('is none that takes in people of any domain', async () => {
    await open([]);
    expect(await at(aDomain())).toBeNull();
  });

  it.each([
    ['suspended', "status = 'suspended'"],
    ['deleted', "status = 'deleted', purge_after = now()"],
  ])('is none that is %s; then the next one', async (_, standing) => {
    const domain = aDomain();
    await decide(await open([domain], null, { createdAt: new Date(2020, 1) }), standing);
    expect(await at(domain)).toBeNull();
    const tenantId = await open([domain]);
    expect(await at(domain)).toEqual({ tenantId, role: 'viewer' });
  });

  it('is the oldest of several', async () => {
    const domain = aDomain();
    await open([domain], 'analyst', { createdAt: new Date(2022, 1) });
    const tenantId = await open([domain], 'admin', { createdAt: new Date(2021, 1) });
    await open([domain], 'analyst', { createdAt: new Date(2023, 1) });
    expect(await at(domain)).toEqual({ tenantId, role: 'admin' });
  });

  it.each(['gone', 'owner'])('makes viewers of people whose role is %s', async (role) => {
    const domain = aDomain();
    const tenantId = await open([domain], role);
    expect(await at(domain)).toEqual({ tenantId, role: 'viewer' });
  });

  it('has no role of another tenant to give', async () => {
    const domain = aDomain();
    const tenantId = await open([domain], 'keeper');
    const role = (owner: TenantId): Promise<unknown> =>
      context.source.query(
        `INSERT INTO roles (id, tenant_id, name, description, permissions, created_at, updated_at)
         VALUES (gen_random_uuid(), $1, 'keeper', '', '{}', now(), now())`,
        [owner],
      );
    await role((await stored.tenant()).id);
    expect(await at(domain)).toEqual({ tenantId, role: 'viewer' });
    await role(tenantId);
    expect(await at(domain)).toEqual({ tenantId, role: 'keeper' });
  });

  it('is joined where there is room, and by nobody where there is none', async () => {
    const domain = aDomain();
    const tenantId = await open([domain]);
    await get(LimitsAdministration).changeAsOperator(tenantId, { maxUsers: 1 });
    const join = (): Promise<void> =>
      get(UnitOfWork).run(async () => {
        const found = await get(TenancyFacade).autoJoinFor(PROVIDER, `ann@${domain}`);
        if (!found) throw new Error('There is no tenant to join');
        await get(TenancyFacade).makeRoom(found.tenantId);
        const user = (await stored.user()).snapshot();
        await get(TenancyFacade).join(found.tenantId, user.id, found.role);
      });
    const outcomes = await Promise.allSettled([join(), join(), join()]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(reasons).toEqual([expect.any(QuotaExceeded), expect.any(QuotaExceeded)]);
  });

  it('is not one that was closed to them while it was waited for, but the next', async () => {
    const domain = aDomain();
    const former = await open([domain], null, { createdAt: new Date(2020, 1) });
    const tenantId = await open([domain]);
    const outcome = await interleaved(
      context,
      (now) => close(former, now),
      () => at(domain),
    );
    expect(outcome).toEqual({ status: 'fulfilled', value: { tenantId, role: 'viewer' } });
  });
});
