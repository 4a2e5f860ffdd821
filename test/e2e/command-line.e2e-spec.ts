import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PASSWORD } from '../support/client';
import { command } from '../support/commands';
import { aDatabase, anEmptyDatabase, type TestDatabase } from '../support/database';
import { cleanUp, doorward, emptyFolder, rows, type RunOptions, startByCommand } from '../support/process';
import { aService, type TestService } from '../support/service';

const REPOSITORY = join(__dirname, '..', '..');
const UNREACHABLE = { DATABASE_URL: 'postgres://doorward:hunter2@127.0.0.1:9/doorward' };

type User = { readonly id: string; readonly email: string; readonly username: string | null };
type Account = {
  readonly user: User;
  readonly tenant: { readonly id: string; readonly slug: string };
  readonly one_time_password: string | null;
};
type Seeded = { readonly role: string; readonly email: string; readonly password: string | null };
type SeededKey = { readonly name: string; readonly owner: string; readonly key: string | null };
type SeededDemo = {
  readonly roles: readonly string[];
  readonly users: readonly Seeded[];
  readonly api_keys: readonly SeededKey[];
};
type Event = { readonly action: string; readonly actor: string; readonly user_id: string | null };

/**
 * What a command printed, which succeeded and printed JSON and nothing else, neither here nor on standard error. In a
 * process of its own (`doorward`) where that matters: for a pipe on either end, for long words and for how it ends. All
 * commands have these from one place, so the others are run in one process that runs many.
 */
async function json<T>(words: readonly string[], options: RunOptions, run: typeof command = command): Promise<T> {
  const { code, stdout, stderr } = await run([...words, '--json'], options);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as T;
}

function events(database: TestDatabase): Promise<Event[]> {
  return rows<Event>(database, 'SELECT action, actor, user_id FROM audit_events ORDER BY sequence');
}

afterAll(cleanUp);

describe('the commands that set a database up', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await anEmptyDatabase();
  });

  it('migrate --check names what is pending, exits 1 and changes nothing', async () => {
    const { code, stdout, stderr } = await command(['migrate', '--check', '--json'], { database });
    expect([code, stderr]).toEqual([1, '']);
    const { pending } = JSON.parse(stdout) as { pending: string[] };
    expect(pending[0]).toMatch(/^create-users-\d{13}$/);
    expect(await rows(database, `SELECT 1 FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
  });

  it('migrate applies it, and then nothing is pending', async () => {
    const { applied } = await json<{ applied: string[] }>(['migrate'], { database }, doorward);
    expect(applied[0]).toMatch(/^create-users-\d{13}$/);
    expect(await events(database)).toEqual([{ action: 'system.migrated', actor: 'cli', user_id: null }]);
    const { code, stdout } = await command(['migrate', '--check'], { database });
    expect([code, stdout]).toEqual([0, 'The schema is up to date.\n']);
  });

  it('seed stores the built-in roles, once', async () => {
    const roles = ['owner', 'admin', 'data_scientist', 'analyst', 'viewer'];
    expect(await json(['seed'], { database })).toEqual({ roles, users: [], api_keys: [] });
    expect(await json(['seed'], { database })).toEqual({ roles: [], users: [], api_keys: [] });
  });

  it('init makes the first system administrator, once', async () => {
    const first = await json<{ migrations: string[]; administrator: Account }>(
      ['init', '--email', 'root@example.com', '--username', 'root'],
      { database },
    );
    expect(first).toMatchObject({
      migrations: [],
      administrator: {
        user: { email: 'root@example.com', username: 'root', system_administrator: true },
        one_time_password: expect.stringMatching(/^[0-9a-z-]{23}$/) as string,
      },
    });
    expect(await json(['init'], { database })).toEqual({ migrations: [], administrator: null });
  });

  it('are audited with the actor cli', async () => {
    const recorded = await events(database);
    expect(recorded.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['system.roles_seeded', 'signing_key.created', 'tenant.created', 'user.created']),
    );
    expect(new Set(recorded.map(({ actor }) => actor))).toEqual(new Set(['cli']));
    // Two signing keys: one that signs, one that stands by.
    expect(new Set(recorded.map(({ action }) => action)).size).toBe(recorded.length - 1);
  });
});

describe('init on an empty folder', () => {
  it('makes everything a start needs; start serves it; the password it printed signs in', async () => {
    const folder = emptyFolder();
    const { migrations, administrator } = await json<{ migrations: string[]; administrator: Account }>(
      ['init'],
      { folder },
      doorward,
    );
    expect(migrations).not.toEqual([]);
    const server = await startByCommand({ folder });
    expect(server.stdout()).not.toMatch(/password/i);
    const { access } = await server.client.signedIn('admin', administrator.one_time_password ?? '');
    expect((await server.client.get('/auth/me', { token: access })).body.email).toBe(administrator.user.email);
    expect((await server.stop()).code).toBe(0);
  });

  it('refuses a username that nobody could sign in with, and one without an address', async () => {
    const [badName, nameAlone] = await Promise.all([
      command(['init', '--email', 'root@example.com', '--username', '* *']),
      command(['init', '--username', 'root']),
    ]);
    expect([badName.code, nameAlone.code]).toEqual([2, 2]);
  });
});

describe('seed --demo', () => {
  let database: TestDatabase;
  let service: TestService;
  let users: readonly Seeded[];
  let keys: readonly SeededKey[];

  beforeAll(async () => {
    database = await aDatabase();
    ({ users, api_keys: keys } = await json<SeededDemo>(['seed', '--demo'], { database }));
    service = await aService({ database });
  });

  it('makes a user for each role, who sign in over HTTP and hold it', async () => {
    expect(users.map(({ role }) => role)).toEqual(['owner', 'admin', 'data_scientist', 'analyst', 'viewer']);
    const tenants = new Set<unknown>();
    for (const { role, email, password } of users) {
      const { access } = await service.client.signedIn(email, password ?? '');
      const { body } = await service.client.get('/auth/me', { token: access });
      expect(body).toMatchObject({ email, roles: [role], tenant: { name: 'Demo' }, password_change_required: true });
      tenants.add((body.tenant as { id: string }).id);
    }
    expect(tenants.size).toBe(1);
  });

  it('makes an API key of the owner, which opens what it says', async () => {
    expect(keys).toEqual([
      { name: 'demo', owner: 'owner@demo.localhost', key: expect.stringMatching(/^dw_live_/) as unknown },
    ]);
    const headers = { 'x-api-key': keys[0]?.key ?? '' };
    const { body } = await service.client.get('/auth/me', { headers });
    expect(body).toMatchObject({ email: 'owner@demo.localhost', tenant: { name: 'Demo' } });
    expect((await service.client.get('/users', { headers })).status).toBe(403);
  });

  it('changes nothing when it is run again', async () => {
    await service.stop();
    const state = `SELECT (SELECT json_agg(u ORDER BY id) FROM users u) AS users,
                          (SELECT json_agg(r ORDER BY id) FROM roles r) AS roles,
                          (SELECT json_agg(t ORDER BY id) FROM tenants t) AS tenants,
                          (SELECT json_agg(m ORDER BY user_id) FROM membership_roles m) AS members,
                          (SELECT json_agg(k ORDER BY id) FROM api_keys k) AS keys,
                          (SELECT count(*) FROM audit_events) AS events`;
    const before = await rows(database, state);
    const again = await json<SeededDemo>(['seed', '--demo'], { database });
    expect(again.roles).toEqual([]);
    expect(again.api_keys).toEqual(keys.map((each) => ({ ...each, key: null })));
    expect(again.users).toEqual(users.map(({ role, email }) => ({ role, email, password: null })));
    expect(await rows(database, state)).toEqual(before);
  });
});

describe('the users commands', () => {
  let database: TestDatabase;
  let ann: Account;
  let bob: Account;

  beforeAll(async () => {
    database = await aDatabase();
    await json(['seed'], { database });
    ann = await json<Account>(
      ['users', 'create', 'ann@example.com', '--username', 'ann', '--first-name', 'Ann', '--last-name', 'Example'],
      { database },
    );
    bob = await json<Account>(
      ['users', 'create', 'bob@example.com', '--tenant', ann.tenant.slug, '--role', 'analyst', '--password-stdin'],
      { database, input: `${PASSWORD}\n` },
      doorward,
    );
  });

  it('create makes a user with a password that is shown once, or with the one from standard input', () => {
    expect(ann).toMatchObject({
      user: { email: 'ann@example.com', username: 'ann', first_name: 'Ann', last_name: 'Example', status: 'active' },
      one_time_password: expect.stringMatching(/^[0-9a-z-]{23}$/) as string,
    });
    expect(bob).toMatchObject({
      user: { email: 'bob@example.com', username: null },
      tenant: ann.tenant,
      one_time_password: null,
    });
  });

  it('show finds a user by address, username or id, and nobody else', async () => {
    const [byEmail, byUsername, words, nobody] = await Promise.all([
      json<User>(['users', 'show', 'Ann@Example.com'], { database }),
      json<User>(['users', 'show', 'ann'], { database }),
      command(['users', 'show', ann.user.id], { database }),
      command(['users', 'show', 'nobody', '--json'], { database }),
    ]);
    const shown = { ...ann.user, wrong_passwords: 0, sign_in_stopped_at: null, waiting: null };
    expect([byEmail, byUsername]).toEqual([shown, shown]);
    expect(nobody).toMatchObject({ code: 1, stdout: '', stderr: 'Not found (NOT_FOUND)\n' });
    expect(words.stdout).toMatch(/^email +ann@example\.com$/m);
    expect(words.stdout).not.toMatch(/\$argon2|hash|stamp/);
  });

  it('list pages through everybody in the order they came', async () => {
    const first = await json<{ items: User[]; next_cursor: string }>(['users', 'list', '--limit', '1'], { database });
    expect(first.items.map(({ email }) => email)).toEqual(['ann@example.com']);
    const [rest, words] = await Promise.all([
      json(['users', 'list', '--limit', '1', '--cursor', first.next_cursor], { database }),
      command(['users', 'list'], { database }),
    ]);
    expect(rest).toMatchObject({ items: [{ email: 'bob@example.com' }], next_cursor: null });
    expect(words.stdout).toMatch(/^ID +E-MAIL +USERNAME +STATUS\n.*ann@example\.com +ann +active\n.*bob@example\.com/);
  });

  it('create makes users who sign in over HTTP, in the tenant and with the role they were given', async () => {
    const service = await aService({ database });
    const { client } = service;
    const first = await client.signedIn('ann', ann.one_time_password ?? '');
    const second = await client.signedIn('bob@example.com');
    const [mine, his] = await Promise.all(
      [first, second].map(({ access }) => client.get('/auth/me', { token: access })),
    );
    expect(mine?.body).toMatchObject({ roles: ['owner'], tenant: { id: ann.tenant.id } });
    expect(his?.body).toMatchObject({ roles: ['analyst'], tenant: { id: ann.tenant.id } });
    await service.stop();
  });

  it('create refuses a taken address, a taken username, a weak password and an unknown role with 1', async () => {
    const refused = await Promise.all([
      command(['users', 'create', 'ANN@example.com', '--json'], { database }),
      command(['users', 'create', 'eve@example.com', '--username', 'Ann', '--json'], { database }),
      command(['users', 'create', 'eve@example.com', '--password-stdin', '--json'], { database, input: 'eve-secret' }),
      command(['users', 'create', 'eve@example.com', '--tenant', ann.tenant.id, '--role', 'king', '--json'], {
        database,
      }),
    ]);
    for (const { code, stdout } of refused) expect([code, stdout]).toEqual([1, '']);
    expect(refused.map(({ stderr }) => stderr)).toEqual([
      expect.stringContaining('EMAIL_TAKEN'),
      expect.stringContaining('USERNAME_TAKEN'),
      expect.stringMatching(/^password: (?![^]*eve-secret)/),
      expect.stringContaining('role: There is no such role.'),
    ]);
  });

  it('create refuses a role without the tenant it is for', async () => {
    const { code } = await command(['users', 'create', 'eve@example.com', '--role', 'viewer'], { database });
    expect(code).toBe(2);
  });

  it('are audited with the actor cli, each change in its turn', async () => {
    const recorded = (await events(database)).filter(({ action }) => action !== 'auth.login');
    const of = (id: string): string[] =>
      recorded.filter(({ user_id, actor }) => user_id === id && actor === 'cli').map(({ action }) => action);
    expect(of(ann.user.id)).toEqual(['tenant.created', 'user.created']);
    expect(of(bob.user.id)).toEqual(['user.created', 'role.granted']);
  });

  it('delete ends an account that was meant: without a terminal to ask at only --yes says so', async () => {
    const there = (): Promise<unknown[]> => rows(database, `SELECT id FROM users WHERE id = '${bob.user.id}'`);
    const { code, stdout, stderr } = await command(['users', 'delete', bob.user.id], { database, input: 'yes\n' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--yes');
    expect(await there()).toHaveLength(1);
    expect(await json(['users', 'delete', bob.user.id, '--yes'], { database })).toEqual({ deleted: bob.user.id });
    expect(await there()).toEqual([]);
  });
});

describe('the command line itself', () => {
  it('answers what it does not understand with 2, on standard error, before it touches a database', async () => {
    const misspelt = [
      'strat',
      'users craete',
      'users create',
      'users create eve@example.com hunter2',
      'users create eve',
      'users list --limit 0',
      'users create eve@example.com --password hunter2',
      'users delete ann',
    ];
    const answers = await Promise.all(
      misspelt.map((line, index) => (index === 0 ? doorward : command)(line.split(' '), { variables: UNREACHABLE })),
    );
    expect(answers.map(({ code, stdout }, index) => [misspelt[index], code, stdout])).toEqual(
      misspelt.map((line) => [line, 2, '']),
    );
    for (const { stderr } of answers) expect(stderr).toMatch(/^(?![^]*hunter2)./);
  });

  it('explains itself with 0', async () => {
    const { code, stdout } = await doorward(['--help']);
    expect(code).toBe(0);
    for (const name of ['start', 'init', 'migrate', 'seed', 'users', 'api-keys', 'keys', 'config', 'openapi']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  });

  it('ends with 3 while the database is away, with nothing on standard output and no secret on standard error', async () => {
    const variables = { ...UNREACHABLE, LOG_LEVEL: 'silent' };
    const commands = ['start', 'init', 'users show ann'];
    const ends = await Promise.all(
      commands.map((line) => (line === 'start' ? doorward : command)([...line.split(' '), '--json'], { variables })),
    );
    expect(ends.map(({ code, stdout }, index) => [commands[index], code, stdout])).toEqual(
      commands.map((line) => [line, 3, '']),
    );
    for (const { stderr } of ends) expect(stderr).toMatch(/^(?![^]*hunter2)The database is unavailable: /);
  });
});

describe('config check', () => {
  it('says that good settings are good, without a database', async () => {
    expect(await json(['config', 'check'], { variables: UNREACHABLE })).toEqual({ ok: true, problems: [] });
  });

  it('names every bad variable at once, never its value, and ends with 1', async () => {
    const variables = {
      NODE_ENV: 'production',
      PORT: 'hunter2',
      MASTER_KEY: 'hunter2',
      DATABASE_URL: 'mysql://hunter2',
      AUTH_ENABLED: 'false',
    };
    const { code, stdout, stderr } = await doorward(['config', 'check', '--json'], { variables });
    const { ok, problems } = JSON.parse(stdout) as { ok: boolean; problems: string[] };
    expect([code, ok]).toEqual([1, false]);
    expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual([
      'AUTH_ENABLED',
      'DATABASE_URL',
      'MASTER_KEY',
      'PORT',
    ]);
    expect(stdout + stderr).not.toContain('hunter2');
  });

  it('reads a .env file in development, and not in production', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, '.env'), 'PORT=many\n');
    const [development, production] = await Promise.all([
      command(['config', 'check'], { folder }),
      command(['config', 'check'], { folder, variables: { NODE_ENV: 'production' } }),
    ]);
    expect([development.code, development.stdout]).toEqual([1, expect.stringMatching(/^PORT must be a whole number/)]);
    expect([production.code, production.stdout]).toEqual([1, expect.stringMatching(/^MASTER_KEY (?![^]*PORT)/)]);
  });
});

describe('openapi', () => {
  it('prints the document that is committed as openapi.json, without a database', async () => {
    const { code, stdout, stderr } = await doorward(['openapi'], { variables: UNREACHABLE });
    expect([code, stderr]).toEqual([0, '']);
    const committed = readFileSync(join(REPOSITORY, 'openapi.json'), 'utf8');
    // Compared as values first: a difference is then shown where it is.
    expect(JSON.parse(stdout)).toEqual(JSON.parse(committed));
    expect(stdout).toBe(committed);
  });
});
