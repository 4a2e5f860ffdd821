import { isNamedTarget, isRedirectTarget, withParameter } from './redirect-target';

const ALLOWED = [
  'https://app.example.com',
  'http://localhost:5173',
  'http://127.0.0.1:4000',
  'https://one.example.com/done',
];

describe('a browser is sent', () => {
  it.each([
    'https://app.example.com',
    'https://app.example.com/',
    'https://app.example.com/signed-in',
    'https://app.example.com/signed-in?from=doorward&next=%2Fhome',
    'https://app.example.com//twice',
    'http://localhost:5173/callback',
    'http://127.0.0.1:4000/',
    'https://one.example.com/done',
  ])('to %s', (target) => {
    expect(isRedirectTarget(target, ALLOWED)).toBe(true);
  });

  it.each([
    '',
    ' ',
    '/',
    '/signed-in',
    'app.example.com',
    '//app.example.com',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:app.example.com',
    'https:/app.example.com',
    'https:///app.example.com',
    'https:evil.example',
    'https:\\\\app.example.com',
    'https://evil.example',
    'https://evil.example/https://app.example.com',
    'https://evil.example?https://app.example.com',
    'https://evil.example#https://app.example.com',
    'https://app.example.com@evil.example',
    'https://app.example.com:x@evil.example',
    'https://ann@app.example.com',
    'https://ann:secret@app.example.com/',
    'https://@app.example.com',
    'https://app.example.com%40evil.example',
    'https://app.example.com%2eevil.example',
    'https://app.example.com\\@evil.example',
    'https://app.example.com\\.evil.example',
    'https://evil.example\\app.example.com',
    'https://app.example.com.evil.example',
    'https://evil-app.example.com',
    'https://app.example.co',
    'https://app.example.community',
    'https://example.com',
    'https://sub.app.example.com',
    'https://app.example.com.',
    'https://app.example.com./signed-in',
    'https://app.example.com:8443',
    'https://app.example.com:443',
    'https://app.example.com:',
    'https://app.example.com:80',
    'http://app.example.com',
    'http://localhost',
    'http://localhost:5174/',
    'http://localhost:5173.evil.example',
    'http://127.0.0.1:4001/',
    'http://127.1:4000/',
    'http://2130706433:4000/',
    'HTTPS://app.example.com',
    'https://APP.example.com',
    'https://app.example.com/%0d%0aSet-Cookie:x\r\n',
    'https://app.example.com/\nx',
    'https://app.example.com/\t',
    'ht\ntps://app.example.com',
    '\thttps://app.example.com',
    ' https://app.example.com',
    'https://app.example.com ',
    'https://app.example.com/\u0000',
    'https://app。example。com',
    'https://app.example.com\u3002evil.example',
    'https://ａｐｐ.example.com',
    'https://app.exam\u00adple.com',
    'https://%61pp.example.com',
    'https://xn--pp-viz.example.com',
    'https://аpp.example.com',
    'https://app.example.com/a/../b',
    'https://app.example.com/..//evil.example',
    'https://app.example.com/./signed-in',
    'https://app.example.com/%2e%2e/x',
    'https://app.example.com/ü',
    'https://app.example.com/a b',
    'https://app.example.com/#',
    'https://app.example.com/#access_token=x',
    'https://one.example.com',
    'https://one.example.com/',
    'https://one.example.com/done/',
    'https://one.example.com/done?more',
    'https://one.example.com/DONE',
    'javascript:alert(1)',
    'javascript://app.example.com/%0aalert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'blob:https://app.example.com/x',
    'file:///etc/passwd',
    'ftp://app.example.com',
    'wss://app.example.com',
    'com.example.app:/signed-in',
    'com.example.app://app.example.com',
    'view-source:https://app.example.com',
    'null',
    'https://',
    'https://[::1]',
    `https://app.example.com/${'x'.repeat(2000)}`,
  ])('never to %j', (target) => {
    expect(isRedirectTarget(target, ALLOWED)).toBe(false);
  });

  it('nowhere when nothing is allowed, and in the clear to this machine alone, whatever is', () => {
    expect(isRedirectTarget('https://app.example.com', [])).toBe(false);
    expect(isRedirectTarget('http://app.example.com', ['http://app.example.com'])).toBe(false);
    expect(isRedirectTarget('http://[::1]:4000/x', ['http://[::1]:4000'])).toBe(true);
    expect(isRedirectTarget('https://ann@one.example.com/', ['https://ann@one.example.com/'])).toBe(false);
    expect(isRedirectTarget('com.example.app:/x', ['com.example.app:/x', 'null'])).toBe(false);
  });
});

it.each([
  ['https://one.example.com/done', true],
  ['https://one.example.com/', true],
  ['https://app.example.com/signed-in', false],
  ['https://app.example.com/', false],
  ['https://app.example.com', false],
  ['https://one.example.com/done?then=/x', false],
  ['https://ann@two.example.com/', false],
])('what is for one page alone is sent to %s, which the list names itself: %s', (target, expected) => {
  const named = [...ALLOWED, 'https://one.example.com/', 'https://ann@two.example.com/'];
  expect(isNamedTarget(target, named)).toBe(expected);
});

it.each([
  ['https://app.example.com', 'https://app.example.com?error=a%26b'],
  ['https://app.example.com/x?y=%20', 'https://app.example.com/x?y=%20&error=a%26b'],
])('a parameter is added to %s, and nothing else is changed', (target, expected) => {
  expect(withParameter(target, 'error', 'a&b')).toBe(expected);
});
