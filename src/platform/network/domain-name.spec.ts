import { asciiDomain, asciiDomainOf } from './domain-name';

describe('the one spelling of a domain', () => {
  it.each([
    ['acme.example', 'acme.example'],
    ['ACME.Example', 'acme.example'],
    ['müller.example', 'xn--mller-kva.example'],
    ['MÜLLER.example', 'xn--mller-kva.example'],
    ['mu\u0308ller.example', 'xn--mller-kva.example'],
    ['XN--Mller-KVA.example', 'xn--mller-kva.example'],
    ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
    ['a-b.c.acme.example', 'a-b.c.acme.example'],
  ])('of %s is %s', (text, spelling) => {
    expect(asciiDomain(text)).toBe(spelling);
  });

  it.each([
    '',
    'acme',
    '.example',
    'acme.example.',
    'acme..example',
    '-acme.example',
    'acme-.example',
    '*.acme.example',
    '@acme.example',
    'ann@acme.example',
    'acme.example/x',
    'acme.example:25',
    'acme%2eexample.org',
    'a b.example',
    'a_b.example',
    'acme.example\n',
    '127.0.0.1',
    '127.1',
    '0x7f.1',
    '[::1]',
    'xn--.example',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(130)}example`,
  ])('is none of %j', (text) => {
    expect(asciiDomain(text)).toBeNull();
  });
});

describe('the domain of an address', () => {
  it.each([
    ['ann@acme.example', 'acme.example'],
    ['Ann@ACME.Example', 'acme.example'],
    ['"ann@evil.example"@acme.example', 'acme.example'],
    ['ann@xn--mller-kva.example', 'xn--mller-kva.example'],
    ['ann@[127.0.0.1]', null],
  ])('%s is %s', (address, domain) => {
    expect(asciiDomainOf(address)).toBe(domain);
  });
});
