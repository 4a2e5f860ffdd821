import { acceptedStep, inGroups, isTotpCode, otpauthUrl, stepAt } from './totp';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const at = (seconds: number): Date => new Date(seconds * 1000);

describe('a time step', () => {
  it.each([
    [59, 0x1],
    [1_111_111_109, 0x23523ec],
    [1_111_111_111, 0x23523ed],
    [20_000_000_000, 0x27bc86aa],
  ])('of second %i is as in RFC 6238, appendix B', (seconds, step) => {
    expect(stepAt(at(seconds))).toBe(step);
  });

  it.each([
    ['two before', -2, null],
    ['the one before', -1, 99],
    ['the present one', 0, 100],
    ['the next one', 1, null],
    ['two later', 2, null],
  ])('is accepted or not: %s', (_, offset, expected) => {
    const now = at(100 * 30 + 17);
    expect(acceptedStep((step) => step === 100 + offset, now)).toBe(expected);
  });

  it('is the newest whose code it is', () => {
    expect(acceptedStep(() => true, at(100 * 30))).toBe(100);
  });

  it('changes with the half minute', () => {
    expect([acceptedStep(() => true, new Date(100 * 30_000 - 1)), acceptedStep(() => true, at(100 * 30))]).toEqual([
      99, 100,
    ]);
  });
});

describe('a code', () => {
  it.each(['000000', '123456', '999999'])('can be %j', (text) => {
    expect(isTotpCode(text)).toBe(true);
  });

  it.each(['', '12345', '1234567', '12345a', ' 123456', '123456\n', '123 456', '-12345', '+12345', '1e4567', '١٢٣٤٥٦'])(
    'cannot be %j',
    (text) => {
      expect(isTotpCode(text)).toBe(false);
    },
  );
});

describe('the address an app reads', () => {
  it('names the secret, for whom it is, and how codes are made of it', () => {
    expect(otpauthUrl({ issuer: 'Doorward', account: 'ann@example.com' }, SECRET)).toBe(
      `otpauth://totp/Doorward:ann%40example.com?secret=${SECRET}&issuer=Doorward&algorithm=SHA1&digits=6&period=30`,
    );
  });

  it.each([
    ['blanks', 'Acme Corp', 'Acme%20Corp'],
    ['slashes', 'A/B', 'A%2FB'],
    ['signs of percent', '100% A', '100%25%20A'],
    ['what divides an address', 'A&B=C?D#E+F', 'A%26B%3DC%3FD%23E%2BF'],
    ['umlauts', 'Müller & Söhne', 'M%C3%BCller%20%26%20S%C3%B6hne'],
    ['emoji', '🚪ward', '%F0%9F%9A%AAward'],
    ['a colon, which divides issuer and account even when it is encoded', 'Acme: Prod', 'Acme%20Prod'],
    ['colons at its ends', ':Acme :', 'Acme'],
  ])('bears names with %s', (_, issuer, encoded) => {
    const url = otpauthUrl({ issuer, account: 'o+tag@example.com' }, SECRET);
    expect(url).toMatch(new RegExp(`^otpauth://totp/${encoded}:o%2Btag%40example\\.com\\?`));
    expect(url).toContain(`&issuer=${encoded}&`);
  });

  it('is read back as it was meant', () => {
    const url = new URL(otpauthUrl({ issuer: 'Ä/b% & 🚪', account: 'ann@example.com' }, SECRET));
    expect(decodeURIComponent(url.pathname)).toBe('/Ä/b% & 🚪:ann@example.com');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      secret: SECRET,
      issuer: 'Ä/b% & 🚪',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });
});

it('a secret is typed in groups of four', () => {
  expect(inGroups(SECRET)).toBe('JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP');
});
