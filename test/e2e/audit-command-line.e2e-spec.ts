import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../support/commands';
import { aDatabase, ONE_DATABASE, type TestDatabase } from '../support/database';
import { bounded, cleanUp, CLI, emptyFolder, rows, spawned, until } from '../support/process';
import { aService } from '../support/service';

type Listed = { readonly items: readonly Readonly<Record<string, unknown>>[]; readonly next_cursor: string | null };
type Read = {
  readonly action: string;
  readonly actor: string;
  readonly tenant_id: string | null;
  readonly details: unknown;
};

/** A command that follows and whoever writes meanwhile are two processes: the embedded database has room for one. */
const SERVERS = ONE_DATABASE.filter((kind) => kind === 'postgres');

afterAll(cleanUp);

describe('the audit commands', () => {
  let database: TestDatabase;
  let tenant: string;
  const folder = emptyFolder();

  const run = (...words: string[]) => command(['audit', ...words], { database });
  const json = async <T>(...words: string[]): Promise<T> => {
    const { code, stdout, stderr } = await run(...words, '--json');
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as T;
  };
  const newest = async (): Promise<Read | undefined> => {
    const sql = 'SELECT action, actor, tenant_id, details FROM audit_events ORDER BY sequence DESC LIMIT 1';
    return (await rows<Read>(database, sql))[0];
  };

  beforeAll(async () => {
    database = await aDatabase();
    const service = await aService({ database });
    const { access: token } = await service.client.signedUp('ann@example.com', { tenant_name: 'Acme' });
    const { body } = await service.client.get('/auth/me', { token });
    tenant = (body as unknown as { tenant: { id: string } }).tenant.id;
    // As nobody's client sends it, and as anybody's could.
    await service.source.query(
      `INSERT INTO audit_events (id, occurred_at, tenant_id, actor, action, outcome, target_type, target_id, ip_address,
                                 risk_score, details)
       VALUES (gen_random_uuid(), now(), $1, 'anonymous', 'access.denied', 'failure', 'user', E'\\u001b[2J\\u009b31m', NULL, 60,
               '{"reason": "\\u001b]0;owned\\u0007"}')`,
      [tenant],
    );
    await service.stop();
  });

  it('list shows pages, as a table or as JSON, and is recorded', async () => {
    const first = await json<Listed>('list', '--tenant', 'acme', '--limit', '1');
    expect(first.items).toMatchObject([{ action: 'access.denied', tenant_id: tenant }]);
    const rest = await json<Listed>(
      'list',
      '--tenant',
      tenant,
      '--cursor',
      String(first.next_cursor),
      '--user',
      'ann@example.com',
    );
    expect(rest.items.map(({ action }) => action)).toEqual(['auth.login', 'user.registered', 'tenant.created']);
    expect(await newest()).toEqual({
      ...{ action: 'audit.read', actor: 'cli', tenant_id: tenant },
      details: { filters: ['user_id'], action: null, outcome: null },
    });
    const { stdout } = await run('list', '--action', 'auth.login', '--from', '2020-01-01T00:00:00Z');
    expect(stdout).toMatch(/^SEQUENCE +TIME +ACTION .*\n\d+ +\S+Z +auth\.login +success +anonymous /);
  });

  it.each([
    [['list', '--outcome', 'maybe'], 2, 'outcome:'],
    [['list', '--cursor', 'x'], 2, '--cursor'],
    [['tail', '-n', 'x'], 2, '--lines'],
    [['export', '--format', 'xml', '--out', 'x'], 2, '--format'],
    [['export'], 2, '--out'],
    [['export', '--out', '-', '--seals', '-'], 2, 'the same'],
    [['export', '--out', '/tmp/f', '--seals', '/tmp/../tmp/f'], 2, 'the same'],
    [['list', '--tenant', 'nobodys'], 1, 'NOT_FOUND'],
    [['list', '--user', 'nobody@example.com'], 1, 'NOT_FOUND'],
    [['export', '--out', '/nowhere/at/all'], 1, 'cannot be written: ENOENT'],
    [['export', '--out', '/dev/null'], 1, 'is no file'],
  ])('%j ends with %p', async (words, code, text) => {
    const ended = await run(...words);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.stderr).toContain(text);
  });

  it('export writes a file that is there when it is whole, and is its owner’s alone', async () => {
    const out = join(folder, 'log.ndjson');
    const words = ['--out', out, '--tenant', 'acme', '--seals', join(folder, 'log.seals')];
    const told = await json('export', ...words);
    const lines = readFileSync(out, 'utf8').trim().split('\n');
    const sealLines = readFileSync(join(folder, 'log.seals'), 'utf8').trim().split('\n');
    expect(told).toEqual({ events: lines.length, seals: sealLines.length, out, seals_out: join(folder, 'log.seals') });
    const actions = lines.map((line) => (JSON.parse(line) as { action: string }).action);
    expect(actions.slice(0, 4)).toEqual(['tenant.created', 'user.registered', 'auth.login', 'access.denied']);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['log.ndjson', 'log.seals']);
    expect(JSON.parse(sealLines[0] ?? '')).toMatchObject({ number: 1, signature: expect.any(String) as string });
    expect(await newest()).toMatchObject({ action: 'audit.exported', actor: 'cli', tenant_id: tenant });
  });

  it('export writes to standard output, and CSV where it is asked for', async () => {
    const words = ['--out', '-', '--format', 'csv', '--action', 'tenant.created'];
    const { code, stdout, stderr } = await run('export', ...words);
    expect([code, stderr]).toEqual([0, '1 events written to -.\n']);
    expect(stdout.split('\r\n')).toEqual([
      expect.stringMatching(/^sequence,id,/) as string,
      expect.stringMatching(/,tenant\.created,success,/) as string,
      '',
    ]);
    expect(existsSync(join(folder, '-'))).toBe(false);
  });

  it.each(SERVERS)(
    'tail follows what comes, plainly where there is no terminal, and ends well when it is interrupted (%s)',
    async () => {
      const child = spawned([CLI, 'audit', 'tail', '--tenant', 'acme', '-n', '1', '--outcome', 'failure'], {
        database,
      });
      let [said, complaints] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
      await until('the last one is shown', () => said.includes('access.denied'));
      await rows(
        database,
        `INSERT INTO audit_events (id, occurred_at, tenant_id, actor, action, outcome, risk_score, details)
       VALUES (gen_random_uuid(), now(), $1, 'user', 'role.granted', 'failure', 0, '{}')`,
        [tenant],
      );
      await until('the next one is shown', () => said.includes('role.granted'));
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      child.kill('SIGINT');
      expect([await bounded(ended, 'it ends'), complaints]).toEqual([0, '']);
      const lines = said.trim().split('\n');
      expect(lines).toHaveLength(2);
      expect(lines[0]).toContain('user \\u001b[2J\\u009b31m  risk 60');
      // eslint-disable-next-line no-control-regex -- these are what must not be there
      expect(said).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    },
  );

  it.each(SERVERS)('tail ends well when its reader has seen enough (%s)', async () => {
    const child = spawned([CLI, 'audit', 'tail', '--json', '-n', '2'], { database });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [first] = await new Promise<string[]>((resolve) => {
      child.stdout.setEncoding('utf8').once('data', (text: string) => {
        resolve(text.split('\n'));
      });
    });
    expect(JSON.parse(first ?? '')).toHaveProperty('sequence');
    child.stdout.destroy();
    await rows(
      database,
      `INSERT INTO audit_events (id, occurred_at, actor, action, outcome, risk_score, details)
       VALUES (gen_random_uuid(), now(), 'user', 'role.granted', 'success', 0, '{}')`,
    );
    expect(await bounded(ended, 'it ends')).toBe(0);
  });
});
