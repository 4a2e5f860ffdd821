import type { SmtpTransport } from './smtp-transport';
import { smtpConcerns, smtpOptions } from './smtp-options';

const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 10_000, dnsTimeout: 10_000 };
const optionsOf = (url: string, production: boolean) =>
  (smtpOptions(url, production).transport as SmtpTransport).options;

describe('a mail server', () => {
  it.each([
    ['smtp://mail.example.com:587', { host: 'mail.example.com', port: 587, secure: false }],
    [
      'smtps://door:p%40ss@mail.example.com',
      { host: 'mail.example.com', secure: true, auth: { user: 'door', pass: 'p@ss' } },
    ],
    ['smtp://mail.example.com?requireTLS=true', { host: 'mail.example.com', requireTLS: true }],
  ])('at %s is reached as its address says, and waited for no longer than ten seconds', (url, expected) => {
    expect(optionsOf(url, false)).toMatchObject({ ...expected, ...TIMEOUTS });
  });

  it.each(['smtp://mail.example.com', 'smtps://mail.example.com', 'smtp://u:p@mail.example.com?requireTLS=true'])(
    'at %s has its certificate verified',
    (url) => {
      expect(optionsOf(url, true).tls?.rejectUnauthorized).not.toBe(false);
    },
  );
});

describe('in production', () => {
  it.each([
    ['smtp://door:secret@mail.example.com', true],
    ['smtp://door:secret@mail.example.com?ignoreTLS=true', undefined],
    ['smtp://door:secret@mail.example.com?requireTLS=false', false],
    ['smtp://door:secret@127.0.0.1', undefined],
    ['smtps://door:secret@mail.example.com', undefined],
    ['smtp://mail.example.com', undefined],
  ])('a password for %s is told over TLS alone (requireTLS %p)', (url, requireTLS) => {
    expect(optionsOf(url, true).requireTLS).toBe(requireTLS);
  });

  it.each([
    'smtp://mail.example.com',
    'smtp://mailpit:1025',
    'smtp://192.0.2.1',
    'smtp://127.0.0.1.example.com',
    'smtp://mail.example.com?requireTLS=false',
    'smtp://door:secret@mail.example.com?ignoreTLS=true',
    'smtps://mail.example.com?tls.rejectUnauthorized=false',
  ])('%s is spoken of, without what stands in it', (url) => {
    const concerns = smtpConcerns(url);
    expect(concerns).toEqual([expect.stringContaining('SMTP_URL')]);
    expect(concerns.join()).not.toMatch(/secret|example|mailpit/);
  });

  it.each([
    'smtps://mail.example.com',
    'smtp://mail.example.com?requireTLS=true',
    'smtp://door:secret@mail.example.com',
    'smtp://localhost:1025',
    'smtp://127.0.0.2',
    'smtp://[::1]:25',
  ])('nothing is to be said of %s', (url) => {
    expect(smtpConcerns(url)).toEqual([]);
  });
});

describe('elsewhere', () => {
  it('a mail server for development needs no TLS', () => {
    expect(optionsOf('smtp://door:secret@mailpit:1025', false).requireTLS).toBeUndefined();
  });
});
