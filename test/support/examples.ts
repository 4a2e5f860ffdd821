import { readSettings } from '../../src/platform/config/read-settings';
import type { PageFacts, PageName } from '../../src/platform/http/page-facts';
import { type MailText, MailTexts } from '../../src/platform/mail/mail-texts';
import type { Mail, MailBrand, MailFacts, MailTemplate } from '../../src/platform/mail/mails';
import { shown, type ShownPage } from './page-server';

export const SERVICE = 'https://auth.example.com';
const texts = new MailTexts(readSettings({ PUBLIC_URL: SERVICE }).process);
const TOKEN = 'q3mP0bV5hTfzWcYdKx8sRj1uLgN6aEoI2wQ7vZtHyBk';
const at = '2026-03-04T05:06:07.890Z';
const until = '2026-03-05T05:06:07.890Z';
const codeUntil = '2026-03-04T05:21:00.000Z';
const address = '203.0.113.7';
const proof = (path: string): { link: string; code: string; until: string } => ({
  link: `${SERVICE}/${path}?token=${TOKEN}`,
  code: '048213',
  until,
});

/** The facts of one mail of each kind, from a service at https://auth.example.com. */
export const MAIL_EXAMPLES: MailFacts = {
  'session-ended': { at, device: 'Firefox on Linux', address },
  'wrong-passwords': { at, failures: 10, stopAfter: 100, address },
  'email-verification': proof('verify-email'),
  'account-exists': { at, address },
  'password-reset': { ...proof('reset-password'), codeUntil },
  'password-changed': { at, address, how: 'reset' },
  'email-change': proof('confirm-email-change'),
  'email-change-requested': { at, address, newAddress: 'ann.new@mail.example.org' },
  'email-changed': {
    at,
    address,
    newAddress: 'ann.new@mail.example.org',
    link: `${SERVICE}/undo-email-change?token=${TOKEN}`,
    until,
  },
  'email-change-undone': { at, address },
  invitation: {
    ...proof('accept-invitation'),
    codeUntil,
    tenant: 'Acme Ltd',
    inviter: 'Bob Miller',
    role: 'editor',
  },
  'second-factor-code': { code: '048213', until, purpose: 'sign-in' },
  'second-factor-added': { at, address, method: 'sms', number: '+49 ••• 78', replaced: false },
  'second-factor-removed': { at, address, methods: ['totp', 'sms'] },
  'second-factors-removed': { at, address, why: 'administrator' },
  'second-factor-stopped': { at, address, method: 'totp', failures: 100 },
  'wrong-codes': { at, address },
  'backup-code-used': { at, address, left: 3, few: true },
  'backup-codes-renewed': { at, address },
  'identity-linked': { at, address, provider: 'Google', how: 'user' },
  'identity-unlinked': { at, address, provider: 'Google', why: 'user' },
  'account-deleted': { at },
};

const INVITED = { token: TOKEN, tenant: 'Acme Ltd', inviter: 'Bob Miller', role: 'editor', email: 'ann@example.com' };

/** The facts of one page of each kind. */
export const PAGE_EXAMPLES: PageFacts = {
  'verify-email': { token: TOKEN },
  'email-verified': {},
  'reset-password': { token: TOKEN, problems: [] },
  'password-reset': {},
  'confirm-email-change': { token: TOKEN },
  'email-change-confirmed': {},
  'undo-email-change': { token: TOKEN },
  'email-change-undone': {},
  'accept-invitation': { ...INVITED, hasAccount: false, problems: [] },
  'invitation-accepted': { tenant: 'Acme Ltd' },
  'second-factor': {
    totp: { chosen: true },
    sms: { chosen: false },
    email: { chosen: false },
    backupCodes: { chosen: false },
    none: false,
    sent: false,
    problems: [],
  },
  'signed-in': {},
  'account-linked': { provider: 'Google' },
  'sign-in-over': {},
  'link-not-good': {},
  'try-again': { title: 'Too many requests', detail: 'Please wait a minute, then try again. Nothing was changed.' },
};

/** The two pages with fields, when what was typed was not good. */
const REFUSED_EXAMPLES: Pick<PageFacts, 'reset-password' | 'accept-invitation'> = {
  'reset-password': {
    token: TOKEN,
    problems: ['Use at least 15 characters.', 'This password is too common.'],
  },
  'accept-invitation': { ...INVITED, hasAccount: true, problems: ['This is not the password of the account.'] },
};

export function renderMail(mail: Mail): MailText {
  return texts.render(mail);
}

export function exampleMail(template: MailTemplate, brand: MailBrand | null = null): MailText {
  return renderMail({ to: 'ann@example.com', template, facts: MAIL_EXAMPLES[template], brand } as Mail);
}

export function examplePage(name: PageName): ShownPage {
  return shown(name, PAGE_EXAMPLES[name]);
}

export function exampleRefusedPage(name: keyof typeof REFUSED_EXAMPLES): ShownPage {
  return shown(name, REFUSED_EXAMPLES[name], 422);
}
