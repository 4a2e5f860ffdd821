import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { DeliverMails } from '../../../src/platform/mail/deliver-mails';
import { MailAdministration } from '../../../src/platform/mail/mail-administration';
import { Outbox } from '../../../src/platform/mail/outbox';
import { aMail } from '../../support/a-mail';
import { aContextAt, type TestContext } from '../../support/context';
import { aDatabase, type TestDatabase } from '../../support/database';
import { readEml } from '../../support/eml';
import { eventually } from '../../support/gates';
import { type Received, TestSmtpServer } from '../../support/smtp-server';
import { TestClock } from '../../support/test-clock';

/** `npm run test:faults` takes more of them. */
const ROUNDS = Number(process.env.ROUNDS ?? 1);
const MAILS_A_PHASE = 6;
const LONGEST_MS = 60_000 + ROUNDS * 20_000;

type Row = { readonly id: string; readonly sent: boolean };

describe('two processes and a mail server that has its troubles', () => {
  const clock = new TestClock();
  let database: TestDatabase;
  let smtp: TestSmtpServer;
  let instances: readonly TestContext[];
  /** Mails the server took and then fell silent over. */
  const taken = new Set<string>();

  const idOf = ({ source }: Received): string => readEml(source).headers.get('message-id') ?? '';
  const silentAfter = (letter: Received): Promise<void> => {
    taken.add(idOf(letter));
    smtp.cut();
    return Promise.resolve();
  };
  const PHASES: Readonly<Record<string, () => void>> = {
    'takes all': () => undefined,
    'is not there': () => {
      smtp.isAway = true;
    },
    'puts off every other recipient': () => {
      smtp.refusalOf = (recipient) => (/[02468]@/.test(recipient) ? 451 : 0);
    },
    'refuses every third recipient': () => {
      smtp.refusalOf = (recipient) => (/[0369]@/.test(recipient) ? 550 : 0);
    },
    'wants no letters now': () => {
      smtp.refusesLettersWith = 452;
    },
    'is shutting down': () => {
      smtp.refusalOf = () => 421;
    },
    'dies between taking a letter and saying so': () => {
      smtp.beforeAccepting = silentAfter;
    },
    'is slow': () => {
      smtp.beforeAccepting = () => new Promise((resolve) => setTimeout(resolve, 30));
    },
  };

  let count = 0;
  const enqueue = ({ app }: TestContext): Promise<void> => {
    count += 1;
    return app.get(UnitOfWork).run(() => app.get(Outbox).enqueue(aMail(`user${count}@example.com`)));
  };
  const deliverAll = (): Promise<unknown> => Promise.all(instances.map(({ app }) => app.get(DeliverMails).execute()));
  const rows = (): Promise<Row[]> =>
    instances[0]!.source.query<Row[]>('SELECT id, sent_at IS NOT NULL AS sent FROM outbox');

  beforeAll(async () => {
    [database, smtp] = await Promise.all([aDatabase(), TestSmtpServer.start()]);
    const variables = { SMTP_URL: smtp.url, PUBLIC_URL: 'https://auth.example.com' };
    // One process alone may have an embedded database; it still delivers twice at a time.
    const one = await aContextAt(clock, { database, variables });
    instances = database.kind === 'embedded' ? [one] : [one, await aContextAt(clock, { database, variables })];
  });
  afterAll(async () => {
    for (const instance of instances) await instance.stop();
    await smtp.stop();
    await database.drop();
  });

  it(
    'get every mail there, and none twice but those the server took and fell silent over',
    async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const begin of Object.values(PHASES)) {
          const { received } = smtp;
          const soFar = [...received];
          smtp.reset();
          received.push(...soFar);
          begin();
          const writing = Array.from({ length: MAILS_A_PHASE }, (_, index) =>
            enqueue(instances[index % instances.length]!),
          );
          const delivering = deliverAll();
          await Promise.all(writing);
          await Promise.all([delivering, deliverAll()]);
          clock.advance({ seconds: 20 });
          await deliverAll();
        }
      }
      const soFar = [...smtp.received];
      smtp.reset();
      smtp.received.push(...soFar);
      await eventually('all were sent', async () => {
        clock.advance({ seconds: 3600 });
        await instances[0]!.app.get(MailAdministration).retryAllGivenUp();
        await deliverAll();
        return (await rows()).every(({ sent }) => sent);
      });

      const written = (await rows()).map(({ id }) => `<${id}@auth.example.com>`);
      expect(written).toHaveLength(ROUNDS * MAILS_A_PHASE * Object.keys(PHASES).length);
      const arrived = new Map<string, Received[]>();
      for (const letter of smtp.received) arrived.set(idOf(letter), [...(arrived.get(idOf(letter)) ?? []), letter]);
      expect([...arrived.keys()].sort()).toEqual(written.sort());
      const repeated = [...arrived].filter(([, copies]) => copies.length > 1);
      expect(repeated.map(([id]) => id).filter((id) => !taken.has(id))).toEqual([]);
      expect(taken.size).toBeGreaterThan(0);
      for (const [, [first, ...copies]] of repeated) {
        for (const copy of copies) {
          const [a, b] = [readEml(first!.source), readEml(copy.source)];
          expect([b.text, b.html, b.headers.get('date'), copy.recipients]).toEqual([
            a.text,
            a.html,
            a.headers.get('date'),
            first!.recipients,
          ]);
        }
      }
    },
    LONGEST_MS,
  );
});
