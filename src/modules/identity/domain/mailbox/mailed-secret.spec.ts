import { randomBytes, randomUUID } from 'node:crypto';
import { userId } from '../../../../kernel/ids';
import { lifeOf, type MailedPurpose, MailedSecret, type NewMailedSecret, replacesOlder } from './mailed-secret';

const NOW = new Date('2026-01-01T12:00:00.000Z');
const LIFE = { link: 3600, code: 900 };
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

function aNewSecret(change: Partial<NewMailedSecret> = {}): NewMailedSecret {
  return {
    id: randomUUID(),
    purpose: 'password_reset',
    userId: userId(randomUUID()),
    address: null,
    addressKey: randomBytes(32),
    sessionId: null,
    tokenHash: randomBytes(32),
    codeHash: randomBytes(32),
    ...change,
  };
}

const issued = (wrongCodes = 0, change: Partial<NewMailedSecret> = {}): MailedSecret =>
  MailedSecret.issue(aNewSecret(change), wrongCodes, LIFE, NOW);

describe('how long a mail is good', () => {
  const SETTINGS = { emailVerifySeconds: 86_400, passwordResetSeconds: 3600 };

  it.each<[MailedPurpose, number, number]>([
    ['email_verification', 86_400, 86_400],
    ['email_change', 86_400, 86_400],
    ['password_reset', 3600, 900],
    ['email_change_undo', 604_800, 0],
  ])('depends on what it is for: %s', (purpose, link, code) => {
    expect(lifeOf(purpose, SETTINGS)).toEqual({ link, code });
  });

  it.each([
    [3600, 900],
    [900, 900],
    [899, 899],
    [1, 1],
  ])('is for a code that opens an account a quarter of an hour at most: link %i s, code %i s', (link, code) => {
    expect(lifeOf('password_reset', { ...SETTINGS, passwordResetSeconds: link })).toEqual({ link, code });
  });
});

describe('a newer mail', () => {
  it.each<[MailedPurpose, boolean]>([
    ['email_verification', false],
    ['email_change_undo', false],
    ['password_reset', true],
    ['email_change', true],
  ])('of the purpose %s ends the older ones: %s', (purpose, replaces) => {
    expect(replacesOlder(purpose)).toBe(replaces);
  });
});

describe('a mailed secret', () => {
  it('is good from now on, for as long as it lives', () => {
    const secret = aNewSecret();
    expect(MailedSecret.issue(secret, 0, LIFE, NOW).snapshot()).toEqual({
      ...secret,
      wrongCodes: 0,
      createdAt: NOW,
      expiresAt: after(3600),
      codeExpiresAt: after(900),
    });
  });

  it('without a code has no end of one', () => {
    expect(issued(0, { codeHash: null }).snapshot().codeExpiresAt).toBeNull();
  });

  it.each([
    [0, true],
    [3599.999, true],
    [3600, false],
    [3601, false],
  ])('has, after %d seconds, a link that is good: %s', (seconds, isGood) => {
    expect(issued().isGood(after(seconds))).toBe(isGood);
  });

  it.each([
    [0, 'right'],
    [899.999, 'right'],
    [900, 'dead'],
    [3599, 'dead'],
  ])('has, after %d seconds, a code that is %s, and is not changed by it', (seconds, outcome) => {
    const secret = issued();
    const before = secret.snapshot();
    expect(secret.tryCode(true, after(seconds))).toBe(outcome);
    expect(secret.snapshot()).toEqual(before);
  });

  it.each([0, 1, 2, 3, 4])('stands %i wrong codes, and the right one is right', (wrong) => {
    const secret = issued();
    for (let time = 0; time < wrong; time += 1) expect(secret.tryCode(false, NOW)).toBe('wrong');
    expect(secret.tryCode(true, NOW)).toBe('right');
    expect(secret.snapshot().wrongCodes).toBe(wrong);
  });

  it('has no code any more after five wrong ones, and its link is as good as before', () => {
    const secret = issued();
    for (let time = 0; time < 5; time += 1) expect(secret.tryCode(false, NOW)).toBe('wrong');
    expect([secret.tryCode(true, NOW), secret.tryCode(false, NOW)]).toEqual(['dead', 'dead']);
    expect(secret.snapshot().wrongCodes).toBe(5);
    expect(secret.isGood(NOW)).toBe(true);
  });

  it.each([
    [4, ['wrong', 'dead']],
    [5, ['dead', 'dead']],
    [9, ['dead', 'dead']],
  ])('goes on counting where its predecessor stopped: after %i', (wrongCodes, outcomes) => {
    const secret = issued(wrongCodes);
    expect([secret.tryCode(false, NOW), secret.tryCode(true, NOW)]).toEqual(outcomes);
  });

  it('counts nothing once its code has ended', () => {
    const secret = issued();
    expect(secret.tryCode(false, after(900))).toBe('dead');
    expect(secret.snapshot().wrongCodes).toBe(0);
  });

  it('that was mailed without a code opens by none', () => {
    expect(issued(0, { codeHash: null }).tryCode(true, NOW)).toBe('dead');
  });

  it('does not change the state it was restored from', () => {
    const state = issued().snapshot();
    const untouched = { ...state };
    MailedSecret.restore(state).tryCode(false, NOW);
    expect(state).toEqual(untouched);
  });
});
