import SMTPTransport from 'nodemailer/lib/smtp-transport';
import { smtpOptions } from './smtp-mailer';

const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 10_000, dnsTimeout: 10_000 };

describe('a mail server', () => {
  it.each([
    ['smtp://mail.example.com:587', { host: 'mail.example.com', port: 587, secure: false }],
    [
      'smtps://door:p%40ss@mail.example.com',
      { host: 'mail.example.com', secure: true, auth: { user: 'door', pass: 'p@ss' } },
    ],
    ['smtp://mail.example.com?requireTLS=true', { host: 'mail.example.com', requireTLS: true }],
  ])('at %s is reached as its address says, and waited for no longer than ten seconds', (url, expected) => {
    const { transport } = smtpOptions(url);
    expect((transport as SMTPTransport).options).toMatchObject({ ...expected, ...TIMEOUTS });
  });
});
