import { isNetwork, isWithin } from './networks';

describe('a network', () => {
  it.each(['203.0.113.7', '203.0.113.0/24', '203.0.113.77/24', '0.0.0.0/0', '2001:db8::1', '2001:db8::/32', '::/0'])(
    'is %s',
    (text) => {
      expect(isNetwork(text)).toBe(true);
    },
  );

  it.each([
    '',
    'localhost',
    '203.0.113',
    '203.0.113.0/33',
    '203.0.113.0/',
    '203.0.113.0/24/8',
    ' 203.0.113.0/24',
    '203.0.113.7\n198.51.100.1',
    '203.0.113.7 # home',
    '2001:db8::/129',
    'fe80::1%eth0',
    '[2001:db8::1]',
  ])('is not %j', (text) => {
    expect(isNetwork(text)).toBe(false);
  });
});

describe('an address', () => {
  const NETWORKS = ['203.0.113.0/24', '198.51.100.20', '2001:db8:7::/48', '2001:db8:9::1'];

  it.each(['203.0.113.0', '203.0.113.255', '198.51.100.20', '2001:db8:7:ffff::1', '2001:db8:9::1'])(
    'is within: %s',
    (address) => {
      expect(isWithin(NETWORKS, address)).toBe(true);
    },
  );

  it.each(['203.0.114.0', '198.51.100.21', '2001:db8:8::', '2001:db8:9::2', '::1', null])(
    'is outside: %s',
    (address) => {
      expect(isWithin(NETWORKS, address)).toBe(false);
    },
  );

  it('is within no network where there is none', () => {
    expect(isWithin([], '203.0.113.7')).toBe(false);
  });
});
