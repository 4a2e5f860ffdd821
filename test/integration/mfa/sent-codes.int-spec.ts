import { randomUUID } from 'node:crypto';
import { Factors } from '../../../src/modules/mfa/application/factors.port';
import { RemoveEndedCodes } from '../../../src/modules/mfa/application/sent-codes/remove-ended-codes';
import type { SentMethod } from '../../../src/modules/mfa/mfa.facade';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../../support/context';
import { wrongCodes } from '../../support/mailboxes';
import { recorded } from '../../support/recorded';
import { aChallenge, type Owner, FactorOwners } from '../../support/factor-owners';

const BY_MAIL_AND_TEXT: readonly SentMethod[] = ['sms', 'email'];

describe.each(BY_MAIL_AND_TEXT)('a code that was sent (%s)', (method) => {
  const another: SentMethod = method === 'sms' ? 'email' : 'sms';
  let context: TestContext;
  let people: FactorOwners;

  beforeAll(async () => {
    context = await aContext({ variables: { MFA_CODE_TTL: '300' } });
    people = new FactorOwners(context);
  });
  afterAll(() => context.stop());

  const later = (seconds: number): void => {
    context.clock.advance({ seconds });
  };
  const kept = (): Promise<unknown[]> => context.source.query<unknown[]>('SELECT * FROM factor_codes ORDER BY id');
  const eventsOf = async ({ userId }: Owner) =>
    (await recorded(context.source, 'mfa.code_sent')).filter(({ user_id }) => user_id === userId);
  /** Takes the test's word for what is kept of a factor. */
  const change = ({ userId }: Owner, sql: string, ...values: unknown[]): Promise<unknown> =>
    context.source.query(sql, [userId, ...values]);

  it('proves the factor, once', async () => {
    const [owner, use] = [await people.owner(method), aChallenge()];
    const code = await people.sent(owner, method, use);
    expect(await people.shown(owner, method, code, use)).toEqual({
      kind: 'proven',
      method,
      amr: [method === 'sms' ? 'sms' : 'otp', 'mfa'],
    });
    expect(await people.proves(owner, method, code, use)).toBe(false);
    expect(await eventsOf(owner)).toMatchObject([
      { outcome: 'success', tenant_id: owner.tenantId, details: { method, for: 'challenge', sent: true } },
    ]);
  });

  it('proves it once of twenty times at once', async () => {
    const [owner, use] = [await people.owner(method), aChallenge()];
    const code = await people.sent(owner, method, use);
    const shown = await Promise.all(Array.from({ length: 20 }, () => people.proves(owner, method, code, use)));
    expect(shown.filter(Boolean)).toHaveLength(1);
  });

  it('is worth nothing for anything but what it was sent for', async () => {
    const [owner, other] = [await people.owner('sms', 'email'), await people.owner('sms', 'email')];
    const use = aChallenge();
    const code = await people.sent(owner, method, use);
    expect(await people.proves(owner, method, code, aChallenge())).toBe(false);
    expect(await people.proves(owner, method, code, { kind: 'session', id: use.id })).toBe(false);
    expect(await people.proves(owner, another, code, use)).toBe(false);
    expect(await people.proves(other, method, code, use)).toBe(false);
    expect(await people.proves(owner, method, code, use)).toBe(true);
  });

  it('is worth nothing once another was sent for the same', async () => {
    const [owner, use] = [await people.owner(method), aChallenge()];
    const older = await people.sent(owner, method, use);
    const newer = await people.sent(owner, method, use);
    expect(await people.proves(owner, method, older, use)).toBe(false);
    expect(await people.proves(owner, method, newer, use)).toBe(true);
  });

  it('leaves those that were sent for something else as they are', async () => {
    const [owner, uses] = [await people.owner('sms', 'email'), [aChallenge(), aChallenge()] as const];
    const codes = [await people.sent(owner, method, uses[0]), await people.sent(owner, method, uses[1])] as const;
    const third = await people.sent(owner, another, uses[0]);
    expect(await people.proves(owner, another, third, uses[0])).toBe(true);
    expect(await people.proves(owner, method, codes[0], uses[0])).toBe(true);
    expect(await people.proves(owner, method, codes[1], uses[1])).toBe(true);
  });

  it('is good until its time is over, and then swept away', async () => {
    const [owner, uses] = [await people.owner(method), [aChallenge(), aChallenge()] as const];
    const first = await people.sent(owner, method, uses[0]);
    // Reading it took a second.
    later(298);
    expect(await people.proves(owner, method, first, uses[0])).toBe(true);
    const second = await people.sent(owner, method, uses[1]);
    later(299);
    expect(await people.proves(owner, method, second, uses[1])).toBe(false);
    later(1);
    await context.app.get(RemoveEndedCodes).execute();
    expect(await kept()).toEqual([]);
  });

  it('is not sent a fourth time within a quarter of an hour: the third stays good, and nobody is told', async () => {
    const [owner, use] = [await people.owner(method), aChallenge()];
    await people.sent(owner, method, use);
    await people.sent(owner, method, use);
    const third = await people.sent(owner, method, use);
    for (const wrong of wrongCodes(third, 2)) expect(await people.proves(owner, method, wrong, use)).toBe(false);
    const before = await kept();
    await people.send(owner, method, use);
    expect(await people.codesOf(owner, method)).toHaveLength(3);
    expect(await kept()).toEqual(before);
    expect(await people.guessesAt(owner)).toBe(2);
    expect((await eventsOf(owner)).map(({ outcome, details }) => [outcome, details.sent])).toEqual([
      ['success', true],
      ['success', true],
      ['success', true],
      ['failure', false],
    ]);
    expect(await people.proves(owner, method, third, use)).toBe(true);
    later(900);
    await people.sent(owner, method, use);
  });

  it('does not forgive the wrong ones by being sent again', async () => {
    const [owner, use] = [await people.owner(method), aChallenge()];
    for (let round = 0; round < 2; round += 1) {
      const code = await people.sent(owner, method, use);
      for (const wrong of wrongCodes(code, 5)) expect(await people.proves(owner, method, wrong, use)).toBe(false);
    }
    expect(await people.guessesAt(owner)).toBe(10);
    const code = await people.sent(owner, method, use);
    // Not even a right one is looked at.
    expect(await people.shown(owner, method, code, use)).toMatchObject({ kind: 'too_many' });
  });

  it.each<[string, (owner: Owner) => Promise<unknown>]>([
    ['is not enrolled', (owner) => change(owner, 'DELETE FROM factors WHERE user_id = $1 AND type = $2', method)],
    [
      'is held',
      (owner) =>
        change(
          owner,
          'UPDATE factors SET held_until = $3 WHERE user_id = $1 AND type = $2',
          method,
          new Date(context.clock.now().getTime() + 1000),
        ),
    ],
    [
      'was stopped',
      async ({ userId }) => {
        const factors = context.app.get(Factors);
        await context.app.get(UnitOfWork).run(async (now) => {
          const guesses = await factors.take(userId);
          for (let time = 0; time < 100; time += 1) guesses.wrong(method, now);
          await factors.saveGuesses(guesses);
        });
      },
    ],
  ])('reaches nobody where the factor %s, by the same work', async (_, makeUseless) => {
    const owner = await people.owner('sms', 'email');
    const nobody = (): Promise<string[]> => (method === 'sms' ? people.textedTo(null) : people.mailedTo(null));
    await makeUseless(owner);
    const [before, use] = [await nobody(), aChallenge()];
    await people.send(owner, method, use);
    expect(await people.codesOf(owner, method)).toEqual([]);
    expect(await nobody()).toHaveLength(before.length + 1);
    expect(await eventsOf(owner)).toMatchObject([{ outcome: 'failure', details: { sent: false } }]);
    // What was written to nobody is not good either.
    for (const code of await nobody()) {
      expect(await people.proves(owner, method, code, use)).toBe(false);
    }
  });

  it('reaches nobody where there is no account', async () => {
    const owner = { ...(await people.owner()), userId: randomUUID() as Owner['userId'] };
    await people.send(owner, method, aChallenge());
    expect(await people.codesOf(owner, method)).toEqual([]);
  });

  it('is sent and shown by many at once without anybody waiting in a circle', async () => {
    const [owner, use] = [await people.owner(method), aChallenge()];
    const code = await people.sent(owner, method, use);
    const sending = Array.from({ length: 8 }, () => people.send(owner, method, use));
    const showing = Array.from({ length: 8 }, () => people.proves(owner, method, code, use));
    await Promise.all([...sending, ...showing]);
    expect((await people.codesOf(owner, method)).length).toBeLessThanOrEqual(3);
  });
});
