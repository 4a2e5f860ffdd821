import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { MAIL_TEMPLATES } from '../../src/platform/mail/mails';
import { PAGE_NAMES } from '../../src/platform/http/page-facts';
import { openChromium } from '../support/chromium';
import { smallPng } from '../support/small-png';
import { exampleMail, examplePage, exampleRefusedPage } from '../support/examples';

const FOLDER = join(__dirname, '../../docs/images');
const WIDTH = 480;
const LARGEST_BYTES = 40_000;

const MAILS = MAIL_TEMPLATES.map((name) => [`mail-${name}`, () => exampleMail(name).html] as const);
const PAGES = PAGE_NAMES.map((name) => [`page-${name}`, () => examplePage(name).html] as const);
const REFUSED = (['reset-password', 'accept-invitation'] as const).map(
  (name) => [`page-${name}-refused`, () => exampleRefusedPage(name).html] as const,
);
const ALL = [...MAILS, ...PAGES, ...REFUSED];
const DARK = ['mail-email-verification', 'page-reset-password-refused'];

/** `npm run docs:images` takes them anew. */
if (process.env.PICTURES) {
  it('takes a picture of each mail and each page', async () => {
    const browser = await openChromium();
    mkdirSync(FOLDER, { recursive: true });
    for (const [name, html] of ALL) writeFileSync(join(FOLDER, `${name}.png`), await picture(browser, html(), 'light'));
    for (const [name, html] of ALL.filter(([name]) => DARK.includes(name)))
      writeFileSync(join(FOLDER, `${name}-dark.png`), await picture(browser, html(), 'dark'));
    await browser.close();
  }, 300_000);
}

async function picture(browser: Browser, html: string, colorScheme: 'light' | 'dark'): Promise<Buffer> {
  const page = await browser.newPage({
    viewport: { width: WIDTH, height: 320 },
    colorScheme,
    javaScriptEnabled: false,
  });
  await page.setContent(html);
  const taken = smallPng(await page.screenshot({ fullPage: true }));
  await page.close();
  return taken;
}

it('each mail and each page has its picture, small, and its line', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.png'));
  const expected = [...ALL.map(([name]) => name), ...DARK.map((name) => `${name}-dark`)].map((name) => `${name}.png`);
  expect(files.sort()).toEqual(expected.sort());
  expect(files.filter((file) => statSync(join(FOLDER, file)).size > LARGEST_BYTES)).toEqual([]);
  const lines = readFileSync(join(FOLDER, 'README.md'), 'utf8');
  expect(files.filter((file) => !lines.includes(`](${file})`))).toEqual([]);
});
