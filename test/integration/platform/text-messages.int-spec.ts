import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { Log } from '../../../src/platform/logging/log';
import { DeliverMails } from '../../../src/platform/mail/deliver-mails';
import { MailAdministration } from '../../../src/platform/mail/mail-administration';
import { MailCarrier } from '../../../src/platform/mail/mail-carrier';
import { MailHealth } from '../../../src/platform/mail/mail-health';
import { Outbox } from '../../../src/platform/mail/outbox';
import { GuardedOutboundClient } from '../../../src/platform/network/outbound/guarded-outbound-client';
import { CleanOutbox } from '../../../src/platform/outbox/clean-outbox';
import { OutboxRow } from '../../../src/platform/outbox/outbox.row';
import { OutboxTable } from '../../../src/platform/outbox/outbox-table';
import { DeliverTexts } from '../../../src/platform/sms/deliver-texts';
import { FileSms } from '../../../src/platform/sms/file-sms';
import { NotTaken, smsFailureOf } from '../../../src/platform/sms/sms-failure';
import type { SmsSender, TextMessage } from '../../../src/platform/sms/sms-sender';
import { TextCarrier } from '../../../src/platform/sms/text-carrier';
import { type Text, TextMessages } from '../../../src/platform/sms/text-messages';
import { TwilioSms } from '../../../src/platform/sms/twilio-sms';
import { WebhookSms } from '../../../src/platform/sms/webhook-sms';
import { Chores } from '../../../src/platform/time/chores';
import { Clock } from '../../../src/platform/time/clock';
import { aMail } from '../../support/a-mail';
import { aContext, type TestContext } from '../../support/context';
import { eventually, gate } from '../../support/gates';
import { type Request, TestSmsProvider } from '../../support/sms-provider';
import { TestSmtpServer } from '../../support/smtp-server';
import { TestClock } from '../../support/test-clock';

const SECRET = 'a-secret-that-both-know';
const NUMBER = '+491701234578';
const MESSAGE: TextMessage = {
  id: '0198c000-0000-7000-8000-000000000001',
  to: NUMBER,
  text: '048213 is your Müller+Söhne & 5% code.',
  writtenAt: new Date('2026-01-01T12:30:45.678Z'),
};
const LONG_MS = 10_000;
const SHORT_MS = 150;

const failureOf = async (sending: Promise<void>): Promise<NotTaken> => {
  const error = await sending.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof NotTaken) return error;
  throw new Error('It was taken', { cause: error });
};

describe('a text message', () => {
  let provider: TestSmsProvider;
  const clock = new TestClock();
  const outbound = new GuardedOutboundClient({ allowedNetworks: [] }, { mode: 'test' });

  const twilio = (timeoutMs = LONG_MS): TwilioSms =>
    new TwilioSms(
      { kind: 'twilio', accountSid: 'AC0f/1', authToken: 'tök:en', from: '+12025550100', baseUrl: provider.url },
      outbound,
      timeoutMs,
    );
  const webhook = (timeoutMs = LONG_MS): WebhookSms =>
    new WebhookSms(
      { kind: 'webhook', url: `${provider.url}/hook?tenant=a`, secret: SECRET },
      outbound,
      clock,
      timeoutMs,
    );
  const SENDERS: readonly (readonly [string, (timeoutMs?: number) => SmsSender])[] = [
    ['Twilio', twilio],
    ['a webhook', webhook],
  ];
  const only = (): Request => {
    expect(provider.received).toHaveLength(1);
    return provider.received[0]!;
  };

  beforeAll(async () => {
    provider = await TestSmsProvider.start();
  });
  afterEach(() => {
    provider.reset();
  });
  afterAll(() => provider.stop());

  it('goes to Twilio as its Messages resource takes it', async () => {
    provider.answer = () => ({ status: 201, body: '{"sid":"SM1","status":"queued"}' });
    await twilio().send(MESSAGE);
    const { method, path, headers, body } = only();
    expect([method, path]).toEqual(['POST', '/2010-04-01/Accounts/AC0f%2F1/Messages.json']);
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    const credentials = Buffer.from(headers.authorization!.replace(/^Basic /, ''), 'base64').toString();
    expect(credentials).toBe('AC0f/1:tök:en');
    expect(body).toBe(
      'To=%2B491701234578&From=%2B12025550100&Body=048213+is+your+M%C3%BCller%2BS%C3%B6hne+%26+5%25+code.',
    );
  });

  it('goes to a webhook, signed, with the time of the sending and an id that stays the same', async () => {
    clock.advance({ seconds: 61.999 });
    provider.answer = () => ({ status: 202 });
    await webhook().send(MESSAGE);
    const { method, path, headers, body } = only();
    expect([method, path]).toEqual(['POST', '/hook?tenant=a']);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['idempotency-key']).toBe(MESSAGE.id);
    expect(JSON.parse(body)).toEqual({
      id: MESSAGE.id,
      to: NUMBER,
      text: MESSAGE.text,
      created_at: '2026-01-01T12:30:45.678Z',
    });
    const at = Date.UTC(2026, 0, 1, 0, 1, 1) / 1000;
    const expected = createHmac('sha256', SECRET).update(`${at}.${body}`).digest('hex');
    expect(headers['x-doorward-signature']).toBe(`t=${at},v1=${expected}`);
  });

  describe.each(SENDERS)('by %s', (_, sender) => {
    it.each([200, 201, 202, 204])('is taken by %i', async (status) => {
      provider.answer = () => ({ status });
      await expect(sender().send(MESSAGE)).resolves.toBeUndefined();
    });

    it('is taken as soon as that is said, whatever else is being said', async () => {
      provider.answer = () => ({ status: 200, isEndless: true });
      const from = performance.now();
      await sender().send(MESSAGE);
      expect(performance.now() - from).toBeLessThan(LONG_MS / 2);
    });

    it.each([
      [400, 'refused'],
      [401, 'unreachable'],
      [403, 'interrupted'],
      [429, 'interrupted'],
      [500, 'interrupted'],
      [503, 'interrupted'],
    ])('is not taken by %i: %s', async (status, kind) => {
      provider.answer = () => ({ status, body: `${MESSAGE.text} to ${NUMBER}` });
      const failure = await failureOf(sender().send(MESSAGE));
      expect(failure).toMatchObject({ kind, reason: `HTTP ${status}`, message: `HTTP ${status}` });
      expect(failure.cause).toBeUndefined();
    });

    it.each([301, 302, 303, 307, 308])('follows no redirect (%i)', async (status) => {
      provider.answer = () => ({ status, headers: { location: `${provider.url}/elsewhere` } });
      expect(await failureOf(sender().send(MESSAGE))).toMatchObject({ kind: 'interrupted', reason: `HTTP ${status}` });
      only();
    });

    it('waits for no longer than it has time', async () => {
      const mayGoOn = gate();
      provider.answer = () => mayGoOn.opened.then(() => ({ status: 200 }));
      expect(await failureOf(sender(SHORT_MS).send(MESSAGE))).toMatchObject({ kind: 'interrupted', reason: 'TIMEOUT' });
      mayGoOn.open();
    });

    it('is not known to be taken when the connection breaks', async () => {
      provider.answer = () => {
        provider.cut();
        return { status: 200 };
      };
      expect(await failureOf(sender().send(MESSAGE))).toMatchObject({ kind: 'interrupted' });
    });

    it('has not begun where nobody listens', async () => {
      const comeBack = await provider.goAway();
      expect(await failureOf(sender().send(MESSAGE))).toMatchObject({ kind: 'unreachable', reason: 'ECONNREFUSED' });
      await comeBack();
      await sender().send(MESSAGE);
      only();
    });
  });

  it('to a number that Twilio does not send to is refused by its code', async () => {
    provider.answer = () => ({ status: 400, body: JSON.stringify({ code: 21_211, message: `Invalid ${NUMBER}` }) });
    const failure = await failureOf(twilio().send(MESSAGE));
    expect(failure).toMatchObject({ kind: 'refused', reason: 'TWILIO 21211', message: 'TWILIO 21211' });
  });

  it.each([
    ['is longer than any', { body: `{"code":21211,"message":"${'x'.repeat(20_000)}"}` }],
    ['never ends', { body: '{"code":21211,', isEndless: true }],
    ['is no JSON', { body: '<html>21211</html>' }],
    ['has no number in it', { body: '{"code":"21211 +491701234578"}' }],
    ['is not there', {}],
  ])('refused by Twilio with a body that %s is judged by the status', async (_, body) => {
    provider.answer = () => ({ status: 503, ...body });
    expect(await failureOf(twilio(SHORT_MS * 2).send(MESSAGE))).toMatchObject({
      kind: 'interrupted',
      reason: 'HTTP 503',
    });
  });

  describe('as a file', () => {
    let parent: string;
    const folder = (): string => join(parent, 'sms');

    beforeEach(() => {
      parent = mkdtempSync(join(tmpdir(), 'doorward-sms-'));
    });
    afterEach(() => {
      rmSync(parent, { recursive: true });
    });

    it('is whole, for its owner alone, and once however often it is sent', async () => {
      const sender = new FileSms(folder());
      await sender.send(MESSAGE);
      await sender.send(MESSAGE);
      const name = `20260101T123045Z-${MESSAGE.id}.txt`;
      expect(readdirSync(folder())).toEqual([name]);
      const contents = readFileSync(join(folder(), name), 'utf8');
      expect(contents).toBe(`To: ${NUMBER}\nDate: 2026-01-01T12:30:45.678Z\n\n${MESSAGE.text}\n`);
      expect(contents.match(/(?<!\d)\d{6}(?!\d)/g)).toEqual(['048213']);
      const modes = [folder(), join(folder(), name)].map((path) => statSync(path).mode & 0o777);
      expect(modes).toEqual([0o700, 0o600]);
    });

    it('waits where the folder cannot be made', async () => {
      writeFileSync(folder(), 'not a folder');
      const error = await new FileSms(folder()).send(MESSAGE).catch((thrown: unknown) => thrown);
      expect(smsFailureOf(error)).toEqual({ kind: 'unreachable', reason: 'EEXIST' });
    });
  });
});

describe('text messages in the outbox', () => {
  let context: TestContext;
  let provider: TestSmsProvider;
  let smtp: TestSmtpServer;
  /** By a process that has just begun. */
  let delivery: DeliverTexts;
  let mailDelivery: DeliverMails;

  const MINUTE = 60;
  const DAY = 86_400;
  const rows = (): Promise<OutboxRow[]> => context.source.manager.find(OutboxRow, { order: { id: 'ASC' } });
  const onlyRow = async (): Promise<OutboxRow> => {
    const all = await rows();
    expect(all).toHaveLength(1);
    return all[0]!;
  };
  const aText = (change: Partial<Text> = {}): Text => ({
    to: NUMBER,
    template: 'code',
    facts: { code: '048213', minutes: 5, brand: 'Acme' },
    uselessAfter: new Date(context.clock.now().getTime() + 5 * MINUTE * 1000),
    ...change,
  });
  const enqueue = (change: Partial<Text> = {}): Promise<void> =>
    context.app.get(UnitOfWork).run(() => context.app.get(TextMessages).enqueue(aText(change)));
  const enqueueMail = (uselessAfter: Date | null = null): Promise<void> =>
    context.app.get(UnitOfWork).run(() => context.app.get(Outbox).enqueue({ ...aMail(), uselessAfter }));
  const deliver = (): Promise<number> => delivery.execute();
  const texts = (): { id: string; to: string; text: string }[] =>
    provider.received.map(({ body }) => JSON.parse(body) as { id: string; to: string; text: string });
  const passes = (seconds: number): void => {
    context.clock.advance({ seconds });
  };

  beforeAll(async () => {
    [provider, smtp] = await Promise.all([TestSmsProvider.start(), TestSmtpServer.start()]);
    const variables = {
      SMS_PROVIDER: 'webhook',
      SMS_WEBHOOK_URL: `${provider.url}/hook`,
      SMS_WEBHOOK_SECRET: SECRET,
      SMTP_URL: smtp.url,
    };
    context = await aContext({ variables });
  });
  beforeEach(() => {
    const { app } = context;
    const [table, log, clock] = [app.get(OutboxTable), app.get(Log), app.get(Clock)];
    delivery = new DeliverTexts(table, app.get(TextCarrier), log, clock);
    mailDelivery = new DeliverMails(table, app.get(MailCarrier), log, clock);
  });
  afterEach(async () => {
    provider.reset();
    smtp.reset();
    await context.source.query('DELETE FROM outbox');
  });
  afterAll(async () => {
    await context.stop();
    await provider.stop();
    await smtp.stop();
  });

  it('leave when what they tell of is committed, and nothing is kept of what they said', async () => {
    await enqueue();
    const { id, contents } = await onlyRow();
    const [dump] = await context.source.query<{ row: string }[]>('SELECT o::text AS row FROM outbox o');
    for (const secret of [NUMBER, '048213', 'Acme']) {
      expect(dump!.row).not.toContain(secret);
      expect(contents!.includes(secret)).toBe(false);
    }
    expect(await deliver()).toBe(1);
    expect(texts()).toEqual([
      expect.objectContaining({
        id,
        to: NUMBER,
        text: '048213 is your Acme code. It is good for 5 minutes. Tell nobody.',
      }),
    ]);
    expect(await onlyRow()).toMatchObject({ channel: 'sms', sentAt: context.clock.now(), contents: null });
  });

  it('are never sent of what was rolled back, nor taken outside a unit of work', async () => {
    const failing = context.app.get(UnitOfWork).run(async () => {
      await context.app.get(TextMessages).enqueue(aText());
      throw new Error('after it');
    });
    await expect(failing).rejects.toThrow('after it');
    await expect(context.app.get(TextMessages).enqueue(aText())).rejects.toThrow('outside UnitOfWork');
    expect([await deliver(), provider.received]).toEqual([0, []]);
  });

  it('to nobody go to nobody', async () => {
    await enqueue({ to: null });
    expect([await deliver(), provider.received]).toEqual([0, []]);
    expect(await onlyRow()).toMatchObject({ sentAt: context.clock.now(), contents: null, recipientKey: null });
  });

  it('arrive once an outage ends, once by their id, and nothing is held against them', async () => {
    const comeBack = await provider.goAway();
    await enqueue();
    await enqueue({ to: '+491701234579' });
    for (const seconds of [2, 4, 8, 16]) {
      expect(await deliver()).toBe(0);
      passes(seconds);
    }
    for (const row of await rows()) expect(row).toMatchObject({ failures: 0, inHand: false, sentAt: null });
    await comeBack();
    expect(await deliver()).toBe(2);
    expect(
      texts()
        .map(({ id }) => id)
        .sort(),
    ).toEqual((await rows()).map(({ id }) => id));
    passes(DAY);
    expect(await deliver()).toBe(0);
    expect(provider.received).toHaveLength(2);
  });

  it('whose answer was lost come again under the same id', async () => {
    await enqueue();
    provider.answer = () => {
      provider.cut();
      return { status: 200 };
    };
    expect(await deliver()).toBe(0);
    provider.answer = () => ({ status: 200 });
    passes(10);
    expect(await deliver()).toBe(1);
    const [first, second] = texts();
    expect(second).toEqual(first);
    expect(provider.received.map(({ headers }) => headers['idempotency-key'])).toEqual([first!.id, first!.id]);
  });

  it('that cannot be sent hold up no other', async () => {
    await enqueue({ to: '+491701234571' });
    passes(1);
    await enqueue();
    provider.answer = ({ body }) => ({ status: body.includes('+491701234571') ? 422 : 200 });
    expect(await deliver()).toBe(1);
    const [refused] = await rows();
    // To be tried again in ten minutes would be too late.
    expect(refused).toMatchObject({ givenUpAt: context.clock.now(), contents: null, lastError: 'HTTP 422' });
  });

  describe('that help nobody any more', () => {
    it('are given up when their turn comes, and nothing is kept of what they said', async () => {
      const comeBack = await provider.goAway();
      await enqueue();
      await deliver();
      passes(5 * MINUTE);
      await enqueue({ to: '+491701234579' });
      await comeBack();
      expect(await deliver()).toBe(1);
      expect(texts().map(({ to }) => to)).toEqual(['+491701234579']);
      expect((await rows())[0]).toMatchObject({
        givenUpAt: context.clock.now(),
        sentAt: null,
        contents: null,
        lastError: 'EXPIRED',
      });
    });

    it('are sent up to the last moment', async () => {
      await enqueue();
      passes(5 * MINUTE - 0.001);
      expect(await deliver()).toBe(1);
    });

    it('are not tried again by operators', async () => {
      await enqueue();
      passes(5 * MINUTE);
      const administration = context.app.get(MailAdministration);
      const { id } = await onlyRow();
      const refusal = { kind: 'refused', id, reason: 'expired' };
      expect(await administration.retry([id])).toEqual(refusal);
      await deliver();
      expect(await administration.retry([id])).toEqual(refusal);
      expect(await administration.retryAllGivenUp()).toBe(0);
      expect(await administration.find(id)).toMatchObject({ state: 'given-up', recipient: null, lastError: 'EXPIRED' });
    });

    it('are mails as well', async () => {
      await enqueueMail(new Date(context.clock.now().getTime() + MINUTE * 1000));
      passes(MINUTE);
      expect(await mailDelivery.execute()).toBe(0);
      expect(smtp.connections).toBe(0);
      expect(await onlyRow()).toMatchObject({ channel: 'mail', contents: null, lastError: 'EXPIRED' });
    });

    it('are emptied even where nobody sends, after a week', async () => {
      await enqueue();
      passes(1);
      await enqueue({ uselessAfter: null });
      passes(7 * DAY + 1);
      await context.app.get(CleanOutbox).execute();
      expect((await rows()).map(({ givenUpAt, contents }) => [givenUpAt, contents === null])).toEqual([
        [context.clock.now(), true],
        [context.clock.now(), false],
      ]);
    });
  });

  describe('and mails', () => {
    it('do not wait for each other: mails go on while text messages hang', async () => {
      const mayGoOn = gate();
      provider.answer = () => mayGoOn.opened.then(() => ({ status: 200 }));
      for (let text = 0; text < 5; text += 1) await enqueue();
      const hanging = deliver();
      await eventually('four texts hang', () => provider.received.length === 4);
      await enqueueMail();
      expect(await mailDelivery.execute()).toBe(1);
      expect(smtp.received).toHaveLength(1);
      mayGoOn.open();
      expect(await hanging).toBe(5);
    });

    it('do not wait for each other: text messages go on while the mail server is away', async () => {
      smtp.isAway = true;
      await enqueueMail();
      expect(await mailDelivery.execute()).toBe(0);
      await enqueue();
      expect(await deliver()).toBe(1);
    });

    it('are told apart by whoever asks whether mails leave', async () => {
      const comeBack = await provider.goAway();
      await enqueue();
      await deliver();
      passes(6 * MINUTE);
      expect(await context.app.get(MailHealth).condition()).toBe('fine');
      await comeBack();
      await deliver();
      expect(await onlyRow()).toMatchObject({ lastError: 'EXPIRED' });
      passes(6);
      expect(await context.app.get(MailHealth).condition()).toBe('fine');
    });

    it('are listed together, the number masked', async () => {
      await enqueue();
      passes(1);
      await enqueueMail();
      const { items } = await context.app.get(MailAdministration).list(null, 10, null);
      expect(items.map(({ channel, template, recipient }) => [channel, template, recipient])).toEqual([
        ['sms', 'code', '+49 ••• 78'],
        ['mail', 'session-ended', 'a…@example.com'],
      ]);
    });
  });

  it('of one number are found and forgotten, and those of others are not', async () => {
    await enqueue();
    await deliver();
    passes(1);
    await enqueue();
    await enqueue({ to: '+491701234579' });
    const kept = await context.app.get(TextMessages).keptOf(NUMBER);
    expect(kept.map(({ template, sentAt }) => [template, sentAt !== null])).toEqual([
      ['code', true],
      ['code', false],
    ]);
    await context.app.get(UnitOfWork).run(() => context.app.get(TextMessages).forget(NUMBER));
    expect(await context.app.get(TextMessages).keptOf(NUMBER)).toEqual([]);
    await deliver();
    expect(texts().at(-1)!.to).toBe('+491701234579');
    await onlyRow();
  });

  it('leave at once in a running server', async () => {
    context.app.get(Chores).begin();
    const begunAt = performance.now();
    await enqueue();
    await eventually('it is there', () => provider.received.length === 1);
    // By itself it would be looked for after two seconds.
    expect(performance.now() - begunAt).toBeLessThan(1_500);
    await eventually('it is marked', async () => (await onlyRow()).sentAt !== null);
  });
});
