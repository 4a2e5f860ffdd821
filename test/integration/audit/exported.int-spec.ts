import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditTrail } from '../../../src/modules/audit/application/audit-trail.port';
import { AuditLogFacade } from '../../../src/modules/audit/audit-log.facade';
import { SealsFacade, verifyFiles } from '../../../src/modules/audit/seals.facade';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { anEvent } from '../../support/an-event';
import { aContext, type TestContext } from '../../support/context';

const EVENTS = 40;
/** Of the file; others are of the start of the service. */
const ALTERED = 'r-7';

describe('an export and its seals', () => {
  let context: TestContext;
  let folder: string;
  const file = (name: string): string => join(folder, name);

  const recordedAt = (requestId: string, secondsAgo: number): Promise<void> => {
    const at = new Date(context.clock.now().getTime() - secondsAgo * 1000);
    return context.app.get(UnitOfWork).run(() => context.app.get(AuditTrail).record(anEvent({ at, requestId })));
  };
  const written = async (name: string, texts: AsyncIterable<string | { readonly text: string }>): Promise<void> => {
    let whole = '';
    for await (const piece of texts) whole += typeof piece === 'string' ? piece : piece.text;
    writeFileSync(file(name), whole);
  };
  /** As files of millions of events are read: looking ahead no further than a few of their lines. */
  const verified = (events = 'events.ndjson', extent: 'whole' | 'part' = 'whole', lookedAhead = 3) =>
    verifyFiles({ events: file(events), seals: file('seals.ndjson'), publicKey: file('key.pem'), extent, lookedAhead });
  const altered = (name: string, change: (lines: readonly string[]) => readonly string[]): string => {
    const lines = readFileSync(file('events.ndjson'), 'utf8').trimEnd().split('\n');
    writeFileSync(file(name), `${change(lines).join('\n')}\n`);
    return name;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'doorward-export-'));
    context = await aContext();
    // Who takes a number first does not always happen first.
    for (let n = 0; n < EVENTS; n += 1) await recordedAt(`r-${String(n)}`, 100 - n + (n % 5) * 3);
    // A clock that is hours ahead, and one that is behind.
    await recordedAt('ahead', -5 * 3600);
    await recordedAt('behind', 5 * 3600);
    const log = context.app.get(AuditLogFacade);
    const seals = await log.sealsUpToNow();
    for (let n = 0; n < 5; n += 1) await recordedAt(`later-${String(n)}`, 1);
    await written('events.ndjson', await log.export(null, {}, { format: 'ndjson', order: 'by_number' }));
    await written('seals.ndjson', seals);
    writeFileSync(file('key.pem'), (await context.app.get(SealsFacade).publicKeys()).join(''));
  });
  afterAll(async () => {
    await context.stop();
    rmSync(folder, { recursive: true });
  });

  it('are whole together, in whatever order events took place, and the seals reach no further than the events', async () => {
    const { findings, events, unsealed } = await verified();
    expect([findings, events >= EVENTS, unsealed >= 5]).toEqual([[], true, true]);
  });

  it.each<[string, (lines: readonly string[]) => readonly string[], object]>([
    [
      'an event that is altered',
      (lines) =>
        lines.map((line) => (line.includes(`"${ALTERED}"`) ? line.replace('auth.login', 'auth.logout') : line)),
      { reason: 'altered' },
    ],
    [
      'an address that was another',
      (lines) =>
        lines.map((line) => (line.includes(`"${ALTERED}"`) ? line.replace('203.0.113.7', '203.0.113.8') : line)),
      { reason: 'altered' },
    ],
    [
      'a line that is missing',
      (lines) => lines.filter((line) => !line.includes(`"${ALTERED}"`)),
      { reason: 'missing' },
    ],
  ])('name %s', async (_what, change, expected) => {
    const { findings } = await verified(altered('altered.ndjson', change));
    expect(findings).toMatchObject([expected]);
  });

  it('hold of a selection what is there, and say nothing of the rest', async () => {
    const selection = altered('part.ndjson', (lines) => lines.filter((line) => line.includes(`"${ALTERED}"`)));
    expect(await verified(selection, 'part')).toMatchObject({ findings: [], events: 1 });
  });
});
