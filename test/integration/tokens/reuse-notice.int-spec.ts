import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import type { TokenPair } from '../../../src/modules/tokens/application/token-pairs';
import { InvalidRefreshToken } from '../../../src/modules/tokens/domain/errors';
import { Outbox } from '../../../src/platform/mail/outbox';
import type { Mail } from '../../../src/platform/mail/mails';
import { aClient, aRefresh, SAFARI_ON_IPHONE } from '../../support/a-device';
import { aContext, type TestContext } from '../../support/context';
import { sabotage } from '../../support/sabotage';
import { type Member, Stored } from '../../support/stored';

const THIEF = { client: aClient({ userAgent: SAFARI_ON_IPHONE, ipAddress: '192.0.2.44' }) };

type Letter = { readonly template: string; readonly sealed: string };

describe('the owner of a session that is in two hands', () => {
  let context: TestContext;
  let rotate: RotateRefreshToken;
  const enqueued: Mail[] = [];

  beforeAll(async () => {
    context = await aContext();
    rotate = context.app.get(RotateRefreshToken);
    const outbox = context.app.get(Outbox);
    const enqueue = outbox.enqueue.bind(outbox);
    // Heard on the way: what lies in the table is sealed.
    jest.spyOn(outbox, 'enqueue').mockImplementation((mail) => {
      enqueued.push(mail);
      return enqueue(mail);
    });
  });
  afterAll(() => context.stop());
  beforeEach(async () => {
    enqueued.length = 0;
    await context.source.query('DELETE FROM outbox');
  });

  const letters = (): Promise<Letter[]> =>
    context.source.query("SELECT template, encode(contents, 'escape') AS sealed FROM outbox");
  const aTwiceSpentToken = async (): Promise<{
    readonly member: Member;
    readonly first: TokenPair;
    readonly last: TokenPair;
  }> => {
    const stored = new Stored(context);
    const member = await stored.newMember();
    const first = await stored.signedIn(member);
    const second = await rotate.execute(aRefresh(first.refreshToken));
    return { member, first, last: await rotate.execute(aRefresh(second.refreshToken)) };
  };
  const refused = async (token: string): Promise<void> => {
    await expect(rotate.execute(aRefresh(token, THIEF))).rejects.toThrow(InvalidRefreshToken);
  };

  it('is told once, when and from where it came back, in a letter nobody can read on the way', async () => {
    const { member, first, last } = await aTwiceSpentToken();
    const address = `${member.userId}@example.com`;
    context.clock.advance({ seconds: 60 });
    await refused(first.refreshToken);
    await refused(first.refreshToken);
    await refused(last.refreshToken);

    expect(enqueued).toEqual([
      {
        to: address,
        template: 'session-ended',
        facts: { at: context.clock.now().toISOString(), device: 'Safari on iOS', address: '192.0.2.44' },
      },
    ]);
    const [letter, ...others] = await letters();
    expect(others).toEqual([]);
    expect(letter?.template).toBe('session-ended');
    for (const secret of [address, '192.0.2.44', 'Safari']) expect(letter?.sealed).not.toContain(secret);
  });

  it('is not alarmed by an answer that is asked for again within the grace', async () => {
    const stored = new Stored(context);
    const first = await stored.signedIn(await stored.newMember());
    await rotate.execute(aRefresh(first.refreshToken));
    await rotate.execute(aRefresh(first.refreshToken, THIEF));
    expect(await letters()).toEqual([]);
  });

  it.each(['', 'dwrt_', `dwrt_${'A'.repeat(71)}`])('is not alarmed by a token nobody issued: %j', async (token) => {
    await refused(token);
    expect(await letters()).toEqual([]);
  });

  it('is told of nothing that did not happen: the letter is written with the end of the session, or neither is', async () => {
    const { first, last } = await aTwiceSpentToken();
    const repair = await sabotage(context.source, 'outbox', 'INSERT');
    await expect(rotate.execute(aRefresh(first.refreshToken, THIEF))).rejects.toThrow();
    await repair();
    expect(await letters()).toEqual([]);
    expect((await rotate.execute(aRefresh(last.refreshToken))).sessionId).toBe(first.sessionId);
  });
});
