import { base32 } from './base32';

describe('base32', () => {
  // RFC 4648, 10, without the padding.
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('writes %j as RFC 4648 does', (text, expected) => {
    expect(base32(new TextEncoder().encode(text))).toBe(expected);
  });

  it('writes every bit', () => {
    expect(base32(new Uint8Array([0, 0, 0, 0, 0, 255, 255, 255, 255, 255]))).toBe('AAAAAAAA77777777');
  });
});
