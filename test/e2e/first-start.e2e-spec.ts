import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aDatabase, anEmptyDatabase, DATABASES, type TestDatabase } from '../support/database';
import {
  cleanUp,
  doorward,
  emptyFolder,
  type Exit,
  occurrences,
  rows,
  type Server,
  serverThatEnds,
  shownPasswords,
  startServer,
} from '../support/process';

const ADMINISTRATOR = 'admin@doorward.localhost';
const aMasterKey = (): string => randomBytes(32).toString('base64');
const migrationFiles = readdirSync(join(__dirname, '..', '..', 'migrations')).filter((file) =>
  file.endsWith('.up.sql'),
);

afterAll(cleanUp);

// A server waits ten seconds for a folder that is in use; the other tests run meanwhile.
let folder: string;
let holder: Promise<Server>;
let latecomer: Promise<Exit>;

beforeAll(async () => {
  folder = emptyFolder();
  // What a first start makes of an empty one is told below.
  const { variables } = await aDatabase('embedded');
  renameSync(variables.DATA_DIR ?? '', join(folder, 'data'));
  writeFileSync(join(folder, '.env'), 'JWT_AUDIENCE=from-the-file\nLOG_LEVEL=error\n');
  holder = startServer({ folder });
  latecomer = holder.then(() => serverThatEnds({ folder }));
});

describe.each(DATABASES)('the first start on an empty database (%s)', (kind) => {
  let database: TestDatabase;
  let server: Server;
  let password: string;

  beforeAll(async () => {
    database = await anEmptyDatabase(kind);
    server = await startServer({ database });
    password = shownPasswords(server.stdout())[0] ?? '';
  });

  it('prints where to go, and a one-time password exactly once', () => {
    const said = server.stdout();
    const address = server.url.replace('127.0.0.1', 'localhost');
    expect(said).toContain(`serves ${address}\n`);
    expect(said).toContain(`${address}/docs\n`);
    expect(said).toContain(ADMINISTRATOR);
    expect(password).toMatch(/^[0-9a-z]{5}(-[0-9a-z]{5}){3}$/);
    expect(occurrences(said, password)).toBe(1);
  });

  it('warns that an embedded database is for development, and of nothing on a server', () => {
    const warnings = server
      .stdout()
      .split('\n')
      .filter((line) => line.startsWith('{"level":40'));
    expect(warnings).toEqual(kind === 'embedded' ? [expect.stringMatching(/embedded.*for development only/)] : []);
  });

  it('is ready, serves its keys and its documentation', async () => {
    const { client } = server;
    expect((await client.get('//health/ready')).body).toMatchObject({ status: 'ok', checks: { migrations: 'up' } });
    expect((await client.get('//.well-known/jwks.json')).body).toMatchObject({
      keys: [
        { kty: 'EC', alg: 'ES256' },
        { kty: 'EC', alg: 'ES256' },
      ],
    });
    expect((await client.get('//docs')).status).toBe(200);
  });

  it('signs the administrator in with the one-time password, who is asked to change it', async () => {
    const { access } = await server.client.signedIn(ADMINISTRATOR, password);
    expect((await server.client.get('/auth/me', { token: access })).body).toMatchObject({
      email: ADMINISTRATOR,
      roles: ['owner'],
      password_change_required: true,
    });
  });

  it('keeps the master key for its owner alone', () => {
    const { DATA_DIR = '' } = database.variables;
    expect(statSync(join(DATA_DIR, 'master.key')).mode & 0o777).toBe(0o600);
  });

  it('starts again with everything still there, and prints no password', async () => {
    await server.client.register('ann@example.com');
    const before = await server.client.signedIn('ann@example.com');
    expect((await server.stop()).code).toBe(0);

    // The address is part of every token, so it stays.
    server = await startServer({ database, variables: { PORT: new URL(server.url).port } });
    const { client } = server;
    expect(server.stdout()).not.toMatch(/password/i);
    expect((await client.login('ann@example.com')).status).toBe(200);
    expect((await client.login(ADMINISTRATOR, password)).status).toBe(200);
    expect((await client.get('/auth/me', { token: before.access })).status).toBe(200);
    expect((await client.refresh(before.refresh)).status).toBe(200);
  });

  it('refuses to start with another MASTER_KEY, and says what to do', async () => {
    await server.stop();
    const masterKey = aMasterKey();
    const { code, stderr, stdout } = await serverThatEnds({ database, variables: { MASTER_KEY: masterKey } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/another MASTER_KEY.*Start with the MASTER_KEY this database was set up with/);
    expect(stderr + stdout).not.toContain(masterKey);
  });

  it('has made each thing once', async () => {
    await server.stop();
    const [counts] = await rows<Record<string, number>>(
      database,
      `SELECT (SELECT count(*)::int FROM migrations) AS migrations,
              (SELECT count(*)::int FROM signing_keys) AS keys,
              (SELECT count(*)::int FROM roles WHERE tenant_id IS NULL) AS roles,
              (SELECT count(*)::int FROM users WHERE system_administrator) AS administrators,
              (SELECT count(*)::int FROM users) AS users`,
    );
    expect(counts).toEqual({ migrations: migrationFiles.length, keys: 2, roles: 5, administrators: 1, users: 2 });
  });
});

describe('a start that is refused', () => {
  it('names MASTER_KEY and DATABASE_URL in production within five seconds, and prints no value', async () => {
    const variables = { NODE_ENV: 'production', JWT_SECRET: 'hunter2-jwt', LOG_LEVEL: 'hunter2-level' };
    const { code, stdout, stderr, elapsedMs } = await serverThatEnds({ variables });
    expect(code).toBe(1);
    expect(elapsedMs).toBeLessThan(5_000);
    for (const name of ['MASTER_KEY', 'DATABASE_URL', 'JWT_SECRET', 'LOG_LEVEL']) expect(stderr).toContain(name);
    expect(stdout + stderr).not.toContain('hunter2');
  });

  it('does not take a phrase for a MASTER_KEY, nor one of the right length', async () => {
    const phrases = ['changeme-in-production', Buffer.from('changeme'.repeat(4)).toString('base64')];
    const attempt = async (masterKey: string): Promise<void> => {
      const folder = emptyFolder();
      const { code, stdout, stderr } = await serverThatEnds({ folder, variables: { MASTER_KEY: masterKey } });
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('- MASTER_KEY must be 32 random bytes');
      expect(stderr).not.toContain(masterKey);
      expect(readdirSync(folder)).toEqual([]);
    };
    await Promise.all(phrases.map(attempt));
  });

  it('ends with 3 when DATABASE_URL answers nobody, without the password in it', async () => {
    const variables = { DATABASE_URL: 'postgres://doorward:hunter2@127.0.0.1:9/doorward' };
    const { code, stderr, stdout } = await serverThatEnds({ variables });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^The database is unavailable: /);
    expect(stderr + stdout).not.toContain('hunter2');
  });
});

// Production takes a database server and nothing else, so a machine without one has nothing to start.
if (DATABASES.includes('postgres')) {
  describe('the first start in production', () => {
    let database: TestDatabase;
    let server: Server;

    beforeAll(async () => {
      database = await anEmptyDatabase('postgres');
      server = await startServer({ database, variables: { NODE_ENV: 'production', MASTER_KEY: aMasterKey() } });
    });

    it('is ready, and makes no users', async () => {
      expect((await server.client.get('//health/ready')).body).toEqual({ status: 'ok' });
      expect(await rows(database, 'SELECT id FROM users')).toEqual([]);
    });

    it('writes its log and nothing else on standard output', () => {
      const lines = server.stdout().trim().split('\n');
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
        expect.arrayContaining([expect.objectContaining({ msg: 'listening' })]),
      );
      expect(server.stdout()).not.toMatch(/one-time|administrator/i);
    });

    it('says that mails and text messages reach nobody as it is set up', () => {
      expect(server.stdout()).toContain('SMTP_URL is not set: mails are files');
      expect(server.stdout()).toContain('SMS_PROVIDER is file: text messages reach nobody, they are files in ');
    });

    it.each(['/docs', '/docs/', '/docs-json', '/docs-yaml'])('serves no %s', async (path) => {
      expect((await server.client.get(`/${path}`)).status).toBe(404);
    });

    it('serves the page its errors point to', async () => {
      expect((await server.client.get('//docs/errors')).status).toBe(200);
    });

    it('writes no key to the disk', () => {
      expect(readdirSync(database.variables.DATA_DIR ?? '')).toEqual([]);
    });
  });
}

describe('a folder with an embedded database', () => {
  let server: Server;

  beforeAll(async () => {
    server = await holder;
    await server.client.register('ann@example.com');
  });

  it('is ./data where nobody says otherwise', () => {
    expect(readdirSync(join(folder, 'data')).sort()).toEqual([
      'audit-head.json',
      'database.lock',
      'master.key',
      'postgres',
    ]);
  });

  it('is started with the variables of a .env file beside it', async () => {
    const { access } = await server.client.signedIn('ann@example.com');
    const claims = Buffer.from(access.split('.')[1] ?? '', 'base64url').toString();
    expect(JSON.parse(claims)).toMatchObject({ aud: 'from-the-file' });
    expect(server.stdout()).not.toContain('{"level":30');
  });

  it('is refused to every other process while the server has it: to a command at once, to a server after a while', async () => {
    const command = await doorward(['users', 'list'], { folder });
    const other = await latecomer;
    expect([command.code, other.code]).toEqual([3, 3]);
    expect(command.stderr).toMatch(/^The embedded database is in use by process \d+\. Stop it first/);
    expect(other.stderr).toBe(command.stderr);
    expect(command.elapsedMs).toBeLessThan(7_000);
    expect((await server.client.login('ann@example.com')).status).toBe(200);
  });

  it('is taken over from a process that was killed', async () => {
    const { signal } = await server.stop('SIGKILL');
    expect(signal).toBe('SIGKILL');
    expect(existsSync(join(folder, 'data', 'database.lock'))).toBe(true);

    server = await startServer({ folder });
    expect((await server.client.login('ann@example.com')).status).toBe(200);
  });

  it('is free again after an orderly end', async () => {
    await server.stop();
    expect(existsSync(join(folder, 'data', 'database.lock'))).toBe(false);
  });
});
