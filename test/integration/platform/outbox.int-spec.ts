import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { MailerModule, MailerService } from '@nestjs-modules/mailer';
import { MailSettings, ProcessSettings } from '../../../src/platform/config/settings';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { EventSubscriptions, type RecordedEvent } from '../../../src/platform/events/event-subscriptions';
import { noRequest, RequestContext } from '../../../src/platform/http/request-context';
import { Log } from '../../../src/platform/logging/log';
import { DeliverMails } from '../../../src/platform/mail/deliver-mails';
import { MailCarrier } from '../../../src/platform/mail/mail-carrier';
import { MailTexts } from '../../../src/platform/mail/mail-texts';
import type { Mail } from '../../../src/platform/mail/mails';
import { Mailer } from '../../../src/platform/mail/mailer';
import { MailAdministration, UNREADABLE } from '../../../src/platform/mail/mail-administration';
import { MailHealth } from '../../../src/platform/mail/mail-health';
import { SmtpMailer } from '../../../src/platform/mail/smtp-mailer';
import { smtpOptions } from '../../../src/platform/mail/smtp-options';
import { Outbox } from '../../../src/platform/mail/outbox';
import { CleanOutbox } from '../../../src/platform/outbox/clean-outbox';
import { OutboxRow } from '../../../src/platform/outbox/outbox.row';
import { OutboxTable, type SealedMessage } from '../../../src/platform/outbox/outbox-table';
import { Chores } from '../../../src/platform/time/chores';
import { Clock } from '../../../src/platform/time/clock';
import { aMail } from '../../support/a-mail';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { readEml } from '../../support/eml';
import { eventually, gate, interleaved } from '../../support/gates';
import { sabotage } from '../../support/sabotage';
import { TestSmtpServer } from '../../support/smtp-server';
import { statementsOf } from '../../support/statements';

const VARIABLES = { PUBLIC_URL: 'https://auth.example.com', MAIL_FROM: 'Doorward <door@example.com>' };
const HOUR = 3600;
const DAY = 24 * HOUR;
const LEASE = 60;

/** As another process would be, on the same database. */
const aDeliverer = ({ app }: TestContext, mailer = app.get(Mailer), table = app.get(OutboxTable)): DeliverMails =>
  new DeliverMails(table, new MailCarrier(table, app.get(MailTexts), mailer), app.get(Log), app.get(Clock));
/** By a process that has just begun. */
const deliver = (context: TestContext): Promise<number> => aDeliverer(context).execute();
const outbox = ({ app }: TestContext): OutboxTable => app.get(OutboxTable);
const enqueue = ({ app }: TestContext, to?: string, rest: Partial<Mail> = {}): Promise<void> =>
  app.get(UnitOfWork).run(() => app.get(Outbox).enqueue({ ...aMail(to), ...rest } as Mail));
const forget = ({ app }: TestContext, address: string): Promise<void> =>
  app.get(UnitOfWork).run(() => app.get(Outbox).forget(address));
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
const sealedOnly = async (context: TestContext): Promise<SealedMessage> => {
  const { id, template, contents } = await onlyRow(context);
  return { id, template, contents: contents! };
};
const emptied = ({ source }: TestContext): Promise<unknown> => source.query('DELETE FROM outbox');

describe.each(DATABASES)('the outbox (%s)', (kind) => {
  let context: TestContext;
  let smtp: TestSmtpServer;

  /** What the mail server does is the same on every database. */
  const onOne = (name: string, tests: () => void): void => {
    if (kind === DATABASES[0]) describe(name, tests);
  };
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
      for (const secret of [to, ...Object.values<unknown>(facts)].map(String)) {
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

    it('each once, those that have waited longest first', async () => {
      for (const name of ['ann', 'bob', 'cid']) {
        await enqueue(context, `${name}@example.com`);
        context.clock.advance({ seconds: 1 });
      }
      const order: string[] = [];
      for (let mail = await outbox(context).take('mail'); mail; mail = await outbox(context).take('mail')) {
        order.push(String(outbox(context).open(mail).to));
      }
      expect(order).toEqual(['ann@example.com', 'bob@example.com', 'cid@example.com']);
      context.clock.advance({ seconds: LEASE });
      expect(await deliver(context)).toBe(3);
      context.clock.advance({ seconds: 48 * HOUR });
      expect(await deliver(context)).toBe(0);
      expect(recipients().sort()).toEqual(order);
    });

    it('to one recipient, even if the address looks like two', async () => {
      await enqueue(context, 'ann@example.com, eve@example.com');
      await deliver(context);
      expect(recipients()).not.toContain('eve@example.com');
      expect(recipients().length).toBeLessThanOrEqual(1);
    });

    it('the mails it has in hand, and no other, when the process ends', async () => {
      for (let mail = 0; mail < 6; mail += 1) await enqueue(context);
      const mayGoOn = gate();
      smtp.beforeAccepting = () => mayGoOn.opened;
      const delivery = aDeliverer(context);
      delivery.wake();
      await eventually('four letters are there', () => smtp.received.length === 4);
      expect((await rowsOf(context)).filter(({ inHand }) => inHand)).toHaveLength(4);
      delivery.onModuleDestroy();
      const ended = delivery.beforeApplicationShutdown();
      delivery.wake();
      mayGoOn.open();
      await ended;

      expect((await rowsOf(context)).filter(({ sentAt }) => sentAt !== null)).toHaveLength(4);
      expect(smtp.received).toHaveLength(4);
    });

    it('a mail to nobody to nobody, and keeps nothing of it', async () => {
      await context.app.get(UnitOfWork).run(() => context.app.get(Outbox).enqueue({ ...aMail(), to: null }));
      await deliver(context);
      expect(smtp.connections).toBe(0);
      expect(await onlyRow(context)).toMatchObject({ sentAt: context.clock.now(), contents: null, recipientKey: null });
    });

    it("under a tenant's name and address", async () => {
      await enqueue(context, 'ann@example.com', { brand: { name: 'Acme', sender: 'hello@acme.example' } });
      await deliver(context);
      expect(readEml(sources()[0]!).headers.get('from')).toBe('Acme <hello@acme.example>');
      expect(smtp.received[0]!.sender).toBe('hello@acme.example');
    });

    it.each(['sender', 'recipient'] as const)(
      "under a tenant's name and our address, where the server does not send for the tenant's (told of the %s)",
      async (told) => {
        await enqueue(context, 'ann@example.com', { brand: { name: 'Acme', sender: 'hello@acme.example' } });
        let sender = '';
        smtp.senderRefusalOf = (address) => {
          sender = address;
          return told === 'sender' && address !== 'door@example.com' ? 553 : 0;
        };
        smtp.refusalOf = () => (sender === 'door@example.com' ? 0 : 553);
        expect(await deliver(context)).toBe(1);
        expect(readEml(sources()[0]!).headers.get('from')).toBe('Acme <door@example.com>');
        expect(await onlyRow(context)).toMatchObject({ attempts: 1, sentAt: context.clock.now() });
      },
    );

    it('the next mail while the server takes its time over another', async () => {
      const mayGoOn = gate();
      smtp.beforeAccepting = ({ recipients: [recipient] }) =>
        recipient === 'slow@example.com' ? mayGoOn.opened : Promise.resolve();
      const delivery = aDeliverer(context);
      await enqueue(context, 'slow@example.com');
      delivery.wake();
      await eventually('the slow letter is there', () => smtp.received.length === 1);
      context.clock.advance({ seconds: 1 });
      await enqueue(context, 'quick@example.com');
      delivery.wake();
      await eventually('the quick one was sent', async () =>
        (await rowsOf(context)).some(({ sentAt }) => sentAt !== null),
      );
      expect((await rowsOf(context)).map(({ sentAt }) => sentAt !== null)).toEqual([false, true]);
      mayGoOn.open();
      expect(await delivery.execute()).toBe(1);
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

      expect(await aDeliverer(context).execute()).toBe(0);
      expect(await transactionsOpen(context)).toBe(0);

      mayGoOn.open();
      expect(await first).toBe(1);
      expect(recipients()).toEqual(['ann@example.com']);
    });

    it('gives a mail that one is about to take to no other', async () => {
      await enqueue(context);
      const taking = context.app.get(OutboxTable);
      const second = await interleaved(
        context,
        () => taking.take('mail'),
        () => deliver(context),
      );
      expect(second).toEqual({ status: 'fulfilled', value: 0 });
      expect(smtp.received).toEqual([]);
    });

    it('sends every mail once, however many empty it at a time', async () => {
      const names = Array.from({ length: 12 }, (_, index) => `user${index}@example.com`);
      for (const name of names) await enqueue(context, name);

      const deliverers = Array.from({ length: 5 }, () => aDeliverer(context));
      const sent = await Promise.all(deliverers.map((deliverer) => deliverer.execute()));

      expect(sent.reduce((sum, count) => sum + count, 0)).toBe(names.length);
      expect(recipients().sort()).toEqual(names.sort());
    });

    it('lets who lost its lease say nothing about the mail', async () => {
      await enqueue(context);
      const outbox = context.app.get(OutboxTable);
      const slow = await outbox.take('mail');
      expect(await outbox.take('mail')).toBeNull();
      context.clock.advance({ seconds: LEASE });
      const [again, row] = [await outbox.take('mail'), await onlyRow(context)];
      expect([again?.id, again?.attempts]).toEqual([slow?.id, 2]);

      await outbox.markSent(slow!);
      await outbox.postpone(slow!, { kind: 'refused', reason: 'late' });
      await outbox.release(slow!, 'late');

      expect(await onlyRow(context)).toEqual(row);
    });
  });

  describe('after a crash between sending and saying so', () => {
    it('sends the mail once more when its lease is over, under the same Message-ID and date', async () => {
      await enqueue(context);
      const markSent = (): Promise<void> => Promise.reject(new Error('the process died'));
      const dying = Object.create(outbox(context), { markSent: { value: markSent } }) as OutboxTable;
      await expect(aDeliverer(context, context.app.get(Mailer), dying).execute()).rejects.toThrow('the process died');

      context.clock.advance({ seconds: LEASE - 1 });
      expect(await deliver(context)).toBe(0);
      context.clock.advance({ seconds: 1 });
      expect(await deliver(context)).toBe(1);

      const [first, second] = sources().map((source) => readEml(source).headers);
      expect(smtp.received).toHaveLength(2);
      for (const name of ['message-id', 'date']) expect(second!.get(name)).toBe(first!.get(name));
    });

    it('does not send it twice because the database is away for a moment when it has been sent', async () => {
      await enqueue(context);
      let repair = (): Promise<void> => Promise.resolve();
      smtp.beforeAccepting = async () => {
        repair = await sabotage(context.source, 'outbox', 'UPDATE');
      };
      const away = jest.spyOn(outbox(context), 'markSent');
      const delivering = deliver(context);
      await eventually('it cannot say so', () => away.mock.results.length > 0);
      await repair();
      smtp.beforeAccepting = () => Promise.resolve();
      expect(await delivering).toBe(1);
      away.mockRestore();
      context.clock.advance({ seconds: LEASE });
      expect(await deliver(context)).toBe(0);
      expect(smtp.received).toHaveLength(1);
    });
  });

  onOne('when the mail server refuses a letter', () => {
    const refuse = (code: number): void => {
      smtp.refusalOf = () => code;
    };

    it('for now, waits ten seconds, then twenty, and sends when it is taken', async () => {
      await enqueue(context);
      refuse(451);
      for (const [attempts, seconds] of [
        [1, 10],
        [2, 20],
      ] as const) {
        expect(await deliver(context)).toBe(0);
        expect(await onlyRow(context)).toMatchObject({ attempts, sentAt: null, lastError: 'EENVELOPE 451' });
        context.clock.advance({ seconds: seconds - 1 });
        expect(await deliver(context)).toBe(0);
        expect((await onlyRow(context)).attempts).toBe(attempts);
        context.clock.advance({ seconds: 1 });
      }
      smtp.reset();
      expect(await deliver(context)).toBe(1);
      expect(recipients()).toEqual(['ann@example.com']);
      expect(await onlyRow(context)).toMatchObject({ attempts: 3, lastError: null, contents: null });
    });

    it.each(['the recipient', 'what it says'])('for good, for %s, gives it up at the third time', async (of) => {
      await enqueue(context);
      if (of === 'the recipient') refuse(550);
      else smtp.refusesLettersWith = 554;
      for (const seconds of [600, HOUR, 0]) {
        await deliver(context);
        context.clock.advance({ seconds: seconds - 1 });
        await deliver(context);
        context.clock.advance({ seconds: 1 });
      }
      expect(await onlyRow(context)).toMatchObject({ attempts: 3, givenUpAt: expect.any(Date) as Date });
    });

    it('keeps of its answer the codes alone, for its words name the recipient', async () => {
      await enqueue(context);
      refuse(550);
      await deliver(context);
      const [dump] = await context.source.query<{ row: string }[]>('SELECT o::text AS row FROM outbox o');
      expect(dump!.row).not.toContain('ann@');
    });

    it('sends all others meanwhile', async () => {
      for (const name of ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus'])
        await enqueue(context, `${name}@example.com`);
      smtp.refusalOf = (recipient) => (recipient < 'e' ? 450 : 0);
      expect(await deliver(context)).toBe(3);
      expect(recipients().sort()).toEqual(['eve@example.com', 'fay@example.com', 'gus@example.com']);
    });

    it('sends all others when one cannot be read, or has no words', async () => {
      for (const name of ['ann', 'bob', 'cid']) {
        await enqueue(context, `${name}@example.com`);
        context.clock.advance({ seconds: 1 });
      }
      await context.source.query(`UPDATE outbox SET template = 'from-a-later-version' WHERE id = $1`, [
        (await rowsOf(context))[0]!.id,
      ]);
      await context.source.query('UPDATE outbox SET contents = $2 WHERE id = $1', [
        (await rowsOf(context))[1]!.id,
        Buffer.alloc(64),
      ]);
      expect(await deliver(context)).toBe(1);
      expect((await rowsOf(context)).map(({ lastError }) => lastError)).toEqual([
        'TemplateMissing',
        'SealBroken',
        null,
      ]);
    });

    it('gives up after a day, keeps the mail sealed, and never tries again', async () => {
      await enqueue(context);
      const { createdAt } = await onlyRow(context);
      refuse(451);
      for (let hour = 0; hour < 24; hour += 6) {
        await deliver(context);
        expect((await onlyRow(context)).givenUpAt).toBeNull();
        context.clock.advance({ seconds: 6 * HOUR });
      }
      await deliver(context);

      const given = await onlyRow(context);
      expect(given).toMatchObject({ attempts: 5, sentAt: null, lastError: 'EENVELOPE 451' });
      expect(given.givenUpAt!.getTime() - createdAt.getTime()).toBe(DAY * 1000);
      expect(given.contents).not.toBeNull();
      smtp.reset();
      context.clock.advance({ seconds: 2 * DAY });
      expect(await deliver(context)).toBe(0);
      expect(smtp.received).toEqual([]);
    });
  });

  onOne('when the mail server is away', () => {
    it('holds nothing against the mails, and tries no more than one a minute, however often it is woken', async () => {
      for (let mail = 0; mail < 8; mail += 1) await enqueue(context);
      smtp.isAway = true;
      const delivery = aDeliverer(context);
      await delivery.execute();
      const asked = smtp.connections;
      expect(asked).toBeLessThanOrEqual(4);
      for (let second = 0; second < 180; second += 1) {
        await delivery.execute();
        delivery.wake();
        context.clock.advance({ seconds: 1 });
      }
      expect(smtp.connections - asked).toBeLessThanOrEqual(7);
      for (const row of await rowsOf(context)) {
        expect(row).toMatchObject({ failures: 0, inHand: false, givenUpAt: null, nextAttemptAt: row.createdAt });
      }
      smtp.reset();
      context.clock.advance({ seconds: 60 });
      expect(await delivery.execute()).toBe(8);
    });

    it('waits for days, and then sends', async () => {
      await enqueue(context);
      smtp.isAway = true;
      for (let hour = 0; hour < 72; hour += 6) {
        await deliver(context);
        context.clock.advance({ seconds: 6 * HOUR });
      }
      expect(await onlyRow(context)).toMatchObject({ failures: 0, givenUpAt: null, lastError: 'ECONNECTION' });
      expect((await onlyRow(context)).attempts).toBeGreaterThanOrEqual(12);
      smtp.reset();
      expect(await deliver(context)).toBe(1);
    });

    it('gives up what has waited for a week', async () => {
      await enqueue(context);
      context.clock.advance({ seconds: 7 * DAY + 1 });
      await enqueue(context);
      await context.app.get(CleanOutbox).execute();
      expect((await rowsOf(context)).map(({ givenUpAt }) => givenUpAt)).toEqual([context.clock.now(), null]);
    });

    it('says why: there is none', async () => {
      const gone = await TestSmtpServer.start();
      const own = await Test.createTestingModule({
        imports: [MailerModule.forRoot(smtpOptions(gone.url, true))],
      }).compile();
      await gone.stop();
      await enqueue(context);
      expect(await aDeliverer(context, mailerBy(own.get(MailerService))).execute()).toBe(0);
      expect(await onlyRow(context)).toMatchObject({ failures: 0, lastError: 'ESOCKET' });
    });

    it('counts a failure for a mail in whose middle it fell silent, lest that one holds up all others for ever', async () => {
      await enqueue(context, 'poison@example.com');
      smtp.beforeAccepting = () => {
        smtp.cut();
        return Promise.resolve();
      };
      const delivery = aDeliverer(context);
      expect(await delivery.execute()).toBe(0);
      smtp.reset();
      context.clock.advance({ seconds: 2 });
      await enqueue(context, 'bob@example.com');
      expect(await delivery.execute()).toBe(1);
      const [poison, bob] = await rowsOf(context);
      expect(poison).toMatchObject({ failures: 1, lastError: 'ECONNECTION', sentAt: null });
      expect(bob!.sentAt).not.toBeNull();
    });
  });

  onOne('over TLS', () => {
    const letterBy = async (url: string): Promise<string | null> => {
      const own = await Test.createTestingModule({ imports: [MailerModule.forRoot(smtpOptions(url, true))] }).compile();
      await enqueue(context);
      await aDeliverer(context, mailerBy(own.get(MailerService))).execute();
      return (await onlyRow(context)).lastError;
    };

    it.each([
      ['smtps', ''],
      ['starttls', '?requireTLS=true'],
      ['starttls', ''],
    ] as const)('gives nothing to a server whose certificate nobody vouches for (%s%s)', async (tls, query) => {
      const impostor = await TestSmtpServer.start(tls);
      const lastError = await letterBy(`${impostor.url}${query}`);
      expect([lastError, impostor.received]).toEqual([expect.stringMatching(/^(ETLS|ESOCKET)$/), []]);
      await emptied(context);
      expect(await letterBy(`${impostor.url}?tls.rejectUnauthorized=false`)).toBeNull();
      expect(impostor.received).toHaveLength(1);
      await impostor.stop();
    });

    it('gives nothing to a server that has none, where it is demanded', async () => {
      expect(await letterBy(`${smtp.url}?requireTLS=true`)).toBe('ETLS 500');
      expect(smtp.received).toEqual([]);
    });
  });

  describe('of one mailbox', () => {
    it('forgets all: what waits, was sent, and was given up; of others nothing', async () => {
      await enqueue(context, 'Ann@Example.com');
      await deliver(context);
      context.clock.advance({ seconds: 1 });
      await enqueue(context, 'ann@example.com');
      context.clock.advance({ seconds: 1 });
      await enqueue(context, 'ann@example.com');
      await context.source.query('UPDATE outbox SET given_up_at = now() WHERE id = $1', [
        (await rowsOf(context))[2]!.id,
      ]);
      await enqueue(context, 'bob@example.com');
      await forget(context, 'ann@EXAMPLE.com');
      expect(outbox(context).open(await sealedOnly(context)).to).toBe('bob@example.com');
    });

    it('forgets within a unit of work alone', async () => {
      await enqueue(context);
      await expect(context.app.get(Outbox).forget('ann@example.com')).rejects.toThrow('outside UnitOfWork');
      const failing = context.app.get(UnitOfWork).run(async () => {
        await context.app.get(Outbox).forget('ann@example.com');
        throw new Error('after it');
      });
      await expect(failing).rejects.toThrow('after it');
      await onlyRow(context);
    });

    it.each([0, 451])('forgets a mail that is being sent, whatever the server says of it (%i)', async (code) => {
      await enqueue(context);
      smtp.refusalOf = () => code;
      const taken = await outbox(context).take('mail');
      await forget(context, 'ann@example.com');
      await outbox(context).markSent(taken!);
      await outbox(context).postpone(taken!, { kind: 'deferred', reason: 'late' });
      await outbox(context).release(taken!, 'late');
      expect(await rowsOf(context)).toEqual([]);
    });
  });

  describe('after a while', () => {
    it('forgets what was sent after a week, and what was given up after two weeks', async () => {
      const clean = (): Promise<number> => context.app.get(CleanOutbox).execute();
      await enqueue(context);
      await deliver(context);
      await enqueue(context);
      smtp.refusalOf = () => 550;
      for (const seconds of [600, HOUR, 0]) {
        await deliver(context);
        context.clock.advance({ seconds });
      }
      context.clock.advance({ seconds: 7 * DAY - HOUR - 600 });
      expect([await clean(), (await rowsOf(context)).length]).toEqual([0, 2]);
      context.clock.advance({ seconds: 1 });
      expect([await clean(), (await onlyRow(context)).sentAt]).toEqual([1, null]);
      context.clock.advance({ seconds: 23 * DAY + HOUR + 600 });
      expect([await clean(), await rowsOf(context)]).toEqual([1, []]);
    });
  });

  describe('for operators', () => {
    const administration = (): MailAdministration => context.app.get(MailAdministration);
    const asOperator = <T>(work: () => Promise<T>): Promise<T> =>
      context.app.get(RequestContext).run(noRequest('cli'), work);
    const givenUp = async (): Promise<OutboxRow> => {
      await enqueue(context);
      smtp.refusalOf = () => 550;
      for (const seconds of [600, HOUR, 0]) {
        await deliver(context);
        context.clock.advance({ seconds });
      }
      smtp.reset();
      return (await rowsOf(context)).at(-1)!;
    };

    const events: RecordedEvent[] = [];

    beforeAll(() => {
      context.app.get(EventSubscriptions).subscribe('system.mail_retried', (event) => {
        events.push(event);
        return Promise.resolve();
      });
    });
    beforeEach(() => {
      events.length = 0;
    });

    it('shows what became of a mail, and neither what it says nor to whom it goes', async () => {
      const { id, createdAt, givenUpAt } = await givenUp();
      const shown = await administration().find(id);
      expect(shown).toEqual({
        id,
        channel: 'mail',
        template: 'session-ended',
        recipient: 'a…@example.com',
        state: 'given-up',
        attempts: 3,
        createdAt,
        nextAttemptAt: null,
        endedAt: givenUpAt,
        lastError: 'EENVELOPE 550',
      });
      expect(JSON.stringify(shown)).not.toMatch(/Firefox|203\.0|ann@/);
    });

    it('says of a mail it cannot read that it cannot', async () => {
      await enqueue(context);
      const { id } = await onlyRow(context);
      await context.source.query('UPDATE outbox SET contents = $1', [Buffer.alloc(64)]);
      expect(await administration().find(id)).toMatchObject({ recipient: UNREADABLE, state: 'pending' });
    });

    it('lists mails of a state, a page at a time, in the order they were written', async () => {
      const dead = await givenUp();
      context.clock.advance({ seconds: 1 });
      await enqueue(context);
      await deliver(context);
      context.clock.advance({ seconds: 1 });
      await enqueue(context);
      const [, sent, waiting] = await rowsOf(context);
      const ids = async (...asked: Parameters<MailAdministration['list']>): Promise<string[]> =>
        (await administration().list(...asked)).items.map(({ id }) => id);
      expect(await ids(null, 10, null)).toEqual([dead.id, sent!.id, waiting!.id]);
      expect(await ids('given-up', 10, null)).toEqual([dead.id]);
      expect(await ids('sent', 10, null)).toEqual([sent!.id]);
      expect(await ids('pending', 10, null)).toEqual([waiting!.id]);
      const first = await administration().list(null, 2, null);
      expect(first.nextCursor).toBe(sent!.id);
      expect(await administration().list(null, 2, first.nextCursor)).toMatchObject({
        items: [{ id: waiting!.id }],
        nextCursor: null,
      });
    });

    it('tries again what was given up, under the Message-ID it had, for another day', async () => {
      const { id } = await givenUp();
      expect(await asOperator(() => administration().retry([id]))).toEqual({ kind: 'retried' });
      smtp.refusalOf = () => 451;
      context.clock.advance({ seconds: DAY - 1 });
      await deliver(context);
      expect((await onlyRow(context)).givenUpAt).toBeNull();
      smtp.reset();
      context.clock.advance({ seconds: 1 });
      expect(await deliver(context)).toBe(1);
      expect(readEml(sources()[0]!).headers.get('message-id')).toBe(`<${id}@auth.example.com>`);
      expect(events).toEqual([expect.objectContaining({ actor: 'cli', outcome: 'success', details: { mails: [id] } })]);
    });

    it('tries at once what waits', async () => {
      await enqueue(context);
      smtp.refusalOf = () => 550;
      await deliver(context);
      smtp.reset();
      expect(await deliver(context)).toBe(0);
      await administration().retry([(await onlyRow(context)).id]);
      expect(await deliver(context)).toBe(1);
    });

    it('tries neither what was sent, nor what is being sent, nor what there is none of, nor then any other', async () => {
      const dead = await givenUp();
      context.clock.advance({ seconds: 1 });
      await enqueue(context);
      await deliver(context);
      context.clock.advance({ seconds: 1 });
      await enqueue(context);
      await outbox(context).take('mail');
      const [, sent, inHand] = await rowsOf(context);
      const before = await rowsOf(context);
      for (const [id, reason] of [
        [sent!.id, 'sent'],
        [inHand!.id, 'in_hand'],
        ['0198c000-0000-7000-8000-000000000001', 'unknown'],
      ] as const) {
        expect(await administration().retry([dead.id, id])).toEqual({ kind: 'refused', id, reason });
      }
      expect(await rowsOf(context)).toEqual(before);
      expect(events).toEqual([]);
      context.clock.advance({ seconds: LEASE });
      expect(await administration().retry([inHand!.id])).toEqual({ kind: 'retried' });
    });

    it('tries all again that were given up', async () => {
      const first = await givenUp();
      context.clock.advance({ seconds: 1 });
      const dead = [first, await givenUp()];
      expect(await asOperator(() => administration().retryAllGivenUp())).toBe(2);
      expect(await administration().retryAllGivenUp()).toBe(0);
      expect(await deliver(context)).toBe(2);
      expect(events.map(({ details }) => details)).toEqual([{ mails: dead.map(({ id }) => id) }]);
    });
  });

  describe('says of itself', () => {
    const health = ({ app, clock }: TestContext): MailHealth => {
      // As if the last answer was some time ago.
      clock.advance({ seconds: 5 });
      return app.get(MailHealth);
    };

    it('that all is fine while mails leave, or one of them was refused', async () => {
      await enqueue(context);
      expect(await health(context).condition()).toBe('fine');
      smtp.refusalOf = () => 550;
      for (const seconds of [600, HOUR, 0]) {
        await deliver(context);
        context.clock.advance({ seconds });
      }
      smtp.reset();
      context.clock.advance({ seconds: 1 });
      await enqueue(context);
      await deliver(context);
      expect(await health(context).condition()).toBe('fine');
    });

    it('that it is late when a mail has been due for five minutes, whatever was tried meanwhile', async () => {
      await enqueue(context);
      smtp.isAway = true;
      for (const seconds of [100, 100, 95]) {
        await deliver(context);
        context.clock.advance({ seconds });
      }
      expect(await health(context).condition()).toBe('fine');
      expect(await health(context).condition()).toBe('late');
    });

    it('that it is late for a day when mails are given up and none is sent', async () => {
      await enqueue(context);
      smtp.refusalOf = () => 550;
      for (const seconds of [600, HOUR, 0]) {
        await deliver(context);
        context.clock.advance({ seconds });
      }
      expect(await health(context).condition()).toBe('late');
      context.clock.advance({ seconds: DAY });
      expect(await health(context).condition()).toBe('fine');
    });

    it('what it said a moment ago, without asking the database', async () => {
      const asked = health(context);
      expect(await asked.condition()).toBe('fine');
      expect(await statementsOf(context.source, () => asked.condition())).toEqual([]);
    });
  });

  const mailerBy = (server: MailerService): Mailer =>
    new SmtpMailer(server, context.app.get(MailSettings), context.app.get(ProcessSettings));
});

describe('the outbox without a mail server', () => {
  let context: TestContext;
  const folder = (): string => join(context.database.variables.DATA_DIR!, 'mail');

  beforeAll(async () => {
    context = await aContext({ variables: VARIABLES });
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

  it('sends in a running server alone: what waits by itself, and what is new at once', async () => {
    const letters = (): number => readdirSync(folder()).filter((name) => name.endsWith('.eml')).length;
    const before = letters();
    await enqueue(context);
    expect(await onlyRow(context)).toMatchObject({ attempts: 0 });
    context.app.get(Chores).begin();
    await eventually('the letter that waited is there', () => letters() === before + 1);
    const begunAt = performance.now();
    await enqueue(context);
    await eventually('the new one is there', () => letters() === before + 2);
    // By itself it would be looked for after two seconds.
    expect(performance.now() - begunAt).toBeLessThan(1_500);
  });
});
