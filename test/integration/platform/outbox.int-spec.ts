import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { MailerModule, MailerService } from '@nestjs-modules/mailer';
import { MailSettings, ProcessSettings } from '../../../src/platform/config/settings';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { Log } from '../../../src/platform/logging/log';
import { DeliverMails } from '../../../src/platform/mail/deliver-mails';
import { MailTexts } from '../../../src/platform/mail/mail-texts';
import { Mailer } from '../../../src/platform/mail/mailer';
import { SmtpMailer, smtpOptions } from '../../../src/platform/mail/smtp-mailer';
import { Outbox } from '../../../src/platform/mail/outbox';
import { OutboxRow } from '../../../src/platform/mail/outbox.row';
import { SqlOutbox } from '../../../src/platform/mail/sql-outbox';
import { Chores } from '../../../src/platform/time/chores';
import { aMail } from '../../support/a-mail';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { readEml } from '../../support/eml';
import { eventually, gate, interleaved } from '../../support/gates';
import { sabotage } from '../../support/sabotage';
import { TestSmtpServer } from '../../support/smtp-server';

const VARIABLES = { PUBLIC_URL: 'https://auth.example.com', MAIL_FROM: 'Doorward <door@example.com>' };
const HOUR = 3600;
const LEASE = 60;

const deliver = ({ app }: TestContext): Promise<number> => app.get(DeliverMails).execute();
/** As another process would be, on the same database. */
const anotherDeliverer = ({ app }: TestContext, mailer = app.get(Mailer)): DeliverMails =>
  new DeliverMails(app.get(SqlOutbox), app.get(MailTexts), mailer, app.get(Log));
const enqueue = ({ app }: TestContext, to?: string): Promise<void> =>
  app.get(UnitOfWork).run(() => app.get(Outbox).enqueue(aMail(to)));
const rowsOf = ({ source }: TestContext): Promise<OutboxRow[]> =>
  source.manager.find(OutboxRow, { order: { id: 'ASC' } });
const onlyRow = async (context: TestContext): Promise<OutboxRow> => {
  const rows = await rowsOf(context);
  expect(rows).toHaveLength(1);
  return rows[0]!;
};
/** Transactions somebody else has open, and is not working in. The one session of an embedded database just answers. */
const transactionsOpen = async ({ source }: TestContext): Promise<number> => {
  const [found] = await source.query<{ open: number }[]>(
    `SELECT count(*)::int AS open FROM pg_stat_activity
     WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
  );
  return found!.open;
};
const emptied = ({ source }: TestContext): Promise<unknown> => source.query('DELETE FROM outbox');

describe.each(DATABASES)('the outbox (%s)', (kind) => {
  let context: TestContext;
  let smtp: TestSmtpServer;

  const recipients = (): string[] => smtp.received.flatMap((letter) => letter.recipients);
  const sources = (): string[] => smtp.received.map(({ source }) => source);

  beforeAll(async () => {
    smtp = await TestSmtpServer.start();
    context = await aContext({ database: kind, prepared: false, variables: { ...VARIABLES, SMTP_URL: smtp.url } });
  });
  afterEach(async () => {
    smtp.reset();
    await emptied(context);
  });
  afterAll(async () => {
    await context.stop();
    await smtp.stop();
  });

  describe('takes a mail', () => {
    it('within a unit of work alone', async () => {
      await expect(context.app.get(Outbox).enqueue(aMail())).rejects.toThrow('outside UnitOfWork');
      expect(await rowsOf(context)).toEqual([]);
    });

    it('and forgets it when the unit of work is rolled back', async () => {
      const failing = context.app.get(UnitOfWork).run(async () => {
        await context.app.get(Outbox).enqueue(aMail());
        throw new Error('after it');
      });
      await expect(failing).rejects.toThrow('after it');
      expect(await rowsOf(context)).toEqual([]);
      expect(await deliver(context)).toBe(0);
    });

    it('and shows in the table neither to whom it goes nor what it says', async () => {
      await enqueue(context);
      const { facts, to } = aMail();
      const [dump] = await context.source.query<{ row: string }[]>('SELECT o::text AS row FROM outbox o');
      const { contents } = await onlyRow(context);
      for (const secret of [to, ...Object.values(facts)].map(String)) {
        expect(dump!.row).not.toContain(secret);
        expect(dump!.row).not.toContain(Buffer.from(secret).toString('hex'));
        expect(contents!.includes(secret)).toBe(false);
      }
      expect(dump!.row).toContain('session-ended');
    });

    it('whose contents open in no other row', async () => {
      await enqueue(context, 'ann@example.com');
      context.clock.advance({ seconds: 1 });
      await enqueue(context, 'bob@example.com');
      const [ann, bob] = await rowsOf(context);
      await context.source.manager.update(OutboxRow, { id: bob!.id }, { contents: ann!.contents });
      expect(await deliver(context)).toBe(1);
      expect(recipients()).toEqual(['ann@example.com']);
      expect((await rowsOf(context))[1]).toMatchObject({ lastError: 'SealBroken', sentAt: null });
    });
  });

  describe('delivers', () => {
    it('a whole letter to a mail server, and keeps nothing of what it said', async () => {
      await enqueue(context);
      const { id, createdAt } = await onlyRow(context);

      expect(await deliver(context)).toBe(1);

      expect(recipients()).toEqual(['ann@example.com']);
      const { headers, text, html } = readEml(sources()[0]!);
      expect(Object.fromEntries(headers)).toMatchObject({
        from: 'Doorward <door@example.com>',
        to: 'ann@example.com',
        subject: 'One of your sessions was ended',
        'message-id': `<${id}@auth.example.com>`,
        date: createdAt.toUTCString().replace('GMT', '+0000'),
        'auto-submitted': 'auto-generated',
        'mime-version': '1.0',
      });
      for (const part of [text, html]) expect(part).toContain('Device: Firefox on Linux');
      const now = context.clock.now();
      expect(await onlyRow(context)).toMatchObject({ sentAt: now, contents: null, attempts: 1, lastError: null });
    });

    it('in the order they were written, and each once', async () => {
      for (const name of ['ann', 'bob', 'cid']) {
        await enqueue(context, `${name}@example.com`);
        context.clock.advance({ seconds: 1 });
      }
      expect(await deliver(context)).toBe(3);
      context.clock.advance({ seconds: 48 * HOUR });
      expect(await deliver(context)).toBe(0);
      expect(recipients()).toEqual(['ann@example.com', 'bob@example.com', 'cid@example.com']);
    });

    it('to one recipient, even if the address looks like two', async () => {
      await enqueue(context, 'ann@example.com, eve@example.com');
      await deliver(context);
      expect(recipients()).not.toContain('eve@example.com');
      expect(recipients().length).toBeLessThanOrEqual(1);
    });

    it('the mail it has in hand, and no other, when the process ends', async () => {
      await enqueue(context);
      await enqueue(context);
      const [arrived, mayGoOn] = [gate(), gate()];
      smtp.beforeAccepting = () => {
        arrived.open();
        return mayGoOn.opened;
      };
      const delivery = anotherDeliverer(context);
      const delivering = delivery.execute();
      await arrived.opened;
      delivery.onModuleDestroy();
      mayGoOn.open();

      expect(await delivering).toBe(1);
      expect((await rowsOf(context)).map(({ sentAt }) => sentAt !== null)).toEqual([true, false]);
    });
  });

  describe('with two processes', () => {
    it('gives a mail that one has in hand to no other', async () => {
      await enqueue(context);
      const [arrived, mayGoOn] = [gate(), gate()];
      smtp.beforeAccepting = () => {
        arrived.open();
        return mayGoOn.opened;
      };
      const first = deliver(context);
      await arrived.opened;
      context.clock.advance({ seconds: LEASE - 1 });

      expect(await anotherDeliverer(context).execute()).toBe(0);
      expect(await transactionsOpen(context)).toBe(0);

      mayGoOn.open();
      expect(await first).toBe(1);
      expect(recipients()).toEqual(['ann@example.com']);
    });

    it('gives a mail that one is about to take to no other', async () => {
      await enqueue(context);
      const taking = context.app.get(SqlOutbox);
      const second = await interleaved(
        context,
        () => taking.take(),
        () => deliver(context),
      );
      expect(second).toEqual({ status: 'fulfilled', value: 0 });
      expect(smtp.received).toEqual([]);
    });

    it('sends every mail once, however many empty it at a time', async () => {
      const names = Array.from({ length: 12 }, (_, index) => `user${index}@example.com`);
      for (const name of names) await enqueue(context, name);

      const deliverers = Array.from({ length: 5 }, () => anotherDeliverer(context));
      const sent = await Promise.all(deliverers.map((deliverer) => deliverer.execute()));

      expect(sent.reduce((sum, count) => sum + count, 0)).toBe(names.length);
      expect(recipients().sort()).toEqual(names.sort());
    });

    it('lets who lost its lease say nothing about the mail', async () => {
      await enqueue(context);
      const outbox = context.app.get(SqlOutbox);
      const slow = await outbox.take();
      expect(await outbox.take()).toBeNull();
      context.clock.advance({ seconds: LEASE });
      const [again, row] = [await outbox.take(), await onlyRow(context)];
      expect([again?.id, again?.attempts]).toEqual([slow?.id, 2]);

      await outbox.markSent(slow!);
      await outbox.postpone(slow!, 'late');

      expect(await onlyRow(context)).toEqual(row);
    });
  });

  describe('after a crash between sending and saying so', () => {
    it('sends the mail once more when its lease is over, under the same Message-ID and date', async () => {
      await enqueue(context);
      let repair = (): Promise<void> => Promise.resolve();
      smtp.beforeAccepting = async () => {
        repair = await sabotage(context.source, 'outbox', 'UPDATE');
      };
      await expect(deliver(context)).rejects.toThrow('refused by the test');
      await repair();
      smtp.beforeAccepting = () => Promise.resolve();

      context.clock.advance({ seconds: LEASE - 1 });
      expect(await deliver(context)).toBe(0);
      context.clock.advance({ seconds: 1 });
      expect(await deliver(context)).toBe(1);

      const [first, second] = sources().map((source) => readEml(source).headers);
      expect(smtp.received).toHaveLength(2);
      for (const name of ['message-id', 'date']) expect(second!.get(name)).toBe(first!.get(name));
    });
  });

  describe('when the mail server refuses', () => {
    it.each([451, 550])('with %i, waits ten seconds, then twenty, and sends when it is taken', async (code) => {
      await enqueue(context);
      smtp.refusesWith = code;
      for (const [attempts, seconds] of [
        [1, 10],
        [2, 20],
      ] as const) {
        expect(await deliver(context)).toBe(0);
        expect(await onlyRow(context)).toMatchObject({ attempts, sentAt: null, lastError: `EENVELOPE ${code}` });
        context.clock.advance({ seconds: seconds - 1 });
        expect(await deliver(context)).toBe(0);
        expect((await onlyRow(context)).attempts).toBe(attempts);
        context.clock.advance({ seconds: 1 });
      }
      smtp.refusesWith = 0;
      expect(await deliver(context)).toBe(1);
      expect(recipients()).toEqual(['ann@example.com']);
      expect(await onlyRow(context)).toMatchObject({ attempts: 3, lastError: null, contents: null });
    });

    it('keeps of its answer the codes alone, for its words name the recipient', async () => {
      await enqueue(context);
      smtp.refusesWith = 550;
      await deliver(context);
      const [dump] = await context.source.query<{ row: string }[]>('SELECT o::text AS row FROM outbox o');
      expect(dump!.row).not.toContain('ann@');
    });

    it('lets the next mail have its turn', async () => {
      await enqueue(context, 'ann@example.com');
      smtp.refusesWith = 550;
      await deliver(context);
      smtp.refusesWith = 0;
      await enqueue(context, 'bob@example.com');
      expect(await deliver(context)).toBe(1);
      expect(recipients()).toEqual(['bob@example.com']);
    });

    it('gives up after a day, keeps the mail sealed, and never tries again', async () => {
      await enqueue(context);
      const { createdAt } = await onlyRow(context);
      smtp.refusesWith = 550;
      for (let hour = 0; hour < 24; hour += 1) {
        await deliver(context);
        expect((await onlyRow(context)).givenUpAt).toBeNull();
        context.clock.advance({ seconds: HOUR });
      }
      await deliver(context);

      const given = await onlyRow(context);
      expect(given).toMatchObject({ attempts: 25, sentAt: null, lastError: 'EENVELOPE 550' });
      expect(given.givenUpAt!.getTime() - createdAt.getTime()).toBe(24 * HOUR * 1000);
      expect(given.contents).not.toBeNull();
      smtp.refusesWith = 0;
      context.clock.advance({ seconds: 48 * HOUR });
      expect(await deliver(context)).toBe(0);
      expect(smtp.received).toEqual([]);
    });
  });

  describe('when there is no mail server', () => {
    it('tries one mail a round, not all that wait', async () => {
      const gone = await TestSmtpServer.start();
      const own = await Test.createTestingModule({ imports: [MailerModule.forRoot(smtpOptions(gone.url))] }).compile();
      const mailer = new SmtpMailer(
        own.get(MailerService),
        context.app.get(MailSettings),
        context.app.get(ProcessSettings),
      );
      await gone.stop();
      await enqueue(context);
      await enqueue(context);

      expect(await anotherDeliverer(context, mailer).execute()).toBe(0);

      const rows = await rowsOf(context);
      expect(rows.map(({ attempts, lastError }) => [attempts, lastError])).toEqual([
        [1, 'ESOCKET'],
        [0, null],
      ]);
    });
  });
});

describe.each(DATABASES)('the outbox without a mail server (%s)', (database) => {
  let context: TestContext;
  const folder = (): string => join(context.database.variables.DATA_DIR!, 'mail');

  beforeAll(async () => {
    context = await aContext({ database, variables: VARIABLES });
  });
  afterEach(() => emptied(context));
  afterAll(() => context.stop());

  it('leaves a whole letter as a file that its owner alone can read', async () => {
    await enqueue(context);
    const { id } = await onlyRow(context);

    expect(await deliver(context)).toBe(1);

    const name = `20260101T000000Z-${id}.eml`;
    expect(readdirSync(folder())).toEqual([name]);
    const { headers, text, html } = readEml(readFileSync(join(folder(), name), 'utf8'));
    expect(headers.get('to')).toBe('ann@example.com');
    expect(headers.get('message-id')).toBe(`<${id}@auth.example.com>`);
    for (const part of [text, html]) expect(part).toContain('Device: Firefox on Linux');
    const modes = [folder(), join(folder(), name)].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600]);
    expect(await onlyRow(context)).toMatchObject({ contents: null });
  });

  it('sends by itself in a running server', async () => {
    context.clock.advance({ seconds: 1 });
    await enqueue(context);
    context.app.get(Chores).begin();
    await eventually('the letter is there', () =>
      readdirSync(folder()).some((name) => name.startsWith('20260101T000001Z')),
    );
  });
});
