import { aService, type TestService } from '../support/service';

type Tenant = { readonly id: string; readonly token: string; readonly members: readonly string[] };

describe('two tenants on one connection', () => {
  let service: TestService;
  let tenants: readonly [Tenant, Tenant];

  const tenantOf = async (name: string): Promise<Tenant> => {
    const { client } = service;
    await client.register(`owner@${name}.example.com`, { tenant_name: name });
    const { body } = await client.login(`owner@${name}.example.com`);
    const token = body.access_token;
    for (const member of ['ann', 'bob']) {
      await client.post('/users', {
        token,
        json: { email: `${member}@${name}.example.com`, password: 'plain sailing all day', role: 'viewer' },
      });
    }
    const { items } = (await client.get('/users', { token })).body;
    return { id: body.tenant_id, token, members: items.map(({ id }) => String(id)).sort() };
  };

  beforeAll(async () => {
    service = await aService({ hashesOnce: true, variables: { DATABASE_POOL_SIZE: '1' } });
    tenants = [await tenantOf('north'), await tenantOf('south')];
  });

  afterAll(() => service.stop());

  it('never see each other in two hundred requests, twenty of them at once, reads and writes mixed', async () => {
    const [north, south] = tenants;
    expect(new Set([...north.members, ...south.members]).size).toBe(6);
    const ask = async (n: number): Promise<{ expected: unknown; seen: unknown }> => {
      const [mine, other] = n % 2 === 0 ? [north, south] : [south, north];
      if (n % 5 === 0) {
        const json = { first_name: `n${String(n)}` };
        const path = `/users/${(n % 10 === 0 ? mine : other).members[1] ?? ''}`;
        const { status } = await service.client.patch(path, { token: mine.token, json });
        return { expected: n % 10 === 0 ? 200 : 404, seen: status };
      }
      const { status, body } = await service.client.get('/users', { token: mine.token });
      return { expected: mine.members, seen: status === 200 ? body.items.map(({ id }) => String(id)).sort() : status };
    };
    const asked: Awaited<ReturnType<typeof ask>>[] = [];
    // Twenty at a time: more would wait longer for the one connection than anybody has to.
    for (let first = 0; first < 200; first += 20) {
      asked.push(...(await Promise.all(Array.from({ length: 20 }, (_none, n) => ask(first + n)))));
    }
    expect(asked.map(({ seen }) => seen)).toEqual(asked.map(({ expected }) => expected));
  });

  it('are told apart by the credential alone, whatever headers, query and body say', async () => {
    const [north, south] = tenants;
    const headers = { 'x-tenant-id': south.id, 'x-tenant': south.id };
    const { body } = await service.client.get('/users', { token: north.token, headers });
    expect(body.items.map(({ id }) => String(id)).sort()).toEqual(north.members);
    const query = await service.client.get(`/users?tenant_id=${south.id}`, { token: north.token });
    expect([query.status, query.body.error_code]).toEqual([422, 'VALIDATION_FAILED']);
    const json = { email: 'eve@example.com', password: 'plain sailing all day', role: 'viewer', tenant_id: south.id };
    const made = await service.client.post('/users', { token: north.token, json });
    expect([made.status, made.body.errors[0]?.code]).toEqual([422, 'FIELD_UNKNOWN']);
  });
});
