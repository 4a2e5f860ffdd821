import { clientAddress, trustIn } from './client-address';

const PROXY = '10.0.0.1';
const isTrusted = trustIn(['10.0.0.0/8', '2001:db8:ffff::/48', 'fe80::1']);
const through = (forwardedFor: string, peer: string | undefined = PROXY): string | null =>
  clientAddress(peer, forwardedFor, isTrusted);

describe('the address of a client', () => {
  it.each([
    ['nobody stands between', '203.0.113.9', '', '203.0.113.9'],
    ['a stranger claims to pass on', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['a stranger claims to pass on for a proxy', '203.0.113.9', PROXY, '203.0.113.9'],
    ['a proxy asks itself', PROXY, '', PROXY],
    ['a proxy passes on', PROXY, '203.0.113.9', '203.0.113.9'],
    ['a client has made hops up', PROXY, '1.1.1.1, 127.0.0.1, 203.0.113.9', '203.0.113.9'],
    ['a client claims to be a proxy', PROXY, `${PROXY}, 203.0.113.9`, '203.0.113.9'],
    ['two proxies pass on', PROXY, '1.1.1.1, 203.0.113.9, 10.9.9.9', '203.0.113.9'],
    ['two proxies pass on, one over IPv6', '2001:db8:ffff::1', '203.0.113.9, 10.9.9.9', '203.0.113.9'],
    ['a proxy asks through another', PROXY, '10.9.9.9', '10.9.9.9'],
    ['a proxy is on the same wire', 'fe80::1%eth0', '203.0.113.9', '203.0.113.9'],
    ['a proxy comes over a socket for both families', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['a proxy has a neighbour whose address only begins alike', '100.0.0.1', '203.0.113.9', '100.0.0.1'],
  ])('when %s', (_case, peer, forwardedFor, address) => {
    expect(through(forwardedFor, peer)).toBe(address);
  });

  it.each([
    ['203.0.113.9'],
    ['  203.0.113.9\t'],
    ['203.0.113.9:4711'],
    ['::ffff:203.0.113.9'],
    ['::FFFF:CB00:7109'],
    ['[::ffff:203.0.113.9]:443'],
    ['10.9.9.9:80,203.0.113.9:81,[2001:DB8:FFFF::2]:82,10.9.9.9:83'],
  ])('has one spelling, whatever the proxy writes: %p', (forwardedFor) => {
    expect(through(forwardedFor)).toBe('203.0.113.9');
  });

  it.each([
    ['2001:DB8:0:0:0:0:0:1'],
    ['[2001:db8::1]'],
    ['[2001:db8::1]:443'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001'],
    ['2001:db8::1%eth0'],
  ])('has one spelling in IPv6 too: %p', (forwardedFor) => {
    expect(through(forwardedFor)).toBe('2001:db8::1');
  });

  it.each([
    [''],
    [' '],
    [','],
    [', ,\t,'],
    ['unknown'],
    ['_hidden'],
    ['for=203.0.113.9'],
    ['"203.0.113.9"'],
    ['203.0.113.9 198.51.100.1'],
    ['203.0.113.9;198.51.100.1'],
    ['203.0.113.9\0'],
    ['127.1'],
    ['0x7f000001'],
    ['2130706433'],
    ['0177.0.0.1'],
    ['203.0.113.256'],
    ['203.0.113.9/32'],
    ['[203.0.113.9'],
    ['http://203.0.113.9'],
    ['example.com'],
    ['１.１.１.１'],
    ['203.0.113.9,'],
    ['203.0.113.9, unknown'],
    [`${PROXY}x`],
    ['x'.repeat(16_000)],
    ['1:'.repeat(8_000)],
    ['1.'.repeat(8_000)],
    ['%'.repeat(16_000)],
  ])('is the proxy’s own when that has written no address: %p', (forwardedFor) => {
    expect(through(forwardedFor)).toBe(PROXY);
  });

  it('is that of the nearest proxy that is known when a hop further away wrote no address', () => {
    expect(through('203.0.113.9, unknown, 10.9.9.9')).toBe('10.9.9.9');
  });

  it('is found at once among more hops than there can be', () => {
    const many = Array.from({ length: 5_000 }, (_, at) => `10.1.${at >> 8}.${at & 255}`).join(',');
    const begunAt = performance.now();
    expect(through(`203.0.113.9,${many}`)).toBe('203.0.113.9');
    expect(performance.now() - begunAt).toBeLessThan(2_000);
  });

  it('is unknown when the peer is', () => {
    expect(clientAddress(undefined, '203.0.113.9', isTrusted)).toBeNull();
  });
});

describe('trust', () => {
  it('is given to nobody where no proxy is named', () => {
    expect(clientAddress('127.0.0.1', '203.0.113.9', trustIn([]))).toBe('127.0.0.1');
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.0/8', '127.255.255.255'],
    ['0.0.0.0/0', '203.0.113.9'],
    ['::1', '::1'],
    ['2001:DB8::/32', '2001:db8:ffff::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.0/104', '10.200.0.1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('in %s is trust in %s', (block, address) => {
    expect(trustIn([block])(address)).toBe(true);
  });

  it.each([
    ['127.0.0.1', '127.0.0.2'],
    ['127.0.0.0/8', '128.0.0.0'],
    ['0.0.0.0/0', '2001:db8::1'],
    ['::1', '127.0.0.1'],
    ['2001:db8::/32', '2001:db9::1'],
    ['10.0.0.0/32', '10.0.0.1'],
  ])('in %s is none in %s', (block, address) => {
    expect(trustIn([block])(address)).toBe(false);
  });
});
