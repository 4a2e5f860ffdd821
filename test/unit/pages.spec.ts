import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_NAMES } from '../../src/platform/http/page-facts';
import { examplePage, exampleRefusedPage, PAGE_EXAMPLES } from '../support/examples';
import { type Markup, markupOf } from '../support/markup';
import { shown, type ShownPage } from '../support/page-server';

const FORMS = [
  'verify-email',
  'reset-password',
  'confirm-email-change',
  'undo-email-change',
  'accept-invitation',
] as const;
const ALL: readonly (readonly [string, ShownPage])[] = [
  ...PAGE_NAMES.map((name) => [name, examplePage(name)] as const),
  ['reset-password, refused', exampleRefusedPage('reset-password')],
  ['accept-invitation, refused', exampleRefusedPage('accept-invitation')],
];

const valuesOf = (elements: readonly Markup[], attribute: string): (string | undefined)[] =>
  elements.map(({ attributes }) => attributes.get(attribute));

it('there is a text for each page, and for no other', () => {
  const files = readdirSync(join(__dirname, '../../src/pages/en'));
  expect(files.sort()).toEqual([...PAGE_NAMES, 'problems'].map((name) => `${name}.hbs`).sort());
});

describe.each(ALL)('the page %s', (_name, { html, headers }) => {
  const elements = markupOf(html);
  const named = (...names: string[]): Markup[] => elements.filter(({ name }) => names.includes(name));

  it('has a language, a title, one main part, and one heading that says the same as the title', () => {
    expect(html).toMatch(/^<!doctype html>\n/);
    expect(valuesOf(named('html'), 'lang')).toEqual(['en']);
    expect(named('main')).toHaveLength(1);
    const [heading, ...more] = named('h1', 'h2', 'h3');
    expect(more).toEqual([]);
    expect(heading?.text).toMatch(/^[A-Z]/);
    expect(named('title').map(({ text }) => text)).toEqual([`${heading?.text} – Doorward`]);
  });

  it('runs nothing, loads nothing, and leads nowhere', () => {
    expect(named('script', 'link', 'img', 'iframe', 'object', 'a', 'base')).toEqual([]);
    const names = new Set(elements.flatMap(({ attributes }) => [...attributes.keys()]));
    expect([...names].filter((name) => /^on|^(style|src|srcset|href|formaction|http-equiv)$/.test(name))).toEqual([]);
    expect(html).not.toMatch(/https?:|url\(|@import|javascript:/i);
  });

  it('allows itself its own style, by its hash, and to be posted to its own service, and nothing else', () => {
    const [style, ...more] = named('style');
    expect(more).toEqual([]);
    const hash = createHash('sha256').update(style!.text).digest('base64');
    const policy = new Map(
      headers['content-security-policy']!.split('; ').map((rule) => rule.split(' ') as [string, string]),
    );
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': "'none'",
      'style-src': `'sha256-${hash}'`,
      'form-action': "'self'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
    });
  });

  it('is kept nowhere, found nowhere, and tells nobody where it was', () => {
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    });
  });

  it('has a label for each field, and each id once', () => {
    const fields = named('input').filter(({ attributes }) => attributes.get('type') !== 'hidden');
    expect(valuesOf(named('label'), 'for').sort()).toEqual(valuesOf(fields, 'id').sort());
    const ids = valuesOf(elements, 'id').filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    expect(valuesOf(fields, 'autocomplete')).not.toContain(undefined);
    expect(named('label').filter(({ text }) => text.trim() === '')).toEqual([]);
  });
});

describe.each(FORMS)('the form of %s', (name) => {
  it('posts the token to where it is, without it in the address, by one button', () => {
    const elements = markupOf(examplePage(name).html);
    const [form, ...more] = elements.filter((element) => element.name === 'form');
    expect(more).toEqual([]);
    expect(Object.fromEntries(form!.attributes)).toEqual({ method: 'post', action: '?' });
    const within = elements.filter(({ parent }) => parent === form || parent?.parent === form);
    const tokens = within.filter(({ attributes }) => attributes.get('name') === 'token');
    expect(valuesOf(tokens, 'value')).toEqual([PAGE_EXAMPLES[name].token]);
    expect(within.filter((element) => element.name === 'button')).toHaveLength(1);
  });
});

const fieldsOf = ({ html }: ShownPage): Record<string, string | undefined> =>
  Object.fromEntries(
    markupOf(html)
      .filter(({ attributes }) => attributes.has('name') && attributes.get('name') !== 'viewport')
      .map(({ attributes }) => [attributes.get('name')!, attributes.get('autocomplete')]),
  );

it('a new password is asked for as one, and the password of an account as that, without a name', () => {
  expect(fieldsOf(examplePage('reset-password'))).toEqual({ token: undefined, new_password: 'new-password' });
  expect(fieldsOf(examplePage('accept-invitation'))).toEqual({
    token: undefined,
    first_name: 'given-name',
    last_name: 'family-name',
    password: 'new-password',
  });
  expect(fieldsOf(exampleRefusedPage('accept-invitation'))).toEqual({ token: undefined, password: 'current-password' });
});

it.each(['reset-password', 'accept-invitation'] as const)(
  'what was wrong on %s is said aloud, and of the field',
  (name) => {
    const { html, status } = exampleRefusedPage(name);
    expect(status).toBe(422);
    const elements = markupOf(html);
    const alerts = elements.filter(({ attributes }) => attributes.get('role') === 'alert');
    expect(valuesOf(alerts, 'id')).toEqual(['problems']);
    expect(elements.filter(({ name }) => name === 'li').map(({ text }) => text)).not.toEqual([]);
    const password = elements.filter(({ attributes }) => attributes.get('type') === 'password');
    expect(valuesOf(password, 'aria-describedby')).toEqual(['problems']);
    expect(valuesOf(password, 'aria-invalid')).toEqual(['true']);
    expect(examplePage(name).html).not.toMatch(/role="alert"|aria-[a-z]+=/);
  },
);

it('shows what others chose as it is, never as markup', () => {
  const nasty = `"><script>alert('1')</script>{{token}} & co`;
  const { html } = shown('accept-invitation', {
    token: nasty,
    tenant: nasty,
    role: nasty,
    inviter: nasty,
    email: nasty,
    hasAccount: false,
    problems: [nasty],
  });
  const elements = markupOf(html);
  expect(elements.filter(({ name }) => name === 'script')).toEqual([]);
  expect(elements.filter(({ name }) => name === 'strong').map(({ text }) => text)).toEqual([nasty]);
  expect(elements.filter(({ name }) => name === 'li').map(({ text }) => text)).toEqual([nasty]);
  expect(valuesOf(elements, 'value').filter((value) => value !== undefined)).toEqual([nasty, nasty]);

  const { html: again } = shown('try-again', { title: nasty, detail: nasty });
  expect(markupOf(again).find(({ name }) => name === 'h1')?.text).toBe(nasty);
});

it('lets a form lead to the origins it is given, beside its own', () => {
  const [ask, app] = [PAGE_EXAMPLES['second-factor'], 'https://app.example.com'];
  expect(shown('second-factor', ask, 200, [app]).headers['content-security-policy']).toContain(
    `form-action 'self' ${app}; `,
  );
});

it('asks for no code where none would be looked at', () => {
  const nothing = { totp: null, sms: null, email: null, backupCodes: null };
  const { html } = shown('second-factor', { ...nothing, none: true, sent: false, problems: [] });
  expect(markupOf(html).filter(({ name }) => name === 'form')).toEqual([]);
  expect(html).toContain('none may be used at the moment');
});

it('is answered with the status it is given, else 200', () => {
  expect(shown('link-not-good', {}).status).toBe(200);
  expect(shown('link-not-good', {}, 400).status).toBe(400);
});
