import { userId } from '../../../kernel/ids';
import { FactorGuesses } from './factor-guesses';
import type { Method } from './method';

const START = Date.UTC(2026, 0, 1);
const at = (seconds: number): Date => new Date(START + seconds * 1000);
const ofNobody = (): FactorGuesses => FactorGuesses.none(userId('01890a5d-ac96-774b-bcce-b302099a8057'));
/** Wrong codes, one a second, from a second on. */
const guess = (guesses: FactorGuesses, count: number, from = 0, method: Method = 'totp'): void => {
  for (let second = from; second < from + count; second += 1) guesses.wrong(method, at(second));
};

describe('wrong codes of an account', () => {
  it('keep nobody waiting while there are nine in a quarter of an hour', () => {
    const guesses = ofNobody();
    guess(guesses, 9);
    expect(guesses.waitSeconds(at(9))).toBe(0);
  });

  it('keep everybody waiting from the tenth on, until the first is a quarter of an hour old', () => {
    const guesses = ofNobody();
    guess(guesses, 10);
    expect([10, 899, 899.5, 900].map((second) => guesses.waitSeconds(at(second)))).toEqual([890, 1, 1, 0]);
  });

  it('count together, of whatever method', () => {
    const guesses = ofNobody();
    for (const [second, method] of (['totp', 'sms', 'email', 'backup_codes'] as const).entries()) {
      guess(guesses, 3, second * 3, method);
    }
    expect(guesses.waitSeconds(at(12))).toBeGreaterThan(0);
  });

  it('let one more be tried for each that is a quarter of an hour old', () => {
    const guesses = ofNobody();
    guess(guesses, 10);
    guesses.wrong('totp', at(900));
    expect([guesses.waitSeconds(at(900)), guesses.waitSeconds(at(901))]).toEqual([1, 0]);
  });

  it('say of the tenth alone that everybody waits from it on', () => {
    const guesses = ofNobody();
    const said = Array.from({ length: 11 }, (_, second) => guesses.wrong('totp', at(second)).nowWaits);
    expect(said.map((each, index) => each && index)).toEqual([...Array<boolean>(9).fill(false), 9, false]);
  });

  it('are forgiven by a right code of their own method alone', () => {
    const guesses = ofNobody();
    guess(guesses, 5, 0, 'totp');
    guess(guesses, 5, 5, 'sms');
    guesses.right('totp');
    expect(guesses.waitSeconds(at(10))).toBe(0);
    expect(guesses.snapshot()).toMatchObject({ failures: { sms: 5 } });
    expect(guesses.snapshot().recent.map(({ method }) => method)).toEqual(Array<string>(5).fill('sms'));
  });

  it('still keep everybody waiting when a factor is set up anew', () => {
    const guesses = ofNobody();
    guess(guesses, 10);
    guesses.renewed('totp');
    expect(guesses.waitSeconds(at(10))).toBeGreaterThan(0);
  });
});

describe('a hundred wrong codes of one method in a row', () => {
  /** As many as there may be in a quarter of an hour, again and again. */
  const hammered = (count: number, method: Method = 'totp'): { guesses: FactorGuesses; stops: number[] } => {
    const guesses = ofNobody();
    const stops: number[] = [];
    for (let each = 1; each <= count; each += 1) if (guesses.wrong(method, at(each * 100)).stopped) stops.push(each);
    return { guesses, stops };
  };

  it.each([
    [99, false],
    [100, true],
    [101, true],
  ])('stop it: %i', (count, isStopped) => {
    const { guesses, stops } = hammered(count);
    expect(guesses.isStopped('totp')).toBe(isStopped);
    expect(stops).toEqual(isStopped ? [100] : []);
  });

  it('stop no other method', () => {
    const { guesses } = hammered(100);
    expect(['sms', 'email', 'backup_codes'].filter((method) => guesses.isStopped(method as Method))).toEqual([]);
  });

  it('are not in a row with a right one between them', () => {
    const { guesses } = hammered(99);
    guesses.right('totp');
    expect(guesses.wrong('totp', at(100_000))).toMatchObject({ failures: 1, stopped: false });
  });

  it('go on to stop it whatever right codes of other methods come between', () => {
    const { guesses } = hammered(99);
    guesses.right('sms');
    expect(guesses.wrong('totp', at(100_000)).stopped).toBe(true);
  });

  it('stop it until it is set up anew', () => {
    const { guesses } = hammered(100);
    guesses.right('totp');
    expect(guesses.isStopped('totp')).toBe(true);
    guesses.renewed('totp');
    expect(guesses.isStopped('totp')).toBe(false);
    expect(guesses.wrong('totp', at(100_000))).toMatchObject({ failures: 1, stopped: false });
  });
});
