import { ApiKeys } from '../../../src/modules/tokens/application/api-keys/api-keys.port';
import { DailyStandings } from '../../../src/modules/tenancy/application/limits/daily-standings';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { anApiKey } from '../../support/an-api-key';
import type { Principal } from '../../../src/kernel/principal';
import { ValidationFailed } from '../../../src/kernel/domain-error';
import { ConfirmEmailChange } from '../../../src/modules/identity/application/mailbox/confirm-email-change';
import type { MailboxProof } from '../../../src/modules/identity/application/mailbox/redeem-secret';
import { RequestEmailChange } from '../../../src/modules/identity/application/mailbox/request-email-change';
import { RequestPasswordReset } from '../../../src/modules/identity/application/mailbox/request-password-reset';
import { ResetPassword } from '../../../src/modules/identity/application/mailbox/reset-password';
import { UndoEmailChange } from '../../../src/modules/identity/application/mailbox/undo-email-change';
import { EmailTaken, LinkNotGood } from '../../../src/modules/identity/domain/errors';
import type { NewUser } from '../../../src/modules/identity/domain/user';
import { SignUp } from '../../../src/modules/signin/application/sign-up';
import { LiveSessions } from '../../../src/modules/tokens/application/sessions/live-sessions.port';
import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import { isDatabaseAway } from '../../../src/platform/database/failures';
import { aRefresh } from '../../support/a-device';
import { aSignUp } from '../../support/a-sign-in';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { GuessedAccount } from '../../support/guessed-account';
import { accountOf, Mailboxes, signedIn, wrongCodes } from '../../support/mailboxes';
import { PlainHasher } from '../../support/plain-hasher';
import { counted, recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { statementsOf } from '../../support/statements';
import { Stored } from '../../support/stored';

const UNDO_SECONDS = 7 * 86_400;
const ADDRESS = '198.51.100.9';

type Mover = {
  readonly account: GuessedAccount;
  readonly old: string;
  readonly next: string;
  readonly by: Principal;
};

describe('another address', () => {
  let context: TestContext;
  let mailboxes: Mailboxes;

  beforeAll(async () => {
    context = await aContext({ hasher: new PlainHasher(), variables: { RATE_LIMITS: 'off' } });
    mailboxes = new Mailboxes(context);
  });
  afterAll(() => context.stop());

  const later = (seconds = 1): void => {
    context.clock.advance({ seconds });
  };
  /** Somebody signed in, and the address they want. */
  const aMover = async (user: Partial<NewUser> = {}): Promise<Mover> => {
    const account = await GuessedAccount.in(context, user);
    const { by } = await signedIn(context, account.login);
    return { account, by, old: account.login, next: `${account.userId}@example.org` };
  };
  const request = async (by: Principal, newEmail: string): Promise<void> => {
    await context.app.get(RequestEmailChange).execute(by, { newEmail, ipAddress: ADDRESS });
    later();
  };
  const confirm = async (proof: MailboxProof): Promise<void> => {
    await context.app.get(ConfirmEmailChange).execute(proof, ADDRESS);
    later();
  };
  const undo = async ({ token }: { readonly token: string }): Promise<void> => {
    await context.app.get(UndoEmailChange).execute(token, ADDRESS);
    later();
  };
  const requested = async ({ by, next }: Mover) => {
    await request(by, next);
    return mailboxes.link(next, 'email-change');
  };
  const moved = async (mover: Mover) => {
    await confirm(await requested(mover));
    return mailboxes.link(mover.old, 'email-changed');
  };
  const addressOf = async ({ account }: Mover): Promise<string | undefined> => {
    const sql = 'SELECT email FROM users WHERE id = $1';
    return (await context.source.query<{ email: string }[]>(sql, [account.userId]))[0]?.email;
  };
  const isLive = async ({ sessionId, tenantId }: Principal): Promise<boolean> =>
    (await context.app.get(LiveSessions).find(sessionId!, tenantId, context.clock.now())) !== null;
  const register = (email: string) => context.app.get(SignUp).execute(aSignUp({ email }));
  const outcomesOf = async ({ account }: Mover, action: string): Promise<string[]> =>
    (await recorded(context.source, action))
      .filter(({ user_id }) => user_id === account.userId)
      .map(({ outcome }) => outcome);

  it('is that of the account once it is proven, and not before; the old one is told both times', async () => {
    const mover = await aMover();
    const link = await requested(mover);
    expect(await addressOf(mover)).toBe(mover.old);
    const shown = `${mover.next.slice(0, 1)}…@example.org`;
    expect(await mailboxes.last(mover.old, 'email-change-requested')).toMatchObject({
      newAddress: shown,
      address: ADDRESS,
    });
    await confirm(link);
    expect(await addressOf(mover)).toBe(mover.next);
    expect(await mailboxes.last(mover.old, 'email-changed')).toMatchObject({ newAddress: shown, address: ADDRESS });
    expect(await outcomesOf(mover, 'email.change_requested')).toEqual(['success']);
    expect(await outcomesOf(mover, 'email.changed')).toEqual(['success']);
  });

  it('is what one signs in with from then on, and the old one opens nothing', async () => {
    const mover = await aMover();
    await moved(mover);
    expect([await mover.account.isOpenTo(), await mover.account.isOpenTo({ login: mover.next })]).toEqual([
      false,
      true,
    ]);
  });

  it('is proven by the code as well, once', async () => {
    const mover = await aMover();
    await request(mover.by, mover.next);
    const proof = await mailboxes.code(mover.next, 'email-change');
    await confirm(proof);
    await expect(confirm(proof)).rejects.toThrow(LinkNotGood);
    expect(await addressOf(mover)).toBe(mover.next);
  });

  it('is proven once by twenty who follow one link at once', async () => {
    const mover = await aMover();
    const link = await requested(mover);
    const settled = await Promise.allSettled(Array.from({ length: 20 }, () => confirm(link)));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await mailboxes.of(mover.old, 'email-changed')).toHaveLength(1);
    expect((await outcomesOf(mover, 'email.changed')).filter((outcome) => outcome === 'success')).toHaveLength(1);
  });

  it.each([
    ['before a day is over', 86_398, true],
    ['when a day is over', 86_399, false],
  ])('can be proven %s', async (_, seconds, isGood) => {
    const mover = await aMover();
    const link = await requested(mover);
    later(seconds);
    if (isGood) await confirm(link);
    else await expect(confirm(link)).rejects.toThrow(LinkNotGood);
    expect(await addressOf(mover)).toBe(isGood ? mover.next : mover.old);
  });

  it('is the one that was asked for last', async () => {
    const mover = await aMover();
    const first = await requested(mover);
    const second = { ...mover, next: `second-${mover.next}` };
    const link = await requested(second);
    await expect(confirm(first)).rejects.toThrow(LinkNotGood);
    await confirm(link);
    expect(await addressOf(mover)).toBe(second.next);
  });

  it('is not to be guessed: five wrong codes end it, for whoever asks anew as well', async () => {
    const mover = await aMover();
    await request(mover.by, mover.next);
    const right = await mailboxes.code(mover.next, 'email-change');
    for (const code of wrongCodes(right.code, 5))
      await expect(confirm({ ...right, code })).rejects.toThrow(LinkNotGood);
    await expect(confirm(right)).rejects.toThrow(LinkNotGood);
    await request(mover.by, mover.next);
    await expect(confirm(await mailboxes.code(mover.next, 'email-change'))).rejects.toThrow(LinkNotGood);
    expect(await addressOf(mover)).toBe(mover.old);
  });

  it('is not to be guessed by asking for yet another address in between', async () => {
    const mover = await aMover();
    await request(mover.by, mover.next);
    const right = await mailboxes.code(mover.next, 'email-change');
    for (const code of wrongCodes(right.code, 5))
      await expect(confirm({ ...right, code })).rejects.toThrow(LinkNotGood);
    await request(mover.by, `second-${mover.next}`);
    await request(mover.by, mover.next);
    await expect(confirm(await mailboxes.code(mover.next, 'email-change'))).rejects.toThrow(LinkNotGood);
    await confirm(await mailboxes.link(mover.next, 'email-change'));
  });

  it('is another one: the same in other letters is refused, and nobody is mailed', async () => {
    const mover = await aMover();
    await expect(request(mover.by, mover.old.toUpperCase())).rejects.toThrow(ValidationFailed);
    expect(await mailboxes.of(mover.old, 'email-change-requested')).toEqual([]);
  });

  it('leaves open the session it was asked for in, and ends all others', async () => {
    const mover = await aMover();
    const here = await signedIn(context, mover.old);
    const device = await mover.account.knownDevice();
    await request(here.by, mover.next);
    await confirm(await mailboxes.link(mover.next, 'email-change'));
    expect([await isLive(here.by), await isLive(mover.by)]).toEqual([true, false]);
    await context.app.get(RotateRefreshToken).execute(aRefresh(here.tokens.refreshToken));
    await mover.account.wrong(5, { login: mover.next });
    expect(await mover.account.isOpenTo({ login: mover.next, deviceToken: device })).toBe(false);
  });

  it('brings no session back that ended before the mail was answered', async () => {
    const mover = await aMover();
    const other = await signedIn(context, mover.old);
    const link = await requested(mover);
    await context.source.query(`UPDATE sessions SET revoked_at = $2, revoked_for = 'signed_out' WHERE id = $1`, [
      mover.by.sessionId,
      context.clock.now(),
    ]);
    await confirm(link);
    expect([await isLive(mover.by), await isLive(other.by)]).toEqual([false, false]);
  });

  it('ends the links that were mailed to the old one', async () => {
    const mover = await aMover();
    await context.app.get(RequestPasswordReset).execute(mover.old);
    const reset = await mailboxes.link(mover.old, 'password-reset');
    await moved(mover);
    await expect(context.app.get(ResetPassword).execute(reset, 'a wholly new phrase')).rejects.toThrow(LinkNotGood);
  });

  it('is refused to a disabled account', async () => {
    const mover = await aMover();
    const link = await requested(mover);
    await context.source.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [mover.account.userId]);
    await expect(confirm(link)).rejects.toThrow(LinkNotGood);
    expect(await addressOf(mover)).toBe(mover.old);
  });

  describe('that somebody else has', () => {
    it('at the time of asking is not told, costs as much, and nobody there is mailed', async () => {
      const [mover, other] = [await aMover(), await aMover()];
      // Known by then of every tenant that somebody calls from.
      await context.app.get(DailyStandings).of(mover.by.tenantId);
      const taken = await statementsOf(context.source, () => request(mover.by, other.old.toUpperCase()));
      const free = await statementsOf(context.source, () => request(mover.by, mover.next));
      expect(taken).toHaveLength(free.length);
      for (const address of [other.old, other.old.toUpperCase()]) {
        expect(await mailboxes.of(address, 'email-change')).toEqual([]);
      }
      expect(await mailboxes.of(mover.old, 'email-change-requested')).toHaveLength(2);
    });

    it('is not told by what becomes of the address that was asked for before', async () => {
      const [mover, other] = [await aMover(), await aMover()];
      const link = await requested(mover);
      await request(mover.by, other.old);
      await expect(confirm(link)).rejects.toThrow(LinkNotGood);
      expect([await addressOf(mover), await addressOf(other)]).toEqual([mover.old, other.old]);
    });

    it('by the time it is proven is refused, and nothing is lost', async () => {
      const mover = await aMover();
      const other = await signedIn(context, mover.old);
      const link = await requested(mover);
      await new Stored(context).user({ email: mover.next.toUpperCase() });
      await expect(confirm(link)).rejects.toThrow(EmailTaken);
      expect(await addressOf(mover)).toBe(mover.old);
      expect([await isLive(mover.by), await isLive(other.by)]).toEqual([true, true]);
      expect(await mailboxes.of(mover.old, 'email-changed')).toEqual([]);
      expect(await outcomesOf(mover, 'email.changed')).toEqual(['failure']);
      await context.source.query('DELETE FROM users WHERE email_key = $1', [mover.next]);
      await confirm(link);
      expect(await addressOf(mover)).toBe(mover.next);
    });
  });

  describe('taken back by the old one', () => {
    it('ends the keys of the account: whoever moved it may have made them', async () => {
      const mover = await aMover();
      const link = await moved(mover);
      const key = anApiKey(mover.account.member);
      await context.app.get(UnitOfWork).run(() => context.app.get(ApiKeys).add(key));
      await undo(link);
      const kept = await context.app.get(UnitOfWork).run(() => context.app.get(ApiKeys).take(key.snapshot().id));
      expect(kept?.snapshot().revokedAt).not.toBeNull();
    });

    it('is no more: the account has its address again, and every session ends', async () => {
      const mover = await aMover();
      const link = await moved(mover);
      const later = await signedIn(context, mover.next);
      await undo(link);
      expect(await accountOf(context.source, mover.old)).toMatchObject({ email: mover.old, isVerified: true });
      expect([await isLive(mover.by), await isLive(later.by)]).toEqual([false, false]);
      expect(await mailboxes.of(mover.old, 'email-change-undone')).toHaveLength(1);
      expect((await recorded(context.source, 'email.changed')).at(-1)).toMatchObject({
        user_id: mover.account.userId,
        details: { undone: true, kept_session_id: null },
      });
      await expect(undo(link)).rejects.toThrow(LinkNotGood);
    });

    it.each([
      ['a week', UNDO_SECONDS - 2, true],
      ['longer', UNDO_SECONDS - 1, false],
    ])('can be for a week: after %s', async (_, seconds, isGood) => {
      const mover = await aMover();
      const link = await moved(mover);
      later(seconds);
      if (isGood) await undo(link);
      else await expect(undo(link)).rejects.toThrow(LinkNotGood);
      expect(await addressOf(mover)).toBe(isGood ? mover.old : mover.next);
    });

    it('whatever became of it since: the first undo wins, and those of later changes end', async () => {
      const mover = await aMover();
      const first = await moved(mover);
      const again = await signedIn(context, mover.next);
      const second = await moved({ ...mover, by: again.by, old: mover.next, next: `again-${mover.next}` });
      await context.app.get(RequestPasswordReset).execute(`again-${mover.next}`);
      const reset = await mailboxes.link(`again-${mover.next}`, 'password-reset');
      await undo(first);
      expect(await addressOf(mover)).toBe(mover.old);
      await expect(undo(second)).rejects.toThrow(LinkNotGood);
      await expect(context.app.get(ResetPassword).execute(reset, 'a wholly new phrase')).rejects.toThrow(LinkNotGood);
      expect(await addressOf(mover)).toBe(mover.old);
    });

    it('step by step: the undo of the second change leaves that of the first as good as it was', async () => {
      const mover = await aMover();
      const first = await moved(mover);
      const again = await signedIn(context, mover.next);
      await undo(await moved({ ...mover, by: again.by, old: mover.next, next: `again-${mover.next}` }));
      expect(await addressOf(mover)).toBe(mover.next);
      await undo(first);
      expect(await addressOf(mover)).toBe(mover.old);
    });

    it('once, by twenty who follow the link at once', async () => {
      const mover = await aMover();
      const link = await moved(mover);
      const settled = await Promise.allSettled(Array.from({ length: 20 }, () => undo(link)));
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await mailboxes.of(mover.old, 'email-change-undone')).toHaveLength(1);
    });
  });

  describe('leaves the old one', () => {
    it('to nobody else while the change can be taken back, and to anybody afterwards', async () => {
      const mover = await aMover();
      await moved(mover);
      await expect(register(mover.old.toUpperCase())).rejects.toThrow(EmailTaken);
      const other = await aMover();
      await expect(confirm(await requested({ ...other, next: mover.old }))).rejects.toThrow(EmailTaken);
      expect(await addressOf(other)).toBe(other.old);
      later(UNDO_SECONDS);
      expect((await register(mover.old)).user.email).toBe(mover.old);
    });

    it('to its account: it may come back by itself', async () => {
      const mover = await aMover();
      await moved(mover);
      const again = await signedIn(context, mover.next);
      await confirm(await requested({ ...mover, by: again.by, next: mover.old }));
      expect(await addressOf(mover)).toBe(mover.old);
    });

    it('to nobody who registers in the very moment it is given up', async () => {
      const mover = await aMover();
      const link = await requested(mover);
      const registering = await interleaved(
        context,
        () => confirm(link),
        () => register(mover.old),
      );
      expect(registering).toMatchObject({ status: 'rejected', reason: expect.any(EmailTaken) as unknown });
      expect(await addressOf(mover)).toBe(mover.next);
      await undo(await mailboxes.link(mover.old, 'email-changed'));
      expect(await addressOf(mover)).toBe(mover.old);
    });
  });

  describe('leaves nothing half done', () => {
    const TABLES = ['mailed_secrets', 'outbox', 'audit_events'];
    const failing = async (table: string, act: () => Promise<unknown>): Promise<void> => {
      const before = await counted(context.source, ...TABLES);
      const repair = await sabotage(context.source, table, 'INSERT');
      const failure: unknown = await act().catch((error: unknown) => error);
      await repair();
      expect(isDatabaseAway(failure)).toBe(true);
      expect(await counted(context.source, ...TABLES)).toEqual(before);
    };

    it.each(TABLES)('asked for, proven or taken back, when %s cannot be written', async (table) => {
      const mover = await aMover();
      await failing(table, () => request(mover.by, mover.next));
      const link = await requested(mover);
      await failing(table, () => confirm(link));
      expect(await addressOf(mover)).toBe(mover.old);
      await confirm(link);
      const back = await mailboxes.link(mover.old, 'email-changed');
      if (table !== 'mailed_secrets') {
        await failing(table, () => undo(back));
        expect(await addressOf(mover)).toBe(mover.next);
      }
      await undo(back);
      expect(await addressOf(mover)).toBe(mover.old);
    });
  });

  it('is nowhere on record, nor the old one, nor a link', async () => {
    const mover = await aMover();
    const link = await requested(mover);
    await confirm(link);
    const back = await mailboxes.link(mover.old, 'email-changed');
    await undo(back);
    const log = JSON.stringify(await recorded(context.source));
    for (const secret of ['@example', link.token, back.token]) expect(log).not.toContain(secret);
  });
});
