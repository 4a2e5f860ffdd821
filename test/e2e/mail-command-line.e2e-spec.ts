import { randomUUID } from 'node:crypto';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { Outbox } from '../../src/platform/mail/outbox';
import { TextMessages } from '../../src/platform/sms/text-messages';
import { aMail } from '../support/a-mail';
import { command } from '../support/commands';
import { aContext } from '../support/context';
import { aDatabase, type TestDatabase } from '../support/database';
import { cleanUp, rows } from '../support/process';

type Shown = { readonly id: string; readonly channel: string; readonly state: string; readonly recipient: string };
type Listed = { readonly items: readonly Shown[]; readonly next_cursor: string | null };

afterAll(cleanUp);

describe('the mail commands', () => {
  let database: TestDatabase;
  let [given, waiting, text] = ['', '', ''];

  async function json<T>(...words: string[]): Promise<T> {
    const { code, stdout, stderr } = await command([...words, '--json'], { database });
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as T;
  }

  beforeAll(async () => {
    database = await aDatabase();
    const { app, clock, source, stop } = await aContext({ database });
    for (const name of ['ann', 'bob']) {
      await app.get(UnitOfWork).run(() => app.get(Outbox).enqueue(aMail(`${name}@example.com`)));
      clock.advance({ seconds: 1 });
    }
    await app.get(UnitOfWork).run(() =>
      app.get(TextMessages).enqueue({
        to: '+491701234578',
        template: 'code',
        facts: { code: '048213', minutes: 5, brand: null },
        uselessAfter: clock.now(),
      }),
    );
    [given, waiting, text] = (await source.query<{ id: string }[]>('SELECT id FROM outbox ORDER BY id')).map(
      ({ id }) => id,
    ) as [string, string, string];
    await source.query(
      `UPDATE outbox SET given_up_at = now(), attempts = 3, last_error = 'EENVELOPE 550' WHERE id = $1`,
      [given],
    );
    await stop();
  });

  it('list pages through the mails of a state, and says neither to whom they go nor what they say', async () => {
    const first = await json<Listed>('mail', 'list', '--limit', '1');
    expect(first).toMatchObject({
      items: [{ id: given, state: 'given-up', recipient: 'a…@example.com' }],
      next_cursor: given,
    });
    const rest = await json<Listed>('mail', 'list', '--cursor', given);
    expect(rest).toMatchObject({
      items: [
        { id: waiting, channel: 'mail', state: 'pending', recipient: 'b…@example.com' },
        { id: text, channel: 'sms', state: 'pending', recipient: '+49 ••• 78' },
      ],
      next_cursor: null,
    });
    const { code, stdout } = await command(['mail', 'list', '--state', 'given-up'], { database });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`^${given}  mail     session-ended  a…@example.com  given-up  3 .* EENVELOPE 550$`, 'm'),
    );
    expect(stdout).not.toMatch(/bob|b…|Firefox|ann@/);
  });

  it('show shows one', async () => {
    const { code, stdout } = await command(['mail', 'show', given], { database });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^last_error +EENVELOPE 550$/m);
    expect(stdout).toMatch(/^recipient +a…@example\.com$/m);
  });

  it('end with 1 for a mail there is none of or that comes too late, and with 2 for options that make no sense', async () => {
    const words = [
      ['show', randomUUID()],
      ['retry', randomUUID()],
      ['retry', given, text],
      ['retry'],
      ['list', '--state', 'lost'],
    ];
    const exits = await Promise.all(words.map((rest) => command(['mail', ...rest], { database })));
    expect(exits.map(({ code }) => code)).toEqual([1, 1, 1, 2, 2]);
    expect(exits[2]!.stderr).toContain(`${text} comes too late`);
  });

  it('retry has mails tried again, and is recorded', async () => {
    expect(await json('mail', 'retry', given, waiting)).toEqual({ retried: 2 });
    expect(
      await rows(database, `SELECT actor, details FROM audit_events WHERE action = 'system.mail_retried'`),
    ).toEqual([{ actor: 'cli', details: { mails: [given, waiting] } }]);
  });
});
