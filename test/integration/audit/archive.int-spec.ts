import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { userId } from '../../../src/kernel/ids';
import { ArchiveFiles } from '../../../src/modules/audit/application/archive/archive-files.port';
import { ArchiveRecords } from '../../../src/modules/audit/application/archive/archive-records.port';
import { CheckArchive } from '../../../src/modules/audit/application/archive/check-archive';
import { LoggedMonths, MonthGrew } from '../../../src/modules/audit/application/archive/logged-months.port';
import { PersonKeys } from '../../../src/modules/audit/application/person-keys.port';
import { AuditKeys } from '../../../src/modules/audit/application/seals/audit-keys.port';
import { ArchiveFacade } from '../../../src/modules/audit/archive.facade';
import { unboxed } from '../../../src/modules/audit/infrastructure/personal/personal-box';
import { SealsFacade, verifyFiles } from '../../../src/modules/audit/seals.facade';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { EventLog } from '../../../src/platform/events/event-log';
import { ANN, Log } from '../../support/audit-log';
import { monthsOf } from '../../support/audit-tables';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { recorded } from '../../support/recorded';

const DAY = 86_400;
const WELL = { stopped: null };

type Line = { readonly id: string; readonly sequence: number } & Readonly<Record<string, string | null>>;

describe.each(DATABASES)('the archive of the audit log (%s)', (database) => {
  let context: TestContext;
  let log: Log;
  let facade: ArchiveFacade;
  let folder: string;
  let publicKey: string;

  const file = (name: string): string => join(folder, name);
  const textOf = (name: string): string => {
    const bytes = readFileSync(file(name));
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  };
  const linesOf = (name: string): Line[] =>
    textOf(name)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  const stored = (month: string): Promise<{ id: string }[]> =>
    context.source.query(
      `SELECT id FROM audit_events WHERE to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM') = $1 ORDER BY sequence`,
      [month],
    );
  const before = (month: string): { before: string } => ({ before: `${month}-01` });
  const offline = (month: string): ReturnType<typeof verifyFiles> =>
    verifyFiles({
      ...{ events: file(`${month}.ndjson.gz`), seals: file(`${month}.seals.ndjson`) },
      ...{ publicKey, extent: 'whole' },
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'doorward-archive-'));
    publicKey = file('key.pem');
    context = await aContext({ database, prepared: false, variables: { AUDIT_RETENTION: String(90 * DAY) } });
    await context.app.init();
    // The first of July 2026.
    context.clock.advance({ seconds: 181 * DAY });
    log = new Log(context);
    facade = context.app.get(ArchiveFacade);
  });
  afterAll(async () => {
    await context.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes whole months that are over to files, oldest first, with their seals, and leaves the rest', async () => {
    await log.recordSome(2, { at: new Date('2020-12-31T23:59:59.999Z') });
    await log.record({ at: new Date('2021-01-01T00:00:00.000Z') });
    // The instant of a transaction is not the one of its end.
    await log.record({ at: new Date('2020-12-31T23:59:58.000Z'), userId: null, tenantId: null });
    await log.record({ at: new Date('2021-01-31T23:59:59.999Z') });
    await log.record({ at: new Date('2021-02-01T00:00:00.000Z') });
    const [december, january] = [await stored('2020-12'), await stored('2021-01')];

    expect(await facade.due(before('2021-02'))).toEqual(['2020-12-01', '2021-01-01']);
    expect(await facade.archive(before('2021-02'), folder)).toMatchObject({
      archived: [
        { month: '2020-12-01', events: 3, seals: 2 },
        { month: '2021-01-01', events: 2, seals: 2 },
      ],
      stopped: null,
    });
    expect(linesOf('2020-12.ndjson.gz').map(({ id }) => ({ id }))).toEqual(december);
    expect(linesOf('2021-01.ndjson.gz').map(({ id }) => ({ id }))).toEqual(january);
    expect([await stored('2020-12'), await stored('2021-01')]).toEqual([[], []]);
    expect(await stored('2021-02')).toHaveLength(1);
    expect(await monthsOf(context.source)).not.toContain('audit_events_2020_12');

    const names = ['2020-12.ndjson.gz', '2020-12.seals.ndjson', '2021-01.ndjson.gz', '2021-01.seals.ndjson'];
    expect(readdirSync(folder).sort()).toEqual(names);
    expect(names.map((name) => statSync(file(name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600, 0o600]);
    const told = await recorded(context.source, 'audit.archived');
    const sums = [names[0], names[2]].map((name = '') =>
      createHash('sha256')
        .update(readFileSync(file(name)))
        .digest('hex'),
    );
    expect(told.map(({ details }) => [details.events, details.file_sha256])).toEqual([
      [3, sums[0]],
      [2, sums[1]],
    ]);
    expect(await log.verify()).toMatchObject({ verified: true, findings: [] });
    expect(await facade.archive(before('2021-02'), folder)).toEqual({ archived: [], ...WELL });
  });

  it('is verified with nothing but its files and the public key, which name what was done to it', async () => {
    writeFileSync(publicKey, (await context.app.get(SealsFacade).publicKeys()).join(''));
    expect(await offline('2020-12')).toMatchObject({ findings: [], seals: 2, events: 3, unsealed: 0 });
    expect(await offline('2021-01')).toMatchObject({ findings: [], seals: 2, events: 2, unsealed: 0 });

    const [events, seals] = ['2020-12.ndjson.gz', '2020-12.seals.ndjson'];
    const [goodEvents, goodSeals] = [textOf(events), textOf(seals)];
    const [first = '', second = '', third = ''] = goodEvents.split('\n');
    const numbers = linesOf(events).map(({ sequence }) => sequence);
    const found = async (text: string, sealed = goodSeals): Promise<unknown> => {
      writeFileSync(file(events), gzipSync(text));
      writeFileSync(file(seals), sealed);
      const [finding] = (await offline('2020-12')).findings;
      return finding && [finding.sequence, finding.reason];
    };
    expect(await found(goodEvents.replace('"outcome":"success"', '"outcome":"succesS"'))).toEqual([
      numbers[0],
      'altered',
    ]);
    expect(await found([first, third, ''].join('\n'))).toEqual([numbers[1], 'missing']);
    expect(await found([first, second, ''].join('\n'))).toEqual([numbers[2], 'missing']);
    const swapped = [second.replace(`"sequence":${numbers[1]}`, `"sequence":${numbers[0]}`)];
    swapped.push(first.replace(`"sequence":${numbers[0]}`, `"sequence":${numbers[1]}`));
    expect(await found([...swapped, third, ''].join('\n'))).toEqual([numbers[0], 'reordered']);
    const sealLines = goodSeals.trimEnd().split('\n');
    expect(sealLines).toHaveLength(3);
    expect(await found([first, second, ''].join('\n'), `${sealLines[0]}\n${sealLines[2]}\n`)).toEqual([
      expect.anything(),
      'seal_missing',
    ]);
    // A seal of the month itself is no link, whatever it leaves out.
    const bare = JSON.stringify({ ...JSON.parse(sealLines[2] ?? ''), sequences: [], leaves: '', tenants: {} });
    expect(await found([first, second, ''].join('\n'), `${sealLines[0]}\n${sealLines[1]}\n${bare}\n`)).toEqual([
      numbers[2],
      'seal_altered',
    ]);
    expect(await found(goodEvents)).toBeUndefined();
  });

  it('holds addresses and agents in boxes, so that they go with their person there too', async () => {
    expect(textOf('2021-01.ndjson.gz')).not.toMatch(/203\.0\.113|a browser/);
    const [line] = linesOf('2021-01.ndjson.gz');
    const box = Buffer.from(line?.personal_box ?? '', 'base64');
    const digest = Buffer.from(line?.personal_digest ?? '', 'hex');
    const keys = context.app.get(PersonKeys);
    const key = (await keys.toOpen([ANN])).get(ANN);
    expect(unboxed({ box, digest }, key as Buffer, line?.id ?? '')).toEqual({
      ipAddress: '203.0.113.7',
      userAgent: 'a browser',
    });
    // In a month that is in files, so that what tells of it need not be in the log.
    await context.app.get(UnitOfWork).run(() => keys.destroy(ANN, new Date('2021-01-31T12:00:00.000Z')));
    expect(await keys.toOpen([ANN])).toEqual(new Map([[userId(ANN), null]]));
    expect((await offline('2021-01')).findings).toEqual([]);
  });

  it('loses nothing where it breaks off, at whichever step, and comes to its end when it is run again', async () => {
    await log.recordSome(2, { at: new Date('2021-03-15T12:00:00.000Z'), userId: null });
    const [events, tables] = [await stored('2021-03'), await monthsOf(context.source)];
    const { app } = context;
    const steps: readonly (readonly [object, string])[] = [
      [app.get(LoggedMonths), 'separate'],
      [app.get(LoggedMonths), 'lines'],
      [app.get(ArchiveFiles), 'writeEvents'],
      [app.get(ArchiveFiles), 'writeSeals'],
      [app.get(ArchiveFiles), 'lying'],
      [app.get(CheckArchive), 'execute'],
      [app.get(LoggedMonths), 'remove'],
      [app.get(AuditKeys), 'toSign'],
      [app.get(ArchiveRecords), 'add'],
      [app.get(EventLog), 'append'],
    ];
    await facade.archive(before('2021-03'), folder);
    await log.seal();
    for (const [port, method] of steps) {
      for (const when of ['before', 'after']) {
        const real = Reflect.get(port, method) as (...words: unknown[]) => Promise<unknown>;
        Object.assign(port, {
          [method]: async (...words: unknown[]) => {
            if (when === 'after') await real.apply(port, words);
            throw new Error(`broken off ${when} ${method}`);
          },
        });
        await expect(facade.archive(before('2021-04'), folder)).rejects.toThrow(`broken off ${when} ${method}`);
        Object.assign(port, { [method]: real });
        expect([method, when, await stored('2021-03')]).toEqual([method, when, events]);
        const records = await context.source.query<unknown[]>(`SELECT FROM audit_archives WHERE month = '2021-03-01'`);
        expect(records).toEqual([]);
      }
    }
    expect((await monthsOf(context.source)).filter((name) => !tables.includes(name))).toEqual(['audit_events_2021_03']);
    expect(readdirSync(folder).filter((name) => /json\./.test(name) && !name.endsWith('.gz'))).toEqual([]);
    expect(await facade.archive(before('2021-04'), folder)).toMatchObject({ archived: [{ events: 2 }], ...WELL });
    expect(linesOf('2021-03.ndjson.gz').map(({ id }) => ({ id }))).toEqual(events);
    expect(await stored('2021-03')).toEqual([]);
    expect(await log.verify()).toMatchObject({ verified: true });
  });

  it('removes nothing while something comes to the month, or the file is not what was written', async () => {
    await log.recordSome(2, { at: new Date('2021-04-15T12:00:00.000Z'), userId: null });
    const files = context.app.get(ArchiveFiles);
    const lying = files.lying.bind(files);
    files.lying = async (...words) => {
      await log.record({ at: new Date('2021-04-16T12:00:00.000Z'), userId: null });
      return lying(...words);
    };
    await expect(facade.archive(before('2021-05'), folder)).rejects.toThrow(MonthGrew);
    files.lying = async (...words) => {
      writeFileSync(file('2021-04.ndjson.gz'), gzipSync(textOf('2021-04.ndjson.gz').replace('success', 'failure')));
      return lying(...words);
    };
    expect(await facade.archive(before('2021-05'), folder)).toMatchObject({
      archived: [],
      stopped: { month: '2021-04-01', reason: 'file_not_whole' },
    });
    files.lying = lying;
    expect(await stored('2021-04')).toHaveLength(3);
    expect(await facade.archive(before('2021-05'), folder)).toMatchObject({ archived: [{ events: 3 }], ...WELL });
  });

  it('takes by retention what ended so long ago, and never the month that is running', async () => {
    await log.record({ at: new Date('2026-03-31T23:59:59.999Z'), userId: null });
    await log.record({ at: new Date('2026-04-30T00:00:00.000Z'), userId: null });
    const byRetention = facade.byRetention();
    expect(byRetention).toEqual({ retentionSeconds: 90 * DAY });
    if (byRetention === null) return;
    // Ninety days before the first of July is the second of April.
    expect((await facade.due(byRetention)).at(-1)).toBe('2026-03-01');
    context.clock.advance({ seconds: 28 * DAY });
    expect((await facade.due(byRetention)).at(-1)).toBe('2026-03-01');
    context.clock.advance({ seconds: DAY });
    expect((await facade.due(byRetention)).at(-1)).toBe('2026-04-01');
    expect((await facade.due({ before: '2100-01-01' })).every((month) => month < '2026-07-01')).toBe(true);
  });

  it('excuses nothing that no signed record excuses', async () => {
    await facade.archive(before('2026-05'), folder);
    await log.record({ at: new Date('2026-05-15T00:00:00.000Z'), userId: null });
    await log.seal();
    await context.source.query(
      `SELECT add_audit_month('2026-05-01');
       ALTER TABLE audit_events DETACH PARTITION audit_events_2026_05; DROP TABLE audit_events_2026_05`,
    );
    await context.source.query(
      `INSERT INTO audit_archives (month, through_seal, events, file_sha256, archived_at, key_id, signature)
       SELECT '2026-05-01', 9999, events, file_sha256, archived_at, key_id, signature FROM audit_archives LIMIT 1`,
    );
    expect(await log.verify()).toMatchObject({ verified: false, findings: [{ reason: 'missing' }] });
    expect(await facade.archive(before('2026-07'), folder)).toMatchObject({ archived: [], ...WELL });
  });

  it('does not begin while the log is not as it was sealed', async () => {
    await log.record({ at: new Date('2026-06-15T00:00:00.000Z'), userId: null });
    expect(await facade.archive(before('2026-07'), folder)).toMatchObject({
      archived: [],
      stopped: { month: null, reason: 'log_unsound', findings: [{ reason: 'missing' }] },
    });
    expect(await stored('2026-06')).toHaveLength(1);
  });

  it('takes what comes to an archived month long after for what it may be: an event of its file, put there once more', async () => {
    const month = '2026-03-01';
    const { length } = (await log.verify()).findings;
    const records = (set: string): Promise<unknown> =>
      context.source.query(`ALTER TABLE audit_archives DISABLE TRIGGER USER;
                            UPDATE audit_archives SET month = ${set}; ALTER TABLE audit_archives ENABLE TRIGGER USER`);
    await log.record({ at: new Date('2026-03-15T00:00:00.000Z'), userId: null });
    await log.seal();
    // The record out of the way while it is sealed.
    await records(`month - interval '100 years' WHERE month = '${month}'`);
    await log.record({ at: new Date('2026-03-16T00:00:00.000Z'), userId: null });
    await log.seal();
    await records(`month + interval '100 years' WHERE month < '2000-01-01'`);
    const { findings } = await log.verify();
    expect(findings.slice(length)).toMatchObject([{ reason: 'inserted' }, { reason: 'inserted' }]);
    expect(await stored('2026-03')).toHaveLength(2);
  });
});
