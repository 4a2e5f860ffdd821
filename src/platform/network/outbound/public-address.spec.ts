import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { isPublicAddress, publicOrIn } from './public-address';

/** First and last of each block. */
const SPECIAL: readonly (readonly [string, ...string[]])[] = [
  ['this network', '0.0.0.0', '0.255.255.255'],
  ['private', '10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255'],
  ['shared by the customers of a provider', '100.64.0.0', '100.100.100.200', '100.127.255.255'],
  ['loopback', '127.0.0.1', '127.255.255.255', '::1'],
  ['link-local', '169.254.0.0', '169.254.169.254', '169.254.255.255', 'fe80::1', 'febf::1', 'fe80::1%eth0'],
  ['assigned to protocols', '192.0.0.0', '192.0.0.192', '192.0.0.255', '192.88.99.1', '2001:1::1', '2001:1ff::1'],
  ['of documentation', '192.0.2.1', '198.51.100.1', '203.0.113.255', '2001:db8::1', '3fff::1', '3fff:fff::1'],
  ['of sinks', '192.31.196.1', '192.175.48.1', '192.52.193.1', '2620:4f:8000::1', '100::1', '100:0:0:1::1'],
  ['of benchmarks', '198.18.0.0', '198.19.255.255', '2001:2::1'],
  ['multicast', '224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
  ['reserved', '240.0.0.0', '255.255.255.254', '255.255.255.255', '4000::1', '5f00::1'],
  ['metadata of a cloud', '168.63.129.16', 'fd00:ec2::254'],
  ['no address', '::', '0.0.0.0'],
  ['unique local', 'fc00::1', 'fdff:ffff::1'],
  ['site-local', 'fec0::1', 'feff::1'],
  ['IPv4 in IPv6', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:a9fe:a9fe', '::ffff:0:8.8.8.8'],
  ['IPv4 in IPv6 as it was long ago', '::127.0.0.1', '::8.8.8.8'],
  ['behind NAT64', '64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::8.8.8.8', '64:ff9b:1:ffff::1'],
  ['behind 6to4', '2002:7f00:1::', '2002:808:808::1', '2002::', '2002:ffff::'],
  ['behind Teredo', '2001::1', '2001:0:ffff::1'],
];

const PUBLIC = [
  ...['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0'],
  ...['169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '8.8.8.8'],
  ...['198.17.255.255', '198.20.0.0', '223.255.255.255', '168.63.129.15', '168.63.129.17'],
  ...['2000::1', '2001:200::1', '2001:4860:4860::8888', '2003::1', '2606:4700::1111', '3ffe:ffff::1'],
  ...['::ffff:8.8.8.8', '64:ff9b::8.8.8.8'],
];

const ipv4 = fc.ipV4();
const ipv6 = fc.ipV6();

describe('an address is public', () => {
  it.each(SPECIAL)('unless it is %s', (_, ...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  it('if it lies beside all of these, or stands for one that does', () => {
    expect(PUBLIC.filter((address) => !isPublicAddress(address))).toEqual([]);
  });

  it.each(['', 'localhost', '127.1', '0x7f.1', '2130706433', '8.8.8', '8.8.8.8.8', ' 8.8.8.8', '1:2', '::g'])(
    'only if it is one, and %j is not',
    (text) => {
      expect(isPublicAddress(text)).toBe(false);
    },
  );

  it('only if it is so in every spelling', () => {
    fc.assert(
      fc.property(ipv4, (address) => {
        const inside = [`::ffff:${address}`, `64:ff9b::${address}`, `0:0:0:0:0:FFFF:${address}`];
        expect(inside.map(isPublicAddress)).toEqual(inside.map(() => isPublicAddress(address)));
      }),
    );
    fc.assert(
      fc.property(ipv6, (address) => {
        const spelled = new URL(`http://[${address}]`).hostname.slice(1, -1);
        const others = [spelled, spelled.toUpperCase(), ipaddr.IPv6.parse(spelled).toNormalizedString()];
        expect(others.map(isPublicAddress)).toEqual(others.map(() => isPublicAddress(address)));
      }),
    );
  });

  it('never in a range that a list of somebody else keeps apart', () => {
    // Theirs calls NAT64 a range of its own; here it is what stands behind it.
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), (address) => {
        const range = ipaddr.process(address).range();
        if (range !== 'unicast' && range !== 'rfc6052') expect(isPublicAddress(address)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('an address is gone to', () => {
  const isOpen = publicOrIn(['10.1.0.0/16', 'fd00:1::/32', '192.168.0.7']);

  it.each(['8.8.8.8', '2606:4700::1111', '10.1.255.255', '::ffff:10.1.0.1', 'fd00:1::1', '192.168.0.7'])(
    'if it is public or in a network that is allowed: %s',
    (address) => {
      expect(isOpen(address)).toBe(true);
    },
  );

  it.each(['10.2.0.0', 'fd00:2::1', '192.168.0.8', '127.0.0.1', '64:ff9b::10.1.0.1', '::10.1.0.1', 'localhost', ''])(
    'else not: %s',
    (address) => {
      expect(isOpen(address)).toBe(false);
    },
  );

  it('only if it is public where no network is allowed', () => {
    expect([publicOrIn([])('8.8.8.8'), publicOrIn([])('10.0.0.1')]).toEqual([true, false]);
  });
});
