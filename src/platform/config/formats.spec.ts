import { randomBytes } from 'node:crypto';
import {
  isAddressBlock,
  isApiKeyPrefix,
  isBaseUrl,
  isCallableUrl,
  isHttpUrl,
  isMasterKey,
  isOrigin,
  isPostgresUrl,
  isPrivateUrl,
  isRateLimit,
  isRedirectTarget,
  isRedisUrl,
  isSharedSecret,
  isSmtpUrl,
} from './formats';

type Format = (text: string) => boolean;

const FORMATS: readonly [string, Format, readonly string[], readonly string[]][] = [
  [
    'the public address',
    isBaseUrl,
    ['http://localhost:3000', 'https://auth.example.com', 'https://example.com/auth', 'http://[::1]:3000'],
    [
      '',
      'auth.example.com',
      'https://auth.example.com/',
      'https://auth.example.com/auth/',
      'https://auth.example.com?x=1',
      'https://auth.example.com#x',
      'https://ann@auth.example.com',
      'ftp://auth.example.com',
      'javascript:alert(1)',
      'https://',
    ],
  ],
  [
    'an origin',
    isOrigin,
    ['https://app.example.com', 'http://localhost:5173', 'https://app.example.com:8443'],
    [
      '*',
      'null',
      'app.example.com',
      'https://app.example.com/',
      'https://app.example.com/app',
      'https://*.example.com/',
      'https://*.example.com',
      'HTTPS://app.example.com',
      'https://app.example.com:443',
      'https://ann@app.example.com',
      'file:///tmp',
    ],
  ],
  [
    'a PostgreSQL address',
    isPostgresUrl,
    ['postgres://localhost/doorward', 'postgresql://user@db.example.com:5432/doorward?sslmode=verify-full'],
    ['', 'localhost', 'mysql://localhost/doorward', 'postgres://', 'postgres:doorward'],
  ],
  [
    'a Redis address',
    isRedisUrl,
    ['redis://localhost:6379', 'rediss://cache.example.com:6380/1'],
    ['', 'localhost:6379', 'http://localhost:6379', 'redis://'],
  ],
  [
    'a mail server',
    isSmtpUrl,
    ['smtp://localhost:25', 'smtps://mail.example.com'],
    ['', 'mail.example.com', 'mailto:x'],
  ],
  [
    'a web address',
    isHttpUrl,
    ['http://localhost', 'https://example.com/a?b#c'],
    ['', 'example.com', 'ws://example.com'],
  ],
  [
    'an address requests are sent to',
    isCallableUrl,
    ['http://localhost', 'https://example.com/hook?tenant=a', 'https://example.com:8443'],
    ['', 'example.com', 'ws://example.com', 'https://ann@example.com', 'https://ann:pw@example.com'],
  ],
  [
    'an address nobody listens in on',
    isPrivateUrl,
    ['https://example.com', 'http://localhost:4010', 'http://hook.localhost', 'http://127.0.0.7', 'http://[::1]:4010'],
    ['http://example.com', 'http://10.0.0.1', 'http://localhost.example.com', 'http://[::2]', 'nonsense'],
  ],
  [
    'an address or a block of addresses',
    isAddressBlock,
    ['10.0.0.1', '10.0.0.0/8', '0.0.0.0/0', '192.0.2.1/32', '::1', 'fd00::/8', '2001:db8::/128'],
    [
      '',
      'localhost',
      '10.0.0',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/-1',
      '10.0.0.0/8/8',
      '::1/129',
      '10.0.0.256',
      '/8',
    ],
  ],
  [
    'a rate limit',
    isRateLimit,
    ['10/60', '10/60/20', '1/1/1', '999999/999999/999999'],
    ['', '10', '10/', '10/60/', '0/60', '10/0', '10/60/0', '10/60/20/1', '-1/60', '1.5/60', '10 / 60', '1000000/60'],
  ],
  [
    'the prefix of an API key',
    isApiKeyPrefix,
    ['dw_live_', 'dw_test_', 'dw_1_', `dw_${'a'.repeat(16)}_`],
    ['', 'dw_', 'dw__', 'dw_live', 'sk_live_', 'dw_Live_', 'dw_li_ve_', `dw_${'a'.repeat(17)}_`, 'dwrt_'],
  ],
  [
    'where a browser may be sent',
    isRedirectTarget,
    ['https://app.example.com', 'https://app.example.com/signed-in', 'http://127.0.0.1:4000/done?from=doorward'],
    [
      '',
      '*',
      'app.example.com',
      'https://app.example.com/a/../b',
      'https://APP.example.com/a',
      'https://ann@app.example.com/a',
      'https://app.example.com/#a',
      'javascript:alert(1)',
      'custom-scheme:/a',
    ],
  ],
];

const cases = (at: 2 | 3): [string, string, Format][] =>
  FORMATS.flatMap((format) => format[at].map((text): [string, string, Format] => [text, format[0], format[1]]));

describe('a setting', () => {
  it.each(cases(2))('may be %j for %s', (text, _, holds) => {
    expect(holds(text)).toBe(true);
  });

  it.each(cases(3))('is never %j for %s', (text, _, holds) => {
    expect(holds(text)).toBe(false);
  });
});

describe('a master key', () => {
  it('is 32 random bytes in base64, with or without padding', () => {
    for (let times = 0; times < 200; times++) {
      const key = randomBytes(32).toString('base64');
      expect(isMasterKey(key)).toBe(true);
      expect(isMasterKey(key.replace('=', ''))).toBe(true);
    }
  });

  it.each<[string, string]>([
    ['empty', ''],
    ['31 bytes', randomBytes(31).toString('base64')],
    ['33 bytes', randomBytes(33).toString('base64')],
    ['in hexadecimal', randomBytes(32).toString('hex')],
    ['in base64url', `-_${randomBytes(32).toString('base64url').slice(2)}`],
    ['followed by a line break', `${randomBytes(32).toString('base64')}\n`],
    ['not base64', 'changeme'],
    ['32 letters somebody typed', Buffer.from('thisisareallylongexamplekey12345').toString('base64')],
    ['32 times the same byte', Buffer.alloc(32, 0xaa).toString('base64')],
    ['zeros', Buffer.alloc(32).toString('base64')],
    ['eight bytes again and again', Buffer.alloc(32, randomBytes(8)).toString('base64')],
  ])('is never %s', (_, text) => {
    expect(isMasterKey(text)).toBe(false);
  });
});

describe('a shared secret', () => {
  it('is 32 random bytes or more, in any writing', () => {
    for (let times = 0; times < 50; times++) {
      expect(isSharedSecret(randomBytes(32).toString('base64'))).toBe(true);
      expect(isSharedSecret(randomBytes(32).toString('hex'))).toBe(true);
    }
  });

  it.each<[string, string]>([
    ['empty', ''],
    ['31 characters', randomBytes(32).toString('hex').slice(0, 31)],
    ['one letter again and again', 'x'.repeat(64)],
    ['a phrase of a tutorial', 'your-256-bit-secret-goes-right-here'],
    ['an example', 'an-example-of-a-key-with-many-letters-0123'],
    ['left to change', `changeme-${randomBytes(32).toString('hex')}`],
    ['left to change later', `Change_Me-${randomBytes(32).toString('hex')}`],
    ['called a password', `password-${randomBytes(32).toString('hex')}`],
  ])('is never %s', (_, text) => {
    expect(isSharedSecret(text)).toBe(false);
  });
});
