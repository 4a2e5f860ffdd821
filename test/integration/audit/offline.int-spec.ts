import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AuditQueries } from '../../../src/modules/audit/application/audit-queries';
import { AuditKeys } from '../../../src/modules/audit/application/seals/audit-keys.port';
import { Seals } from '../../../src/modules/audit/application/seals/seals.port';
import { eventLineOf } from '../../../src/modules/audit/infrastructure/lines/event-lines';
import { sealLineOf } from '../../../src/modules/audit/infrastructure/lines/seal-lines';
import { verifyFiles } from '../../../src/modules/audit/seals.facade';
import { ANN, Log } from '../../support/audit-log';
import { aContext, type TestContext } from '../../support/context';

/** Exported events of four seals, two events each, and what somebody does with the lines. */
describe('verifying files', () => {
  let context: TestContext;
  let events: readonly string[];
  let seals: readonly string[];
  let folder: string;

  beforeAll(async () => {
    context = await aContext({ prepared: false });
    folder = context.database.variables.DATA_DIR ?? '';
    const log = new Log(context);
    for (let seal = 1; seal <= 4; seal += 1) {
      await log.record({ actorId: ANN, details: { reason: 'two\u2028lines' } });
      await log.record({ userId: null });
      await log.seal();
    }
    const page = { limit: 100, before: null };
    const { items } = await context.app.get(AuditQueries).page({ kind: 'everybody' }, {}, page);
    events = items.map(eventLineOf).reverse();
    seals = (await context.app.get(Seals).after(0, 100)).map(sealLineOf);
    const [key] = await context.app.get(AuditKeys).list();
    await writeFile(join(folder, 'key.pem'), key!.publicKey);
  });
  afterAll(() => context.stop());

  const filed = () => {
    const [eventsFile, sealsFile] = [join(folder, 'events.ndjson.gz'), join(folder, 'seals.ndjson')];
    return { events: eventsFile, seals: sealsFile, publicKey: join(folder, 'key.pem') };
  };
  const found = async (lines: readonly string[], sealLines = seals, extent: 'whole' | 'part' = 'whole') => {
    const files = { ...filed(), extent };
    await writeFile(files.events, gzipSync(lines.join('\n')));
    await writeFile(files.seals, `${sealLines.join('\n')}\n`);
    const { findings, events: count, seals: sealed, unsealed } = await verifyFiles(files);
    return {
      events: count,
      seals: sealed,
      unsealed,
      findings: findings.map(({ sequence, reason }) => `${String(sequence)} ${reason}`),
    };
  };

  it('finds nothing wrong with what was exported, and says what no seal covers', async () => {
    expect(await found(events)).toEqual({ events: 8, seals: 4, unsealed: 0, findings: [] });
    expect(await found(events, seals.slice(0, 3))).toEqual({ events: 6, seals: 3, unsealed: 2, findings: [] });
  });

  it('begins in the middle of the chain with the files of a month', async () => {
    expect(await found(events.slice(4), seals.slice(2))).toMatchObject({ events: 4, seals: 2, findings: [] });
  });

  it.each<[string, (lines: readonly string[]) => readonly string[], readonly string[]]>([
    ['one word changed', (lines) => lines.with(2, lines[2]!.replace('auth.login', 'auth.logout')), ['3 altered']],
    ['the address changed', (lines) => lines.with(2, lines[2]!.replace('203.0.113.7', '203.0.113.8')), ['3 altered']],
    ['one left out', (lines) => lines.toSpliced(2, 1), ['3 missing']],
    ['the last one left out', (lines) => lines.slice(0, -1), ['8 missing']],
    ['one there twice', (lines) => lines.toSpliced(2, 0, lines[2]!), ['3 inserted']],
    [
      'two with each other’s number',
      (lines) => {
        const [one, other] = [
          lines[2]!.replace('"sequence":3', '"sequence":4'),
          lines[3]!.replace('"sequence":4', '"sequence":3'),
        ];
        return lines.toSpliced(2, 2, other, one);
      },
      ['3 reordered', '4 reordered'],
    ],
  ])('names what is wrong: %s', async (_, change, findings) => {
    expect((await found(change(events))).findings).toEqual(findings);
  });

  it('does not miss what a selection leaves out, and sees what is wrong with the rest', async () => {
    expect((await found(events.toSpliced(2, 1), seals, 'part')).findings).toEqual([]);
    const changed = events.toSpliced(2, 1).with(0, events[0]!.replace('auth.login', 'auth.logout'));
    expect((await found(changed, seals, 'part')).findings).toEqual(['1 altered']);
  });

  it('says where the chain begins and ends, and misses what a seal known from elsewhere stands for', async () => {
    await found(events.slice(2, 6), seals.slice(1, 3));
    const files = { ...filed(), extent: 'whole' } as const;
    const [second, third, fourth] = seals.slice(1).map((line) => (JSON.parse(line) as { hash: string }).hash);
    const ending = { first: { number: 2, hash: second }, last: { number: 3, hash: third } };
    expect(await verifyFiles({ ...files, lastSeal: third })).toMatchObject({ findings: [], chain: ending });
    expect(await verifyFiles({ ...files, lastSeal: fourth })).toMatchObject({
      findings: [{ sequence: 7, eventId: null, seal: 4, reason: 'seal_missing' }],
      chain: ending,
    });
  });

  it('counts what is wrong beyond the first hundred, without keeping it', async () => {
    await found(events, seals);
    await writeFile(filed().seals, `${seals.join('\n')}\n${`${seals[3]!}\n`.repeat(150)}`);
    const { findings, omitted } = await verifyFiles({ ...filed(), extent: 'whole' });
    expect([findings.length, findings.length + omitted]).toEqual([100, 450]);
  });

  it('names seals that are gone or altered', async () => {
    expect((await found(events, seals.toSpliced(1, 1))).findings[0]).toBe('3 seal_missing');
    const altered = seals.with(1, seals[1]!.replace('"unsigned":0', '"unsigned":1'));
    expect((await found(events, altered)).findings[0]).toBe('3 seal_altered');
  });
});
