import { ConfirmEmailChange } from '../../../src/modules/identity/application/mailbox/confirm-email-change';
import { RequestEmailChange } from '../../../src/modules/identity/application/mailbox/request-email-change';
import { RequestPasswordReset } from '../../../src/modules/identity/application/mailbox/request-password-reset';
import { ResetPassword } from '../../../src/modules/identity/application/mailbox/reset-password';
import { Factors } from '../../../src/modules/mfa/application/factors.port';
import { aContext, type TestContext } from '../../support/context';
import { Mailboxes } from '../../support/mailboxes';
import { PlainHasher } from '../../support/plain-hasher';
import { aChallenge, aNumber, type Owner, FactorOwners } from '../../support/factor-owners';

const HOLD_SECONDS = 86_400;
const NEXT = 'a wholly new phrase to remember';

describe('the mailbox as a second factor', () => {
  let context: TestContext;
  let people: FactorOwners;

  /** One where it is held for a day, and one where it is not held at all. */
  const contexts = new Map<number, TestContext>();

  beforeAll(async () => {
    for (const seconds of [HOLD_SECONDS, 0]) {
      const variables = { RATE_LIMITS: 'off', EMAIL_FACTOR_HOLD: String(seconds), MFA_CODE_TTL: '300' };
      contexts.set(seconds, await aContext({ hasher: new PlainHasher(), variables }));
    }
  });
  afterAll(() => Promise.all([...contexts.values()].map((each) => each.stop())));

  const whereItIsHeldFor = (seconds: number): void => {
    context = contexts.get(seconds)!;
    people = new FactorOwners(context);
  };
  const later = (seconds: number): void => {
    context.clock.advance({ seconds });
  };
  const reset = async ({ email }: Owner): Promise<void> => {
    await context.app.get(RequestPasswordReset).execute(email);
    later(1);
    const link = await new Mailboxes(context).link(email, 'password-reset');
    await context.app.get(ResetPassword).execute(link, NEXT);
  };
  /** As they are from then on. */
  const moved = async (owner: Owner): Promise<Owner> => {
    const newEmail = `moved-${aNumber().slice(1)}@example.org`;
    await context.app.get(RequestEmailChange).execute(people.callerOf(owner), { newEmail, ipAddress: null });
    later(1);
    const link = await new Mailboxes(context).link(newEmail, 'email-change');
    await context.app.get(ConfirmEmailChange).execute(link, null);
    return { ...owner, email: newEmail };
  };
  const isGood = async (owner: Owner, method: 'sms' | 'email'): Promise<boolean> => {
    const [use, before] = [aChallenge(), await people.codesOf(owner, method)];
    await people.send(owner, method, use);
    later(1);
    const sent = (await people.codesOf(owner, method)).slice(before.length);
    expect(sent.length).toBeLessThanOrEqual(1);
    return sent[0] !== undefined && people.proves(owner, method, sent[0], use);
  };
  const labelOf = async ({ userId }: Owner): Promise<string | undefined> =>
    (await context.app.get(Factors).confirmedOf(userId)).find((one) => one.snapshot().type === 'email')?.snapshot()
      .label;

  it('proves nothing for a while after a new password by mail, and is one still', async () => {
    whereItIsHeldFor(HOLD_SECONDS);
    const [owner, other] = [await people.owner('email', 'sms'), await people.owner('email')];
    await reset(owner);
    expect([await isGood(owner, 'email'), await isGood(owner, 'sms')]).toEqual([false, true]);
    expect(await isGood(other, 'email')).toBe(true);
    expect(await context.app.get(Factors).typesOf(owner.userId)).toEqual(['sms', 'email']);
    // Some seconds went by since.
    later(HOLD_SECONDS - 10);
    expect(await isGood(owner, 'email')).toBe(false);
    later(10);
    expect(await isGood(owner, 'email')).toBe(true);
  });

  it('proves nothing for a while after the account got another address, where its codes go from then on', async () => {
    whereItIsHeldFor(HOLD_SECONDS);
    const owner = await people.owner('email', 'sms');
    const now = await moved(owner);
    expect([await isGood(now, 'email'), await isGood(now, 'sms')]).toEqual([false, true]);
    later(HOLD_SECONDS);
    expect([await isGood(owner, 'email'), await isGood(now, 'email')]).toEqual([false, true]);
    expect(await labelOf(now)).toBe('m•••@example.org');
  });

  it.each([
    ['a new password by mail', reset],
    ['another address', moved],
  ])('is not shown by a code of before: %s', async (_, happens) => {
    whereItIsHeldFor(0);
    const [owner, uses] = [await people.owner('email', 'sms'), [aChallenge(), aChallenge()] as const];
    const mailed = await people.sent(owner, 'email', uses[0]);
    const texted = await people.sent(owner, 'sms', uses[1]);
    await happens(owner);
    expect(await people.proves(owner, 'email', mailed, uses[0])).toBe(false);
    expect(await people.proves(owner, 'sms', texted, uses[1])).toBe(true);
  });

  it('is good at once where nobody wants it held', async () => {
    whereItIsHeldFor(0);
    const owner = await people.owner('email');
    await reset(owner);
    expect(await isGood(owner, 'email')).toBe(true);
    expect(await isGood(await moved(owner), 'email')).toBe(true);
  });

  it('is of no account that has none: nothing is held where nothing was enrolled', async () => {
    whereItIsHeldFor(HOLD_SECONDS);
    const owner = await people.owner('sms');
    await reset(owner);
    expect(await isGood(owner, 'sms')).toBe(true);
    await people.enrol(owner, 'email');
    expect(await isGood(owner, 'email')).toBe(true);
  });
});
