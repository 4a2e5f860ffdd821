import * as fc from 'fast-check';
import { canonicalAddress } from './address';
import { AddressList } from './address-list';

const scores = (text: string, ...addresses: string[]): number[] => {
  const list = AddressList.parse(text);
  return addresses.map((address) => list.scoreOf(address));
};

describe('a list of addresses with a bad name', () => {
  it('says nothing of addresses that are not in it', () => {
    expect(scores('203.0.113.9\n2001:db8::1', '203.0.113.8', '2001:db8::2')).toEqual([0, 0]);
    expect(scores('', '203.0.113.9', '::1')).toEqual([0, 0]);
  });

  it.each<[string, string, string, number]>([
    ['an address', '203.0.113.9', '203.0.113.9', 100],
    ['an address and how bad it is', '203.0.113.9 40', '203.0.113.9', 40],
    ['the least bad one', '203.0.113.9 1', '203.0.113.9', 1],
    ['the worst one', '203.0.113.9 100', '203.0.113.9', 100],
    ['any whitespace', ' \t203.0.113.9 \t 40\t ', '203.0.113.9', 40],
    ['the line ends of Windows', '203.0.113.9 40\r\n203.0.113.8\r\n', '203.0.113.9', 40],
    ['the mark some editors begin a file with', '\uFEFF203.0.113.9', '203.0.113.9', 100],
    ['no line end at its end', '# one\n203.0.113.9', '203.0.113.9', 100],
    ['comments and blank lines', '# one\n\n  \n  # two\n203.0.113.9 40 # 100', '203.0.113.9', 40],
    ['a comment without a blank', '203.0.113.9#40', '203.0.113.9', 100],
    ['a block', '203.0.113.0/24', '203.0.113.255', 100],
    ['a block and how bad it is', '203.0.113.0/24 40', '203.0.113.0', 40],
    ['a block named by an address in it', '203.0.113.77/24', '203.0.113.1', 100],
    ['a block that ends within a byte', '203.0.113.64/26', '203.0.113.127', 100],
    ['a block of one', '203.0.113.9/32', '203.0.113.9', 100],
    ['all of IPv4', '0.0.0.0/0', '203.0.113.9', 100],
    ['an address of IPv6', '2001:db8::1', '2001:db8::1', 100],
    ['another spelling of it', '2001:0DB8:0:0::0001', '2001:db8::1', 100],
    ['a block of IPv6', '2001:db8::/32 7', '2001:db8:ffff::1', 7],
    ['all of IPv6', '::/0', '2001:db8::1', 100],
    ['an IPv4 address inside IPv6', '::ffff:203.0.113.9', '203.0.113.9', 100],
    ['an IPv4 block inside IPv6', '::ffff:203.0.113.0/120', '203.0.113.9', 100],
  ])('understands %s', (_, text, address, score) => {
    expect(scores(text, address)).toEqual([score]);
  });

  it.each<[string, string, string]>([
    ['a block', '203.0.113.0/24', '203.0.114.0'],
    ['a block that ends within a byte', '203.0.113.64/26', '203.0.113.128'],
    ['a block of one', '203.0.113.9/32', '203.0.113.8'],
    ['a block of IPv6', '2001:db8::/33', '2001:db8:8000::'],
    ['all of IPv4', '0.0.0.0/0', '2001:db8::1'],
  ])('says nothing beyond the end of %s', (_, text, address) => {
    expect(scores(text, address)).toEqual([0]);
  });

  it.each<[string, string]>([
    ['the worse one of two lines', '203.0.113.9 20\n203.0.113.9 30'],
    ['whichever comes first', '203.0.113.9 30\n203.0.113.9 20'],
    ['the address, in a block that is better', '203.0.113.0/24 20\n203.0.113.9 30'],
    ['the block around a better address', '203.0.113.0/24 30\n203.0.113.9 20'],
    ['the worse one of two blocks', '203.0.113.0/24 9\n203.0.0.0/16 30\n203.0.113.8/29 20'],
  ])('takes %s', (_, text) => {
    expect(scores(text, '203.0.113.9')).toEqual([30]);
  });

  it.each([
    'hunter2',
    '203.0.113',
    '203.0.113.256',
    '203.0.113.9:443',
    '203.0.113.9/33',
    '203.0.113.9/-1',
    '203.0.113.9/',
    '203.0.113.9/24/24',
    '203.0.113.9/255.255.255.0',
    '203.0.113.1-203.0.113.9',
    '010.0.0.1',
    '2130706433',
    '2001:db8::/129',
    '[2001:db8::1]',
    'fe80::1%eth0',
    'example.com',
    '203.0.113.9 0',
    '203.0.113.9 101',
    '203.0.113.9 -5',
    '203.0.113.9 05',
    '203.0.113.9 1.5',
    '203.0.113.9 high',
    '203.0.113.9 40 50',
    '203.0.113.9,40',
    '203.0.113.9;40',
    '40 203.0.113.9',
    '40',
  ])('is not one with the line %p, and says which line that is and not what it says', (line) => {
    const said = 'line 4 is no address or CIDR block with, perhaps, a number from 1 to 100 behind it';
    expect(() => AddressList.parse(`# list\n\n203.0.113.1\n${line}\n203.0.113.2`)).toThrow(new Error(said));
  });

  it('finds an address in every block around it, and its name in any spelling', () => {
    const ip = fc.oneof(
      fc.ipV4().map((address) => [address, 32] as const),
      // Without those that end like IPv4: `::1.2.3.4` is deprecated (RFC 4291, 2.5.5.1), and read as that IPv4 address.
      fc
        .ipV6()
        .filter((address) => !address.includes('.'))
        .map((address) => [address, 128] as const),
    );
    fc.assert(
      fc.property(ip, fc.nat(), fc.integer({ min: 1, max: 100 }), ([address, most], bits, score) => {
        const canonical = canonicalAddress(address)!;
        expect(scores(`${address} ${score}`, canonical)).toEqual([score]);
        expect(scores(`${address}/${bits % (most + 1)} ${score}`, canonical)).toEqual([score]);
      }),
    );
  });
});
