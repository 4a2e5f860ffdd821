import { SpeakeasyCodes } from './speakeasy-codes';

/** RFC 6238, appendix B: SHA-1. Codes of six digits are the last six of those. */
const SECRET = new TextEncoder().encode('12345678901234567890');
const VECTORS: readonly [number, string][] = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
];
const stepOf = (seconds: number): number => Math.floor(seconds / 30);

describe('codes of an authenticator', () => {
  const codes = new SpeakeasyCodes();

  it.each(VECTORS)('are those of RFC 6238, appendix B, at second %i', (seconds, code) => {
    expect(codes.matches(SECRET, stepOf(seconds), code.slice(2))).toBe(true);
  });

  it.each(VECTORS)('are of one step alone: at second %i', (seconds, code) => {
    const others = [-2, -1, 1, 2].map((offset) => codes.matches(SECRET, stepOf(seconds) + offset, code.slice(2)));
    expect(others).toEqual([false, false, false, false]);
  });

  it('are of one secret alone', () => {
    expect(
      codes.matches(
        SECRET.map((byte) => byte ^ 1),
        1,
        '287082',
      ),
    ).toBe(false);
  });

  it.each<[string, unknown]>([
    ['a number', 287_082],
    ['a list', ['287082']],
    ['eight digits', '94287082'],
    ['blanks', '287 082'],
    ['fewer digits', '87082'],
    ['what only begins like one', '287082x'],
    ['nothing', ''],
  ])('are six digits: not %s', (_, code) => {
    expect(codes.matches(SECRET, 1, code as string)).toBe(false);
  });

  it('may begin with noughts', () => {
    expect(codes.matches(SECRET, stepOf(1_111_111_109), '081804')).toBe(true);
  });
});
