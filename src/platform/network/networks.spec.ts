import { isNetwork, isWithin } from './networks';

const OFFICE = ['203.0.113.0/24', '198.51.100.7', '2001:db8:1::/48'];

describe('a list of networks', () => {
  it.each(['203.0.113.0', '203.0.113.255', '198.51.100.7', '2001:db8:1::', '2001:db8:1:ffff::1'])(
    'has %s in it',
    (address) => {
      expect(isWithin(OFFICE, address)).toBe(true);
    },
  );

  it.each(['203.0.112.255', '203.0.114.0', '198.51.100.8', '2001:db8:2::1', '::1', '127.0.0.1'])(
    'has %s outside of it',
    (address) => {
      expect(isWithin(OFFICE, address)).toBe(false);
    },
  );

  it('has an IPv4 address in it in either spelling, of the address or of the network', () => {
    expect(isWithin(OFFICE, '::ffff:203.0.113.9')).toBe(true);
    expect(isWithin(['::ffff:203.0.113.0/120'], '203.0.113.9')).toBe(true);
    expect(isWithin(['::ffff:203.0.113.0/120'], '203.0.114.9')).toBe(false);
  });

  it('has in it what shares the bits that count, whatever the others of the network are', () => {
    expect(isWithin(['10.1.2.3/8'], '10.9.9.9')).toBe(true);
    expect(isWithin(['0.0.0.0/0'], '8.8.8.8')).toBe(true);
    expect(isWithin(['0.0.0.0/0'], '2001:db8::1')).toBe(false);
    expect(isWithin(['10.1.2.3/32'], '10.1.2.4')).toBe(false);
  });

  it.each(['::/0', '::/64', '::/80'])('of all or many IPv6 addresses, %s, has no IPv4 address in it', (block) => {
    expect(isWithin([block], '203.0.113.9')).toBe(false);
    expect(isWithin([block], '::1')).toBe(true);
  });

  it('has an address that is not known outside of it, unless it is empty', () => {
    expect(isWithin(OFFICE, null)).toBe(false);
    expect(isWithin([], null)).toBe(true);
    expect(isWithin([], '203.0.113.9')).toBe(true);
  });

  it('is itself however many others were asked about since', () => {
    for (let third = 0; third < 1_200; third++) {
      const block = `10.${Math.floor(third / 256)}.${third % 256}.0/24`;
      expect(isWithin([block], block.replace('.0/24', '.1'))).toBe(true);
    }
    expect(isWithin(OFFICE, '203.0.113.9')).toBe(true);
    expect(isWithin(OFFICE, '10.0.0.1')).toBe(false);
  });
});

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
