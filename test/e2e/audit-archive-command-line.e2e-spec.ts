import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Log } from '../support/audit-log';
import { command } from '../support/commands';
import { aContext } from '../support/context';
import { aDatabase, type TestDatabase } from '../support/database';
import { cleanUp } from '../support/process';

afterAll(cleanUp);

describe('the command that archives the audit log', () => {
  let database: TestDatabase;
  let folder: string;
  const run = (...words: string[]): ReturnType<typeof command> => command(['audit', ...words], { database });

  beforeAll(async () => {
    database = await aDatabase();
    const context = await aContext({ database });
    await new Log(context).recordSome(3, { at: new Date('2025-10-31T23:59:59.999Z') });
    await context.stop();
    folder = join(database.variables.DATA_DIR ?? '', 'audit-archive');
  });
  afterAll(() => database.drop());

  it('removes nothing that nobody asked it to', async () => {
    expect(await run('archive')).toMatchObject({ code: 1, stderr: expect.stringContaining('--before') as unknown });
    for (const month of ['2025', '2025-13', '2025-1', '2025-11-01']) {
      expect(await run('archive', '--before', month)).toMatchObject({ code: 2 });
    }
    const dry = await run('archive', '--before', '2025-11', '--dry-run', '--json');
    expect([dry.code, JSON.parse(dry.stdout)]).toEqual([0, { due: ['2025-10'] }]);
    expect(await run('archive', '--before', '2025-11')).toMatchObject({ code: 2 });
    expect(existsSync(folder)).toBe(false);
  });

  it('takes months to files that are verified without the service', async () => {
    const { code, stdout } = await run('archive', '--before', '2025-11', '--yes', '--json');
    const file = join(folder, '2025-10.ndjson.gz');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { archived: [{ month: '2025-10', events: 3, file }], stopped: null },
    ]);
    expect(await run('archive', '--before', '2025-11', '--yes')).toMatchObject({
      code: 0,
      stdout: 'No month is due.\n',
    });
    expect(await run('verify')).toMatchObject({ code: 0 });

    const key = join(folder, 'key.pem');
    writeFileSync(key, (await run('public-key')).stdout);
    const offline = ['--events', file, '--seals', join(folder, '2025-10.seals.ndjson'), '--public-key', key];
    expect(await run('verify', ...offline)).toMatchObject({ code: 0 });
    const altered = gunzipSync(readFileSync(file)).toString().replace('auth.login', 'auth.logim');
    writeFileSync(file, gzipSync(altered));
    const found = await run('verify', ...offline, '--json');
    expect([found.code, JSON.parse(found.stdout)]).toMatchObject([
      1,
      { verified: false, findings: [{ reason: 'altered' }] },
    ]);
  });
});
