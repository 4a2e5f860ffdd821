import * as fc from 'fast-check';
import { base62 } from './base62';

describe('base 62', () => {
  it.each([
    [0n, '0'],
    [9n, '9'],
    [10n, 'A'],
    [35n, 'Z'],
    [36n, 'a'],
    [61n, 'z'],
    [62n, '10'],
    [3843n, 'zz'],
    [3844n, '100'],
  ])('writes %i as %s', (number, text) => {
    expect(base62(number, 1)).toBe(text);
  });

  it('fills up with zeros, and cuts nothing', () => {
    expect([base62(61n, 3), base62(3844n, 3), base62(3844n, 2)]).toEqual(['00z', '100', '100']);
  });

  it('has room for 256 bits in 43 digits and for 32 in 6', () => {
    expect([base62(2n ** 256n - 1n, 43).length, base62(2n ** 32n - 1n, 6).length]).toEqual([43, 6]);
  });

  it('writes no two numbers alike', () => {
    const number = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    fc.assert(
      fc.property(number, number, (one, other) => {
        expect(base62(one, 43) === base62(other, 43)).toBe(one === other);
      }),
    );
  });
});
