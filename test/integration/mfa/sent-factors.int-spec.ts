import { RateLimitExceeded, ValidationFailed } from '../../../src/kernel/domain-error';
import type { Principal } from '../../../src/kernel/principal';
import { ConfirmFactor } from '../../../src/modules/mfa/application/confirm-factor';
import { FactorNotices } from '../../../src/modules/mfa/application/factor-notices';
import { Factors } from '../../../src/modules/mfa/application/factors.port';
import { SetUpMailbox } from '../../../src/modules/mfa/application/sent-codes/set-up-mailbox';
import { SetUpPhone } from '../../../src/modules/mfa/application/sent-codes/set-up-phone';
import { MethodNotOffered, NothingToConfirm, WrongFactorCode } from '../../../src/modules/mfa/domain/errors';
import type { SentMethod } from '../../../src/modules/mfa/mfa.facade';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import type { MailTemplate } from '../../../src/platform/mail/mails';
import { aContext, type TestContext } from '../../support/context';
import { dumpOf, spellingsOfText } from '../../support/dump';
import { Mailboxes, wrongCodes } from '../../support/mailboxes';
import { recorded } from '../../support/recorded';
import { aChallenge, aNumber, type Owner, FactorOwners } from '../../support/factor-owners';

describe('a factor whose codes are sent', () => {
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
  const setUp = (owner: Owner, method: SentMethod): Promise<number> => {
    const by = people.callerOf(owner);
    const { app } = context;
    return method === 'sms' ? app.get(SetUpPhone).execute(by, owner.number) : app.get(SetUpMailbox).execute(by);
  };
  const begun = async (owner: Owner, method: SentMethod): Promise<string> => {
    await setUp(owner, method);
    later(1);
    return (await people.codesOf(owner, method)).at(-1) ?? '';
  };
  const confirm = (owner: Owner, method: SentMethod, code: string): Promise<void> =>
    context.app.get(ConfirmFactor).execute(people.callerOf(owner), method, code);
  const enrolledOf = async ({ userId }: Owner) =>
    (await context.app.get(Factors).confirmedOf(userId)).map((factor) => {
      const { type, label } = factor.snapshot();
      return [type, label];
    });
  const mailed = async ({ email }: Owner, template: MailTemplate): Promise<unknown[]> =>
    (await new Mailboxes(context).of(email, template)).map(({ facts }) => facts);
  const maskedOf = ({ number }: Owner): string => `+49 ••• ${number.slice(-2)}`;
  const labels = (owner: Owner): Record<SentMethod, string> => ({
    sms: maskedOf(owner),
    email: `${owner.email.slice(0, 1)}•••@example.com`,
  });

  describe.each<SentMethod>(['sms', 'email'])('%s', (method) => {
    it('is one when its code is shown, and not before', async () => {
      const owner = await people.owner();
      expect(await setUp(owner, method)).toBe(300);
      expect(await enrolledOf(owner)).toEqual([]);
      const [code = ''] = await people.codesOf(owner, method);
      await confirm(owner, method, code);
      expect(await enrolledOf(owner)).toEqual([[method, labels(owner)[method]]]);
      expect(await mailed(owner, 'second-factor-added')).toEqual([
        {
          at: context.clock.now().toISOString(),
          address: null,
          method,
          number: method === 'sms' ? maskedOf(owner) : null,
          replaced: false,
        },
      ]);
      await expect(confirm(owner, method, code)).rejects.toThrow(NothingToConfirm);
    });

    it('is one by the code that was sent last, and wrong ones stay counted', async () => {
      const owner = await people.owner();
      const older = await begun(owner, method);
      await expect(confirm(owner, method, older === '000000' ? '000001' : '000000')).rejects.toThrow(WrongFactorCode);
      const newer = await begun(owner, method);
      await expect(confirm(owner, method, older)).rejects.toThrow(WrongFactorCode);
      expect(await people.guessesAt(owner)).toBe(2);
      await confirm(owner, method, newer);
    });

    it('is not confirmed by a code whose time is over, nor by one for something else', async () => {
      const owner = await people.owner('sms', 'email');
      const challenge = aChallenge();
      const elsewhere = await people.sent(owner, method, challenge);
      const code = await begun(owner, method);
      await expect(confirm(owner, method, elsewhere)).rejects.toThrow(WrongFactorCode);
      // Nor does its code prove the factor there is.
      expect(await people.proves(owner, method, code, challenge)).toBe(false);
      later(299);
      await expect(confirm(owner, method, code)).rejects.toThrow(WrongFactorCode);
    });

    it('is sent no fourth code within a quarter of an hour, by the same answer, and the third stays good', async () => {
      const owner = await people.owner();
      for (let time = 0; time < 3; time += 1) await begun(owner, method);
      const third = (await people.codesOf(owner, method)).at(-1) ?? '';
      expect(await setUp(owner, method)).toBe(300);
      expect(await people.codesOf(owner, method)).toHaveLength(3);
      await confirm(owner, method, third);
    });

    it('is set up by whoever likes without using up what its owner is sent to sign in', async () => {
      const owner = await people.owner(method);
      for (let time = 0; time < 12; time += 1) {
        const stranger = await people.owner();
        if (method === 'sms') await setUp({ ...stranger, number: owner.number }, method);
        else await setUp(owner, method);
        later(300);
      }
      expect(await people.sent(owner, method, aChallenge())).toMatch(/^\d{6}$/);
    });

    it('is guessed at no more than ten times, with the guesses at all others of the account', async () => {
      const owner = await people.owner('sms', 'email');
      const challenge = aChallenge();
      const other: SentMethod = method === 'sms' ? 'email' : 'sms';
      for (const wrong of wrongCodes(await people.sent(owner, other, challenge), 5)) {
        await people.proves(owner, other, wrong, challenge);
      }
      const code = await begun(owner, method);
      for (const wrong of wrongCodes(code, 5)) {
        await expect(confirm(owner, method, wrong)).rejects.toThrow(WrongFactorCode);
      }
      await expect(confirm(owner, method, code)).rejects.toThrow(RateLimitExceeded);
      expect(await mailed(owner, 'wrong-codes')).toEqual([{ at: context.clock.now().toISOString(), address: null }]);
      expect((await recorded(context.source, 'mfa.codes_paused')).at(-1)).toMatchObject({
        user_id: owner.userId,
        details: { method },
      });
    });
  });

  it('stays one until another number is confirmed, which takes its place, and its codes are worth nothing then', async () => {
    const owner = await people.owner('sms');
    const [before, challenge] = [maskedOf(owner), aChallenge()];
    const next = { ...owner, number: aNumber() };
    const code = await begun(next, 'sms');
    expect(await enrolledOf(owner)).toEqual([['sms', before]]);
    const toTheOldOne = await people.sent(owner, 'sms', challenge);
    await confirm(next, 'sms', code);
    expect(await enrolledOf(owner)).toEqual([['sms', maskedOf(next)]]);
    expect(await people.proves(owner, 'sms', toTheOldOne, challenge)).toBe(false);
    expect(await mailed(owner, 'second-factor-added')).toMatchObject([{ replaced: true, number: maskedOf(next) }]);
  });

  it('is sent no fourth code of one account within a quarter of an hour, whatever the number, by the same answer', async () => {
    const owner = await people.owner();
    const numbers = Array.from({ length: 4 }, aNumber);
    for (const number of numbers) expect(await setUp({ ...owner, number }, 'sms')).toBe(300);
    const sent = await Promise.all(numbers.map((number) => people.textedTo(number)));
    expect(sent.map((codes) => codes.length)).toEqual([1, 1, 1, 0]);
    later(300);
    await setUp({ ...owner, number: numbers[3]! }, 'sms');
    expect(await people.textedTo(numbers[3]!)).toHaveLength(1);
  });

  it('is of the number that was given last, whether there was a code for it or not', async () => {
    const owner = await people.owner();
    const other = { ...(await people.owner()), number: aNumber() };
    for (let time = 0; time < 3; time += 1) await begun(other, 'sms');
    const code = await begun(owner, 'sms');
    // That number has had enough; somebody else asked.
    await setUp({ ...owner, number: other.number }, 'sms');
    await expect(confirm(owner, 'sms', code)).rejects.toThrow(WrongFactorCode);
    expect(await people.codesOf(other, 'sms')).toHaveLength(3);
  });

  it.each(['', '+49', '0170 1234567', '+49 170 12345 67 89 01 23', 'ann@example.com', '+49170<b>1234567'])(
    'is no telephone where that is no number: %j',
    async (typed) => {
      const by = people.callerOf(await people.owner());
      const refused = await context.app
        .get(SetUpPhone)
        .execute(by, typed)
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(ValidationFailed);
      expect((refused as ValidationFailed).violations).toMatchObject([
        { field: 'phone_number', code: 'FIELD_INVALID' },
      ]);
    },
  );

  it('is kept without its number or any code in plain text, and is on record without them', async () => {
    const owner = await people.owner();
    const codes = [await begun(owner, 'sms'), await begun(owner, 'email')];
    await confirm(owner, 'sms', codes[0]!);
    codes.push(await people.sent(owner, 'sms', aChallenge()));
    const dump = await dumpOf(context.database, context.source);
    const significant = owner.number.slice(3);
    for (const secret of [owner.number, significant, ...spellingsOfText(owner.number)]) {
      expect(dump).not.toContain(secret);
    }
    expect(dump).toContain(maskedOf(owner));
    // Six digits may be part of anything longer, but no value of their own.
    for (const code of codes) expect(dump).not.toMatch(new RegExp(`(?<![0-9a-f.-])${code}(?![0-9a-f.-])`));
    const record = JSON.stringify(await recorded(context.source));
    for (const secret of [owner.number, significant, owner.email, ...codes.map((code) => `"${code}"`)]) {
      expect(record).not.toContain(secret);
    }
  });

  it('tells its owner of all that happens to it, at the moment it does', async () => {
    const owner = await people.owner('sms');
    const by: Principal = people.callerOf(owner);
    const [notices, at] = [context.app.get(FactorNotices), context.clock.now()];
    const occasion = { at: at.toISOString(), address: null };
    await context.app.get(UnitOfWork).run(async () => {
      await notices.removed(by, ['totp', 'sms'], 0);
      await notices.wrongCode(by.userId, 'totp', { failures: 100, stopped: true, nowWaits: false });
      await notices.wrongCode(by.userId, 'totp', { failures: 7, stopped: false, nowWaits: false });
      await notices.backupCodeUsed(by.userId, 4);
      await notices.backupCodesRenewed(by);
    });
    later(1);
    await context.app.get(UnitOfWork).run(() => notices.backupCodeUsed(by.userId, 3));
    expect(await mailed(owner, 'second-factor-removed')).toEqual([{ ...occasion, methods: ['totp', 'sms'] }]);
    expect(await mailed(owner, 'second-factor-stopped')).toEqual([{ ...occasion, method: 'totp', failures: 100 }]);
    expect(await mailed(owner, 'wrong-codes')).toEqual([]);
    expect(await mailed(owner, 'backup-code-used')).toMatchObject([
      { ...occasion, left: 4, few: false },
      { left: 3, few: true },
    ]);
    expect(await mailed(owner, 'backup-codes-renewed')).toEqual([occasion]);
    const events = (await recorded(context.source)).filter(({ user_id }) => user_id === owner.userId);
    expect(events.map(({ action }) => action)).toEqual([
      'mfa.disabled',
      'mfa.factor_stopped',
      'mfa.backup_code_used',
      'mfa.backup_codes_renewed',
      'mfa.backup_code_used',
    ]);
  });
});

it('is not begun, nor sent a code, where the operator has switched it off', async () => {
  const context = await aContext({ variables: { MFA_METHODS: 'totp,sms' } });
  const people = new FactorOwners(context);
  const owner = await people.owner('email');
  await expect(context.app.get(SetUpMailbox).execute(people.callerOf(owner))).rejects.toThrow(MethodNotOffered);
  await people.send(owner, 'email', aChallenge());
  expect(await people.codesOf(owner, 'email')).toEqual([]);
  await context.app.get(SetUpPhone).execute(people.callerOf(owner), owner.number);
  expect(await people.codesOf(owner, 'sms')).toHaveLength(1);
  await context.stop();
});
