import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '../config/read-settings';
import { MailTexts } from './mail-texts';
import { TemplateMissing } from './mail-words';
import { type Mail, MAIL_TEMPLATES, type MailFacts } from './mails';

const service = 'https://auth.example.com';
const texts = new MailTexts(readSettings({ PUBLIC_URL: service }).process);
const ended = (facts: Partial<MailFacts['session-ended']> = {}): Mail => ({
  to: 'ann@example.com',
  template: 'session-ended',
  facts: { at: '2026-03-04T05:06:07.890Z', device: 'Firefox on Linux', address: '2001:db8::7', ...facts },
});

describe('the texts', () => {
  it('are those of the templates there are, in each language', () => {
    const files = readdirSync(join(__dirname, '../../mails/en'));
    expect(files.sort()).toEqual([...MAIL_TEMPLATES, 'signature'].map((name) => `${name}.hbs`).sort());
  });

  it('say nothing of a template that this version does not have', () => {
    const mail = { ...ended(), template: 'from-a-later-version' } as unknown as Mail;
    expect(() => texts.render(mail)).toThrow(TemplateMissing);
  });
});

describe('the mail about a session that was ended', () => {
  it('says when, from where, and what to do, in text and in HTML', () => {
    const { subject, text, html } = texts.render(ended());
    expect(subject).toBe('One of your sessions was ended');
    for (const part of [text, html]) {
      expect(part).toContain(service);
      expect(part).toContain('Time: 2026-03-04 05:06 UTC');
      expect(part).toContain('Device: Firefox on Linux');
      expect(part).toContain('IP address: 2001:db8::7');
      expect(part).toContain('change your password');
      expect(part).toContain('your sessions');
    }
    expect(html).toContain('<br>Device: ');
    expect(text).not.toContain('Subject:');
    expect(text).not.toContain('<');
  });

  it('leaves out what is not known', () => {
    const { text, html } = texts.render(ended({ device: null, address: null }));
    for (const part of [text, html]) expect(part).not.toMatch(/Device|IP address|null/);
    expect(text).toContain('Time: 2026-03-04 05:06 UTC\n\nNobody');
  });

  it('has no link but the one to the service, and no token', () => {
    const { text, html } = texts.render(ended());
    for (const part of [text, html]) expect(part.match(/https?:\/\/[^\s<]*/g)).toEqual([service]);
    expect(html).not.toContain('href');
  });

  it.each([
    ['Visit https://evil.example/login now', 'Visit https: evil. example login now'],
    ['www.evil.example', 'www. evil. example'],
    ['<b>bold</b>', 'b bold b'],
    ['one\r\n\r\nSubject: two', 'one Subject: two'],
    ['eve@example.com', 'eve example. com'],
    ['{{service}} & co', 'service co'],
    ['x'.repeat(5000), 'x'.repeat(80)],
    ['Łódź 1.0 (iOS)', 'Łódź 1.0 (iOS)'],
    ['build 1234567, 123456', 'build 123 456 7, 123 456'],
  ])('makes one harmless line of the device %j', (device, shown) => {
    const { text, html } = texts.render(ended({ device }));
    expect(text).toContain(`\nDevice: ${shown}\n`);
    expect(html).toContain(`<br>Device: ${shown}<br>`);
  });
});

describe('the mail about a new password', () => {
  const aReset = (how: 'changed' | 'reset'): string =>
    texts.render({
      to: 'ann@example.com',
      template: 'password-changed',
      facts: { at: '2026-03-04T05:06:07.890Z', address: null, how },
    }).text;

  it('tells of other sessions, and of the mailbox, only where a mailed link took the place of the old password', () => {
    for (const words of ['was ended', 'were ended', 'mailbox']) expect(aReset('changed')).not.toContain(words);
    for (const words of ['were ended', 'mailbox']) expect(aReset('reset')).toContain(words);
  });
});

describe('the mail about another e-mail address', () => {
  it.each([
    ['ann@example.com', 'a***@e***.com'],
    ['a***@example.com', 'a***@e***.com'],
    ['ann.smith@mail.example.co.uk', 'a***@m***.e***.c***.uk'],
    ['"see@evil.example"@example.org', '***@e***.org'],
    ['ann', '***@ann'],
  ])('shows so much of %s', (newAddress, shown) => {
    const { text, html } = texts.render({
      to: 'old@example.com',
      template: 'email-change-requested',
      facts: { at: '2026-03-04T05:06:07.890Z', address: null, newAddress },
    });
    expect(text).toContain(`\nNew address: ${shown}\n`);
    expect(html).toContain(`New address: ${shown}<br>`);
  });
});

describe('a link', () => {
  const withLink = (link: string): string =>
    texts.render({
      to: 'ann@example.com',
      template: 'email-verification',
      facts: { link, code: '048213', until: '2026-03-04T05:06:07.890Z' },
    }).html;

  it('is a button where it is one of ours', () => {
    expect(withLink(`${service}/verify-email?token=a_-Z9`)).toContain(`href="${service}/verify-email?token=a_-Z9"`);
  });

  it.each([
    'https://auth.example.com.evil.example/verify-email?token=a',
    'https://auth.example.com@evil.example/',
    'http://auth.example.com/verify-email?token=a',
    `${service}/"onclick="x`,
    `${service}/<b>`,
    'javascript:alert(1)',
  ])('is no more than text where it is %s', (link) => {
    expect(withLink(link)).not.toMatch(/href|<b>|"onclick/);
  });
});
