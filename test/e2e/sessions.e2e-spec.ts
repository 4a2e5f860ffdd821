import { DataSource } from 'typeorm';
import { LastSeen } from '../../src/modules/tokens/application/sessions/last-seen.port';
import { FIREFOX_ON_WINDOWS, SAFARI_ON_IPHONE } from '../support/a-device';
import { type Answer, PASSWORD, type Tokens } from '../support/client';
import { ONE_DATABASE } from '../support/database';
import { aFurtherTenant } from '../support/further-tenant';
import { claimsOf, KeyHolder } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';

const UNKNOWN = '01890a5d-ac96-774b-bcce-b302099a8057';
const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const FIELDS = [
  'amr',
  'created_at',
  'current',
  'device',
  'expires_at',
  'id',
  'ip_address',
  'last_seen_at',
  'user_agent',
];

type Item = Readonly<Record<string, unknown>>;

describe.each(ONE_DATABASE)('the sessions of a user (%s)', (database) => {
  const signer = new KeyHolder();
  let service: TestService;
  let users = 0;

  beforeAll(async () => {
    service = await aService({ database, variables: { ...signer.variables, RATE_LIMITS: 'off' } });
  });
  afterAll(() => service.stop());

  /** A new user, not signed in. */
  async function aUserName(): Promise<string> {
    users += 1;
    const email = `user-${users}@example.com`;
    await service.client.register(email);
    return email;
  }
  async function signedInFrom(username: string, userAgent: string): Promise<Tokens> {
    const json = { username, password: PASSWORD };
    const { body } = await service.client.post('/auth/login', { json, headers: { 'user-agent': userAgent } });
    return { access: body.access_token, refresh: body.refresh_token, session: body.session_id };
  }
  const list = (token: string): Promise<Answer> => service.client.get('/auth/sessions', { token });
  const idsOf = (answer: Answer): unknown[] => answer.body.items.map(({ id }) => id);
  const end = (id: string, token: string, headers: Record<string, string> = {}): Promise<Answer> =>
    service.client.call('DELETE', `/auth/sessions/${id}`, { token, headers });
  const endAll = (token: string, query = '', headers: Record<string, string> = {}): Promise<Answer> =>
    service.client.call('DELETE', `/auth/sessions${query}`, { token, headers });
  const me = (token: string): Promise<Answer> => service.client.get('/auth/me', { token });
  const cookieOf = (answer: Answer): string => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  async function loginByCookie(username: string): Promise<{ access: string; cookie: string }> {
    const answer = await service.client.post('/auth/login', {
      json: { username, password: PASSWORD },
      headers: { 'x-token-delivery': 'cookie' },
    });
    return { access: answer.body.access_token, cookie: cookieOf(answer) };
  }

  describe('in a list', () => {
    it('have the fields of the contract and no token material', async () => {
      const name = await aUserName();
      const phone = await signedInFrom(name, SAFARI_ON_IPHONE);
      const desk = await signedInFrom(name, FIREFOX_ON_WINDOWS);
      const answer = await list(desk.access);
      expect([answer.status, Object.keys(answer.body)]).toEqual([200, ['items']]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      for (const item of answer.body.items) {
        expect(Object.keys(item).sort()).toEqual(FIELDS);
        for (const field of ['created_at', 'last_seen_at', 'expires_at']) {
          expect(item[field]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        }
      }
      const byId = new Map(answer.body.items.map((item): [unknown, Item] => [item.id, item]));
      expect(byId.get(desk.session)).toMatchObject({
        user_agent: FIREFOX_ON_WINDOWS,
        device: 'Firefox on Windows',
        ip_address: '127.0.0.1',
        current: true,
        amr: ['pwd'],
      });
      expect(byId.get(phone.session)).toMatchObject({ device: 'Safari on iOS', current: false });
      for (const { access, refresh } of [phone, desk]) {
        for (const part of [access, ...access.split('.'), refresh, refresh.slice(5)]) {
          expect(answer.text).not.toContain(part);
        }
      }
    });

    it('end when the refresh token would, unless it is used', async () => {
      const tokens = await service.client.signedIn(await aUserName());
      const [item] = (await list(tokens.access)).body.items;
      const seconds = (Date.parse(String(item?.expires_at)) - Date.parse(String(item?.created_at))) / 1000;
      expect(seconds).toBe(604_800);
    });

    it('are all those of their user, in whichever tenant, and nobody else’s', async () => {
      const name = await aUserName();
      const [first, second] = [await service.client.signedIn(name), await service.client.signedIn(name)];
      const { body } = await me(first.access);
      const { slug } = await aFurtherTenant(service.app, String(body.id));
      const elsewhere = await service.client.post('/auth/login', {
        json: { username: name, password: PASSWORD, tenant: slug },
      });
      const other = await service.client.signedIn(await aUserName());
      const mine = [first.session, second.session, elsewhere.body.session_id].sort();
      expect(idsOf(await list(first.access)).sort()).toEqual(mine);
      expect(idsOf(await list(elsewhere.body.access_token)).sort()).toEqual(mine);
      expect(idsOf(await list(other.access))).toEqual([other.session]);
    });

    it('are those in force: one that was signed out, ended or expired is gone', async () => {
      const name = await aUserName();
      const [here, out, ended, expired] = [
        await service.client.signedIn(name),
        await service.client.signedIn(name),
        await service.client.signedIn(name),
        await service.client.signedIn(name),
      ];
      await service.client.post('/auth/logout', { token: out.access });
      await end(ended.session, here.access);
      await service.app
        .get(DataSource)
        .query(`UPDATE sessions SET idle_expires_at = now() - interval '1 second' WHERE id = $1`, [expired.session]);
      expect(idsOf(await list(here.access))).toEqual([here.session]);
    });

    it('were last seen when they were last used', async () => {
      const name = await aUserName();
      const [here, there] = [await service.client.signedIn(name), await service.client.signedIn(name)];
      await service.app.get(DataSource).query(
        `UPDATE sessions SET rotated_at = rotated_at - interval '1 hour', created_at = created_at - interval '1 hour'
           WHERE id = $1`,
        [there.session],
      );
      const seen = async (): Promise<number> => {
        await service.app.get(LastSeen).write();
        const { items } = (await list(here.access)).body;
        return Date.parse(String(items.find(({ id }) => id === there.session)?.last_seen_at));
      };
      const before = await seen();
      await me(there.access);
      expect((await seen()) - before).toBeGreaterThan(3_500_000);
    });

    it('are not shown to an API key', async () => {
      const { access: token } = await service.client.signedIn(await aUserName());
      const { body } = await service.client.post('/api-keys', { json: { name: 'k', permissions: ['*:*'] }, token });
      for (const path of ['/auth/sessions', `/auth/sessions/${UNKNOWN}`]) {
        const method = path.endsWith(UNKNOWN) ? 'DELETE' : 'GET';
        const answer = await service.client.call(method, path, { headers: { 'x-api-key': String(body.key) } });
        expectProblem(answer, 403, 'INSUFFICIENT_PERMISSIONS');
      }
    });
  });

  describe('ended one by one', () => {
    it('are over at once, with all their tokens, and leave the others alone', async () => {
      const name = await aUserName();
      const [here, there] = [await service.client.signedIn(name), await service.client.signedIn(name)];
      expect((await me(there.access)).status).toBe(200);
      const answer = await end(there.session, here.access);
      expect([answer.status, answer.text]).toEqual([204, '']);
      expectProblem(await me(there.access), 401, 'TOKEN_INVALID');
      expectProblem(await service.client.refresh(there.refresh), 401, 'REFRESH_TOKEN_INVALID');
      expect((await me(here.access)).status).toBe(200);
      const last = (await recorded(service.app.get(DataSource), 'session.revoked')).at(-1);
      expect(last).toMatchObject({ outcome: 'success', actor: 'user', details: { reason: 'ended_by_user' } });
    });

    it('may be the one the request came with', async () => {
      const { access, session } = await service.client.signedIn(await aUserName());
      expect((await end(session, access)).status).toBe(204);
      expectProblem(await me(access), 401, 'TOKEN_INVALID');
    });

    it('take the refresh cookie with them when it is this one', async () => {
      const name = await aUserName();
      const { access, cookie } = await loginByCookie(name);
      const there = await service.client.signedIn(name);
      const other = await end(there.session, access, { cookie, ...SAME_ORIGIN });
      expect([other.status, other.headers.get('set-cookie')]).toEqual([204, null]);
      const missing = await end(UNKNOWN, access, { cookie, ...SAME_ORIGIN });
      expect([missing.status, missing.headers.get('set-cookie')]).toEqual([404, null]);
      const own = await end(claimsOf(access).sid as string, access, { cookie, ...SAME_ORIGIN });
      expect([own.status, own.text]).toEqual([204, '']);
      expect(own.headers.get('set-cookie')).toMatch(/^dw_refresh=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/);
    });

    it('are not there when they are another user’s, over, unknown or no ids: one answer', async () => {
      const name = await aUserName();
      const [here, over] = [await service.client.signedIn(name), await service.client.signedIn(name)];
      const other = await service.client.signedIn(await aUserName());
      await end(over.session, here.access);
      const ids = [other.session, over.session, UNKNOWN, 'current', '1', '%00', `${here.session}%20`, "'--"];
      const answers: Answer[] = [];
      for (const id of ids) answers.push(await end(id, here.access));
      for (const answer of answers) {
        expectProblem(answer, 404, 'NOT_FOUND');
        expect(masked(answer)).toEqual(masked(answers[0]!));
      }
      expect((await me(other.access)).status).toBe(200);
      expect((await me(here.access)).status).toBe(200);
    });
  });

  describe('ended together', () => {
    it('are all of them, this one too', async () => {
      const name = await aUserName();
      const [here, there] = [await service.client.signedIn(name), await service.client.signedIn(name)];
      const other = await service.client.signedIn(await aUserName());
      const answer = await endAll(here.access);
      expect([answer.status, answer.text]).toEqual([200, '{"revoked":2}']);
      for (const { access, refresh } of [here, there]) {
        expectProblem(await me(access), 401, 'TOKEN_INVALID');
        expectProblem(await service.client.refresh(refresh), 401, 'REFRESH_TOKEN_INVALID');
      }
      expect((await me(other.access)).status).toBe(200);
    });

    it('are all but this one, when asked so', async () => {
      const name = await aUserName();
      const sessions = [];
      for (let number = 0; number < 3; number += 1) sessions.push(await service.client.signedIn(name));
      const [here, ...others] = sessions;
      expect((await endAll(here!.access, '?except=current')).body).toEqual({ revoked: 2 });
      expect((await endAll(here!.access, '?except=current')).body).toEqual({ revoked: 0 });
      for (const { access } of others) expectProblem(await me(access), 401, 'TOKEN_INVALID');
      expect(idsOf(await list(here!.access))).toEqual([here!.session]);
      expect((await service.client.refresh(here!.refresh)).status).toBe(200);
    });

    it('stay as they are when it is asked in words the contract does not have', async () => {
      const name = await aUserName();
      const [here, there] = [await service.client.signedIn(name), await service.client.signedIn(name)];
      for (const [query, field, code] of [
        ['?except=foo', 'except', 'FIELD_INVALID'],
        ['?except=', 'except', 'FIELD_INVALID'],
        ['?except=current&except=current', 'except', 'FIELD_INVALID'],
        [`?except=${here.session}`, 'except', 'FIELD_INVALID'],
        ['?expect=current', 'expect', 'FIELD_UNKNOWN'],
        ['?except=current&all=true', 'all', 'FIELD_UNKNOWN'],
      ] as const) {
        const answer = await endAll(here.access, query);
        expectProblem(answer, 422, 'VALIDATION_FAILED');
        expect(answer.body.errors.map((error) => [error.field, error.code])).toEqual([[field, code]]);
      }
      expect((await me(there.access)).status).toBe(200);
    });

    it('take the refresh cookie with them, unless this one is kept', async () => {
      const { access, cookie } = await loginByCookie(await aUserName());
      const kept = await endAll(access, '?except=current', { cookie, ...SAME_ORIGIN });
      expect([kept.status, kept.headers.get('set-cookie')]).toEqual([200, null]);
      const all = await endAll(access, '', { cookie, ...SAME_ORIGIN });
      expect(all.body).toEqual({ revoked: 1 });
      expect(all.headers.get('set-cookie')).toMatch(/^dw_refresh=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/);
    });
  });

  it('are ended only by who has just proven who they are, and listed by whoever is signed in', async () => {
    const name = await aUserName();
    const [here, there] = [await service.client.signedIn(name), await service.client.signedIn(name)];
    const stale = signer.ofAnOldSignIn(here.access);
    expect((await list(stale)).status).toBe(200);
    for (const path of [there.session, here.session, UNKNOWN, '1']) {
      expectProblem(await end(path, stale), 403, 'STEP_UP_REQUIRED');
    }
    expectProblem(await endAll(stale), 403, 'STEP_UP_REQUIRED');
    expectProblem(await endAll(stale, '?except=current'), 403, 'STEP_UP_REQUIRED');
    expectProblem(await endAll(stale, '?except=foo'), 403, 'STEP_UP_REQUIRED');
    expect(idsOf(await list(stale)).sort()).toEqual([here.session, there.session].sort());

    const { body } = await service.client.post('/auth/step-up', { json: { password: PASSWORD }, token: stale });
    expect((await endAll(body.access_token, '?except=current')).body).toEqual({ revoked: 1 });
  });

  it('get a new id at each sign-in, which is never one the client sends', async () => {
    const name = await aUserName();
    const planted = await service.client.signedIn(await aUserName());
    const json = { username: name, password: PASSWORD };
    const attempts = [
      await service.client.post('/auth/login', { json }),
      await service.client.post('/auth/login', { json, headers: { 'x-session-id': planted.session } }),
      await service.client.post('/auth/login', {
        json,
        headers: { cookie: `dw_refresh=${planted.refresh}; sid=${planted.session}; session_id=${planted.session}` },
      }),
      await service.client.post('/auth/login', { json, token: planted.access }),
      await service.client.post(`/auth/login?session_id=${planted.session}`, { json }),
    ];
    expect(attempts.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const ids = attempts.map(({ body }) => body.session_id);
    expect(new Set([...ids, planted.session]).size).toBe(6);
    for (const id of ids) expect(id).toMatch(UUID_7);
    for (const field of ['session_id', 'sid', 'id']) {
      const answer = await service.client.post('/auth/login', { json: { ...json, [field]: planted.session } });
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.body.errors).toMatchObject([{ field, code: 'FIELD_UNKNOWN' }]);
    }
  });
});
