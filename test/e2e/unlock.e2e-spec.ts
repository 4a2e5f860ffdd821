import { randomUUID } from 'node:crypto';
import { userId, tenantId } from '../../src/kernel/ids';
import { PASSWORD } from '../support/client';
import { command } from '../support/commands';
import { aDatabase, ONE_DATABASE, type TestDatabase } from '../support/database';
import { claimsOf } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { cleanUp } from '../support/process';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';
import { type Member, Stored } from '../support/stored';

const WRONG = 'not the password';

afterAll(cleanUp);

describe.each(ONE_DATABASE)('a user who is kept out by wrong passwords (%s)', (database) => {
  let service: TestService;
  let owner: string;
  let tenant: string;
  let users = 0;

  beforeAll(async () => {
    service = await aService({ database, hashesOnce: true });
    owner = (await service.client.signedUp('owner@example.com', { tenant_name: 'Acme' })).access;
    tenant = (claimsOf(owner) as { tid: string }).tid;
  });
  afterAll(() => service.stop());

  /** A new member of the owner's tenant, who has one of their own as well. */
  const aMember = async (role: string): Promise<Member & { readonly email: string }> => {
    users += 1;
    const email = `user-${users}@example.com`;
    const { body } = await service.client.register(email);
    const member = { userId: userId(body.user.id), tenantId: tenantId(tenant) };
    await new Stored(service).member(member, role);
    return { ...member, email };
  };
  const accessOf = async (username: string): Promise<string> => {
    const { status, body } = await service.client.post('/auth/login', {
      json: { username, password: PASSWORD, tenant },
    });
    expect(status).toBe(200);
    return body.access_token;
  };
  const unlock = (id: string, token?: string, headers = {}) =>
    service.client.post(`/users/${id}/unlock`, { token, headers });
  const lockOut = async (email: string): Promise<void> => {
    for (let time = 0; time < 5; time += 1) expect((await service.client.login(email, WRONG)).status).toBe(401);
    expect((await service.client.login(email)).status).toBe(401);
  };
  const unlockings = async (id: string) =>
    (await recorded(service.source, 'user.unlocked')).filter(({ user_id }) => user_id === id);

  it('signs in again once an administrator of the tenant says so, who is on record with that', async () => {
    const [admin, ann] = [await aMember('admin'), await aMember('viewer')];
    const token = await accessOf(admin.email);
    await lockOut(ann.email);
    const answer = await unlock(ann.userId, token);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await service.client.login(ann.email)).status).toBe(200);
    expect(await unlockings(ann.userId)).toEqual([
      {
        action: 'user.unlocked',
        outcome: 'success',
        user_id: ann.userId,
        tenant_id: tenant,
        actor: 'user',
        details: { was_locked: true, by: admin.userId },
      },
    ]);
  });

  it('signs in again, had everybody been stopped', async () => {
    const ann = await aMember('viewer');
    await service.source.query('INSERT INTO lockouts VALUES ($1, 100, now(), DEFAULT, DEFAULT, now())', [ann.userId]);
    expect((await service.client.login(ann.email)).status).toBe(401);
    expect((await unlock(ann.userId, owner)).status).toBe(204);
    expect((await service.client.login(ann.email)).status).toBe(200);
  });

  it('is no less free for being unlocked without need, and without ever having been guessed at', async () => {
    const ann = await aMember('viewer');
    expect((await unlock(ann.userId, owner)).status).toBe(204);
    expect((await unlock(ann.userId.toUpperCase(), owner)).status).toBe(204);
    expect((await unlockings(ann.userId)).map(({ details }) => details.was_locked)).toEqual([false, false]);
  });

  it('is not unlocked by who may not change users, by a key, or by nobody', async () => {
    const [viewer, ann] = [await aMember('viewer'), await aMember('viewer')];
    const token = await accessOf(viewer.email);
    await lockOut(ann.email);
    expectProblem(await unlock(ann.userId, token), 403, 'INSUFFICIENT_PERMISSIONS');
    const created = await service.client.post('/api-keys', {
      json: { name: 'all', permissions: ['*:*'] },
      token: owner,
    });
    expect(created.status).toBe(201);
    const byKey = await unlock(ann.userId, undefined, { 'x-api-key': String(created.body.key) });
    expectProblem(byKey, 403, 'INSUFFICIENT_PERMISSIONS');
    expectProblem(await unlock(ann.userId), 401, 'TOKEN_MISSING');
    expect((await service.client.login(ann.email)).status).toBe(401);
    expect(await unlockings(ann.userId)).toEqual([]);
  });

  it('is not there for the administrator of another tenant', async () => {
    const { body } = await service.client.register('stranger@example.com');
    await lockOut('stranger@example.com');
    const foreign = await unlock(body.user.id, owner);
    const [unknown, malformed] = [await unlock(randomUUID(), owner), await unlock('not-an-id', owner)];
    expectProblem(foreign, 404, 'NOT_FOUND');
    expect([masked(unknown), masked(malformed)]).toEqual([masked(foreign), masked(foreign)]);
    expect((await service.client.login('stranger@example.com')).status).toBe(401);
    expect(await unlockings(body.user.id)).toEqual([]);
  });
});

describe('the users commands', () => {
  let database: TestDatabase;
  let ann: string;

  beforeAll(async () => {
    database = await aDatabase();
    await said('seed', '--json');
    const made = await said('users', 'create', 'ann@example.com', '--username', 'ann', '--json');
    ann = (JSON.parse(made) as { user: { id: string } }).user.id;
  });

  /** What a command printed that succeeded. */
  async function said(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await command(words, { database });
    expect([code, stderr]).toEqual([0, '']);
    return stdout;
  }
  const shown = async (): Promise<Record<string, unknown>> =>
    JSON.parse(await said('users', 'show', 'ann', '--json')) as Record<string, unknown>;

  it('show tells who is kept out, and unlock ends it, by whatever name the user has', async () => {
    expect(await shown()).toMatchObject({ wrong_passwords: 0, sign_in_stopped_at: null, waiting: null });

    const service = await aService({ database, variables: { LOCKOUT_STOP: '6', TRUSTED_PROXIES: '127.0.0.1' } });
    for (let time = 0; time < 6; time += 1) {
      const headers = { 'x-forwarded-for': time < 5 ? '203.0.113.7' : '198.51.100.9' };
      const answer = await service.client.post('/auth/login', { json: { username: 'ann', password: WRONG }, headers });
      expect(answer.status).toBe(401);
    }
    await service.stop();

    const instant = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
    expect(await shown()).toMatchObject({
      wrong_passwords: 6,
      sign_in_stopped_at: expect.stringMatching(new RegExp(`^${instant}$`)) as string,
      waiting: expect.stringMatching(new RegExp(`^network:203\\.0\\.113\\.0/24 until ${instant}$`)) as string,
    });
    expect(await said('users', 'show', 'ann')).toMatch(/^wrong_passwords +6$/m);

    const unlocked = await command(['users', 'unlock', 'ann@example.com', '--json'], { database });
    expect([unlocked.code, unlocked.stderr, JSON.parse(unlocked.stdout)]).toEqual([0, '', { unlocked: ann }]);
    expect(await shown()).toMatchObject({ wrong_passwords: 0, sign_in_stopped_at: null, waiting: null });
    expect(await said('users', 'unlock', 'ann')).toBe('Unlocked ann@example.com.\n');
    expect(JSON.parse(await said('users', 'unlock', ann, '--json'))).toEqual({ unlocked: ann });
  });

  it('unlock and show refuse a user there is not with 1, and no user with 2', async () => {
    for (const word of ['unlock', 'show']) {
      const { code, stdout, stderr } = await command(['users', word, 'eve@example.com'], { database });
      expect([code, stdout, stderr]).toEqual([1, '', 'Not found (NOT_FOUND)\n']);
    }
    const { code, stdout } = await command(['users', 'unlock'], { database });
    expect([code, stdout]).toEqual([2, '']);
  });
});
