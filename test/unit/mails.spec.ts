import type { Mail, MailBrand, MailTemplate } from '../../src/platform/mail/mails';
import { MAIL_TEMPLATES } from '../../src/platform/mail/mails';
import { exampleMail, MAIL_EXAMPLES, renderMail, SERVICE } from '../support/examples';
import { markupOf, visibleText } from '../support/markup';

const URLS = /https?:\/\/[^\s<"]*/g;
const CODES = /(?<!\d)\d{6}(?!\d)/g;
const linkOf = (template: MailTemplate): string[] => {
  const facts = MAIL_EXAMPLES[template];
  return 'link' in facts ? [facts.link] : [];
};
const codeOf = (template: MailTemplate): string[] => {
  const facts = MAIL_EXAMPLES[template];
  return 'code' in facts ? [facts.code] : [];
};

describe.each(MAIL_TEMPLATES)('the mail %s', (template) => {
  const { subject, text, html } = exampleMail(template);
  const elements = markupOf(html);
  const named = (name: string) => elements.filter((element) => element.name === name);

  it('has a subject of its own, short and without a secret', () => {
    const others = MAIL_TEMPLATES.filter((name) => name !== template).map((name) => exampleMail(name).subject);
    expect(others).not.toContain(subject);
    expect(subject).toMatch(/^[A-Z][\w' -]{5,60}$/);
    expect(subject).not.toMatch(/\d/);
  });

  it('leads nowhere but to the service, by one button where it has a link', () => {
    expect([...new Set(text.match(URLS))].sort()).toEqual([SERVICE, ...linkOf(template)].sort());
    expect([...new Set(visibleText(html).match(URLS))].sort()).toEqual([SERVICE, ...linkOf(template)].sort());
    expect(named('a').map(({ attributes }) => attributes.get('href'))).toEqual(linkOf(template));
    expect(html).not.toMatch(/<(img|link|script|form|iframe)|url\(|\ssrc=/);
  });

  it('has its link on a line of its own, and so its code, which no other six digits can be taken for', () => {
    for (const own of [...linkOf(template), ...codeOf(template)]) expect(text.split('\n')).toContain(own);
    expect(text.match(CODES) ?? []).toEqual(codeOf(template));
    expect(visibleText(html).match(CODES) ?? []).toEqual(codeOf(template));
    // Whoever reads the source finds it too.
    expect(html.match(CODES) ?? []).toEqual(codeOf(template));
  });

  it('says in HTML all that it says in text', () => {
    const words = (part: string): string => part.replace(/\s+/g, ' ');
    const shown = words(visibleText(html));
    for (const line of text.split('\n')) {
      // Over a link stands what its button says.
      const isLabel = line.endsWith(':') && text.includes(`${line}\n${linkOf(template)[0] ?? '\0'}`);
      expect(shown).toContain(words(isLabel ? line.slice(0, -1) : line));
    }
  });

  it('is a whole page for whoever reads it aloud, or in the dark', () => {
    expect(named('html')[0]?.attributes.get('lang')).toBe('en');
    expect(named('title').map((title) => title.text)).toEqual([subject]);
    expect(named('h1').map((heading) => heading.text)).toEqual([subject]);
    const metas = new Map(named('meta').map(({ attributes }) => [attributes.get('name'), attributes.get('content')]));
    expect(metas.get('color-scheme')).toBe('light dark');
    const article = elements.find(({ attributes }) => attributes.get('role') === 'article');
    expect(article?.attributes.get('lang')).toBe('en');
  });

  it('says who writes, and in the name of a tenant that has one', () => {
    const brand: MailBrand = { name: 'Acme https://evil.example', sender: null };
    const branded = exampleMail(template, brand);
    for (const part of [branded.text, visibleText(branded.html)]) {
      expect(part).toContain('Acme https: evil. example');
      expect(part).not.toContain('Doorward');
      expect(part).toContain(SERVICE);
    }
    for (const part of [text, visibleText(html)]) expect(part).toContain(`Doorward\n${SERVICE}\n`);
    expect(exampleMail(template, { name: null, sender: 'a@example.com' })).toEqual({ subject, text, html });
    expect(exampleMail(template, { name: '***', sender: null })).toEqual({ subject, text, html });
  });

  it('is in plain words', () => {
    expect(text).not.toMatch(/null|undefined|\[object|\{\{|<|&|\n{3}/);
    expect(text.split('\n')[0]).toBe('Hello,');
    expect(text.split('\n').filter((line) => line.length > 420)).toEqual([]);
  });
});

describe('a mail with a link or code', () => {
  const WITH_CODE = MAIL_TEMPLATES.filter((template) => codeOf(template).length > 0);

  it.each(MAIL_TEMPLATES.filter((template) => linkOf(template).length > 0))(
    '%s says how long it is good',
    (template) => {
      expect(exampleMail(template).text).toContain('good until 2026-03-05 05:06 UTC');
    },
  );

  it.each(WITH_CODE)('%s says what to do when nobody asked for it', (template) => {
    expect(exampleMail(template).text).toMatch(/If you (did not|do not)[^\n]*do nothing/);
  });

  it.each(WITH_CODE)('%s asks to tell the code to nobody', (template) => {
    expect(exampleMail(template).text.toLowerCase()).toContain('tell the code to nobody');
  });
});

const AT = { at: '2026-03-04T05:06:07.890Z', address: null };
const OF_METHOD = ['totp', 'sms', 'email'] as const;
const CODE = { code: '048213', until: AT.at };

it.each<[string, Mail, RegExp]>([
  ...OF_METHOD.map((method): [string, Mail, RegExp] => [
    `${method} took the place of another`,
    {
      to: 'ann@example.com',
      template: 'second-factor-added',
      facts: { ...AT, method, number: null, replaced: true },
    },
    /is now a second factor of your account at Doorward[^]*It took the place/,
  ]),
  ...[...OF_METHOD, 'backup_codes' as const].map((method): [string, Mail, RegExp] => [
    `${method} was stopped`,
    { to: 'ann@example.com', template: 'second-factor-stopped', facts: { ...AT, method, failures: 100 } },
    /no longer open your account[^]* 100 times in a row/,
  ]),
  ...(['sign-in', 'step-up', 'set-up'] as const).map((purpose): [string, Mail, RegExp] => [
    `a code for ${purpose}`,
    { to: 'ann@example.com', template: 'second-factor-code', facts: { ...CODE, purpose } },
    /\n\n048213\n\n[^]*and for nothing else[^]*nobody[^]*If you did not[^\n]*do nothing[^\n]*change/,
  ]),
  [
    'no backup code is left',
    { to: 'ann@example.com', template: 'backup-code-used', facts: { ...AT, left: 0, few: true } },
    /Backup codes left: 0\n[^]*Make new ones now/,
  ],
])('says in plain words that %s', (_, mail, words) => {
  const { subject, text } = renderMail(mail);
  expect(text).toMatch(words);
  expect(text).not.toMatch(/null|undefined|\n{3}|IP address|Number/);
  expect(subject).not.toMatch(/\d/);
});

it('urges to make new backup codes when few are left, and not before', () => {
  const used = (left: number, few: boolean): string =>
    renderMail({ to: 'ann@example.com', template: 'backup-code-used', facts: { ...AT, left, few } }).text;
  expect(used(3, true)).toContain('Make new ones soon');
  expect(used(7, false)).not.toContain('Make new ones');
});

it.each(['invitation', 'password-reset'] as const)('%s says that its code ends before its link', (template) => {
  for (const words of [exampleMail(template).text, visibleText(exampleMail(template).html)]) {
    expect(words).toMatch(/The link is good until 2026-03-05 05:06 UTC, the code until 2026-03-04 05:21 UTC,/);
  }
});

it('nobody writes links, codes or lines of their own into an invitation', () => {
  const nasty = (words: string): string => `${words}\n\nhttps://evil.example 123456 <b>`;
  const facts = {
    ...MAIL_EXAMPLES.invitation,
    tenant: nasty('Tenant'),
    inviter: nasty("Bob's"),
    role: nasty('Role'),
  };
  const { text, html } = renderMail({ to: 'ann@example.com', template: 'invitation', facts });
  const harmless = (words: string): string => `${words} https: evil. example 123 456 b`;
  for (const part of [text, visibleText(html)]) {
    expect(part).toContain(
      `${harmless("Bob's")} invites you to join ${harmless('Tenant')} at Doorward. Your role there would be: ${harmless('Role')}.`,
    );
    expect(part.match(CODES)).toEqual([facts.code]);
  }
  expect(html.match(/href="[^"]*"/g)).toEqual([`href="${facts.link}"`]);
});
