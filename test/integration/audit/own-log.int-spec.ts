import { PASSWORD, type Tokens } from '../../support/client';
import { aService, type TestService } from '../../support/service';

describe("reading one's own log", () => {
  let service: TestService;
  let ann: Tokens;

  beforeAll(async () => {
    service = await aService();
    ann = await service.client.signedUp('ann@example.com');
    await service.client.signedUp('bob@example.com');
    await service.client.login('ann@example.com', `${PASSWORD}!`);
    await service.client.refresh(ann.refresh);
  });
  afterAll(() => service.stop());

  const read = async (
    query = '',
  ): Promise<{ actions: unknown[]; items: readonly Record<string, unknown>[]; next: string | null }> => {
    const { status, body } = await service.client.get(`/auth/audit-logs${query}`, { token: ann.access });
    expect(status).toBe(200);
    return { items: body.items, actions: body.items.map(({ action }) => action), next: body.next_cursor };
  };
  const all = ['auth.token_refreshed', 'auth.login', 'auth.login', 'user.registered', 'tenant.created'];

  it('shows what happened to the account, newest first, and nothing of anybody else', async () => {
    const { actions, items } = await read();
    expect(actions).toEqual(all);
    const [me] = [(await service.client.get('/auth/me', { token: ann.access })).body];
    expect(new Set(items.map(({ user_id }) => user_id))).toEqual(new Set([me.id]));
  });

  it.each([
    ['?action=auth.login', ['auth.login', 'auth.login']],
    ['?outcome=failure', ['auth.login']],
    ['?action=auth.login&outcome=success', ['auth.login']],
    ['?min_risk=100', []],
    ['?from=2999-01-01T00:00:00Z', []],
    ['?to=2999-01-01T00:00:00Z', all],
    ['?ip_address=127.0.0.1', all],
    ['?ip_address=203.0.113.99', []],
  ])('is narrowed by %s', async (query, actions) => {
    expect((await read(query)).actions).toEqual(actions);
  });

  it('is narrowed to one request', async () => {
    const [newest] = (await read()).items;
    expect((await read(`?request_id=${String(newest?.request_id)}`)).items).toEqual([newest]);
  });

  it('comes in pages that miss nothing and repeat nothing, though events are added meanwhile', async () => {
    const known = (await read('?limit=100')).items.map(({ id }) => id);
    const seen: unknown[] = [];
    let query = '?limit=2';
    for (let page = 1; page <= known.length && query !== ''; page += 1) {
      const { items, next } = await read(query);
      seen.push(...items.map(({ id }) => id));
      await service.client.login('ann@example.com', `${PASSWORD}!`);
      query = next === null ? '' : `?limit=2&cursor=${next}`;
    }
    expect(seen).toEqual(known);
  });

  it("shows nothing of another user's, whatever the cursor", async () => {
    const bob = await service.client.signedIn('bob@example.com');
    const { body } = await service.client.get('/auth/audit-logs?cursor=999999999999999999', { token: bob.access });
    const mine = (await service.client.get('/auth/me', { token: bob.access })).body.id;
    expect(new Set(body.items.map(({ user_id }) => user_id))).toEqual(new Set([mine]));
  });
});
