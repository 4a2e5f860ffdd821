import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { userId } from '../../../kernel/ids';
import { FactorGuesses } from './factor-guesses';
import { type Method, METHODS } from './method';

const START = new Date('2026-01-01T00:00:00.000Z');
const after = (seconds: number): Date => new Date(START.getTime() + seconds * 1000);
const anAccount = (): FactorGuesses => FactorGuesses.none(userId(randomUUID()));

function wrongTimes(guesses: FactorGuesses, count: number, method: Method = 'totp', now = START): void {
  for (let time = 0; time < count; time += 1) guesses.wrong(method, now);
}

describe('wrong codes of an account', () => {
  it('make nobody wait up to the ninth, and everybody after the tenth, for a quarter of an hour', () => {
    const guesses = anAccount();
    wrongTimes(guesses, 9);
    expect(guesses.waitSeconds(START)).toBe(0);
    expect(guesses.wrong('totp', START).nowWaits).toBe(true);
    expect(guesses.waitSeconds(START)).toBe(900);
    expect(guesses.waitSeconds(after(899.5))).toBe(1);
    expect(guesses.waitSeconds(after(900))).toBe(0);
  });

  it('count together, whichever method they were shown for', () => {
    const guesses = anAccount();
    for (const method of METHODS) wrongTimes(guesses, 2, method);
    wrongTimes(guesses, 1, 'sms');
    expect(guesses.waitSeconds(START)).toBe(0);
    guesses.wrong('email', START);
    expect(guesses.waitSeconds(START)).toBeGreaterThan(0);
  });

  it('are waited for as long as the tenth newest is younger than a quarter of an hour', () => {
    const guesses = anAccount();
    for (let minute = 0; minute < 10; minute += 1) guesses.wrong('totp', after(minute * 60));
    expect(guesses.waitSeconds(after(540))).toBe(360);
    expect(guesses.waitSeconds(after(900))).toBe(0);
  });

  it('of before the wait tell once that everybody has to wait', () => {
    const guesses = anAccount();
    wrongTimes(guesses, 10);
    expect(guesses.wrong('totp', START).nowWaits).toBe(false);
  });

  it('are forgiven by a right code of their own method alone', () => {
    const guesses = anAccount();
    wrongTimes(guesses, 4, 'totp');
    wrongTimes(guesses, 5, 'sms');
    guesses.right('sms');
    expect(guesses.snapshot().failures).toEqual({ totp: 4 });
    wrongTimes(guesses, 5, 'sms');
    expect(guesses.waitSeconds(START)).toBe(0);
    guesses.wrong('sms', START);
    expect(guesses.waitSeconds(START)).toBeGreaterThan(0);
  });

  it('are never more than ten in any quarter of an hour that were looked at, however they are spread', () => {
    const moment = fc.record({ pause: fc.integer({ min: 0, max: 1200 }), method: fc.constantFrom(...METHODS) });
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 60 }), (moments) => {
        const guesses = anAccount();
        const lookedAt: number[] = [];
        let seconds = 0;
        for (const { pause, method } of moments) {
          seconds += pause;
          if (guesses.waitSeconds(after(seconds)) > 0) continue;
          guesses.wrong(method, after(seconds));
          lookedAt.push(seconds);
        }
        for (const end of lookedAt) {
          expect(lookedAt.filter((at) => at > end - 900 && at <= end).length).toBeLessThanOrEqual(10);
        }
      }),
    );
  });
});

describe('a method that is guessed at', () => {
  const guessedAt = (times: number): { readonly guesses: FactorGuesses; readonly stops: readonly number[] } => {
    const guesses = anAccount();
    const stops = Array.from({ length: times }, (_, n) => guesses.wrong('totp', after(n * 900)))
      .filter(({ stopped }) => stopped)
      .map(({ failures }) => failures);
    return { guesses, stops };
  };

  it('is disabled by the hundredth wrong code in a row, and no sooner', () => {
    expect(guessedAt(99).guesses.isStopped('totp')).toBe(false);
    const { guesses, stops } = guessedAt(105);
    expect([guesses.isStopped('totp'), stops]).toEqual([true, [100]]);
  });

  it('is the only one that is disabled', () => {
    const { guesses } = guessedAt(100);
    expect(METHODS.filter((method) => guesses.isStopped(method))).toEqual(['totp']);
  });

  it('stays disabled for ever, a right code of another method notwithstanding, until it is set up anew', () => {
    const { guesses } = guessedAt(100);
    guesses.right('backup_codes');
    expect(guesses.isStopped('totp')).toBe(true);
    guesses.renewed('totp');
    expect(guesses.isStopped('totp')).toBe(false);
  });

  it('once set up anew has a hundred more, and what came lately still makes everybody wait', () => {
    const guesses = anAccount();
    wrongTimes(guesses, 10);
    guesses.renewed('totp');
    expect(guesses.snapshot().failures).toEqual({});
    expect(guesses.waitSeconds(START)).toBe(900);
  });
});
