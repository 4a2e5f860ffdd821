import type { Browser, Page } from 'playwright-core';
import { PAGE_NAMES } from '../../src/platform/http/page-facts';
import { MAIL_TEMPLATES } from '../../src/platform/mail/mails';
import { openChromium } from '../support/chromium';
import { exampleMail, examplePage, exampleRefusedPage, PAGE_EXAMPLES } from '../support/examples';
import { type PageServer, servePages, type ShownPage } from '../support/page-server';

const SHOWN: readonly (readonly [string, ShownPage])[] = [
  ...PAGE_NAMES.map((name) => [name, examplePage(name)] as const),
  ['reset-password-refused', exampleRefusedPage('reset-password')],
  ['accept-invitation-refused', exampleRefusedPage('accept-invitation')],
  ...MAIL_TEMPLATES.map((name): [string, ShownPage] => [
    `mail-${name}`,
    { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, html: exampleMail(name).html },
  ]),
];
const WIDTH = 320;
const GROUNDS = [
  ['light', 'rgb(242, 244, 247)'],
  ['dark', 'rgb(22, 25, 31)'],
] as const;
/** WCAG 2.2, 1.4.3. */
const LEAST_CONTRAST = 4.5;

type Look = {
  readonly width: number;
  readonly ground: string;
  readonly headingSize: string;
  readonly words: readonly { readonly words: string; readonly contrast: number }[];
};

/** Runs in the page: how wide it is, in what colours, and how far those of its words are from what is behind them. */
const LOOK = `(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => parts(colour).slice(0, 3)
    .map((part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      if (parts(colour)[3] !== 0) return colour;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)';
  };
  const own = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
  const words = [...document.body.querySelectorAll('*')]
    .filter((element) => element.checkVisibility() && (own(element) || element.matches('input:not([type=hidden])')))
    .map((element) => {
      const [a, b] = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort((x, y) => y - x);
      return { words: element.textContent.trim().slice(0, 40), contrast: (a + 0.05) / (b + 0.05) };
    });
  return {
    width: document.documentElement.scrollWidth,
    ground: getComputedStyle(document.body).backgroundColor,
    headingSize: getComputedStyle(document.querySelector('h1')).fontSize,
    words,
  };
})()`;

let browser: Browser;
let server: PageServer;

beforeAll(async () => {
  browser = await openChromium();
  server = await servePages(
    new Map(SHOWN.map(([name, page]) => [`/base/${name}`, page])),
    examplePage('password-reset'),
  );
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

/** A small phone without JavaScript, and what its browser complains of. */
async function aPhone(): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 640 }, javaScriptEnabled: false });
  const complaints: string[] = [];
  page.on('console', (message) => {
    // A page with a status of 422 is one of ours; the browser says so all the same.
    if (['error', 'warning'].includes(message.type()) && !message.text().includes('422'))
      complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) complaints.push(`elsewhere: ${request.url()}`);
  });
  return { page, complaints };
}

describe('on a small phone, by day and by night', () => {
  let phone: Awaited<ReturnType<typeof aPhone>>;
  beforeAll(async () => {
    phone = await aPhone();
  });
  afterAll(() => phone.page.close());

  it.each(SHOWN)('%s reads well', async (name) => {
    const { page, complaints } = phone;
    await page.goto(`${server.url}/base/${name}`);
    for (const [colorScheme, ground] of GROUNDS) {
      await page.emulateMedia({ colorScheme });
      const look = await page.evaluate<Look>(LOOK);
      expect(look).toMatchObject({ width: WIDTH, ground, headingSize: expect.stringMatching(/^22/) as string });
      expect(look.words.length).toBeGreaterThan(2);
      expect(look.words.filter(({ contrast }) => contrast < LEAST_CONTRAST)).toEqual([]);
    }
    expect(complaints.splice(0)).toEqual([]);
  });
});

it('a form is filled in and sent by keyboard alone, without JavaScript, and its token leaves the address', async () => {
  const { token } = PAGE_EXAMPLES['reset-password'];
  const { page, complaints } = await aPhone();
  await page.goto(`${server.url}/base/reset-password?token=${token}`);
  await page.keyboard.press('Tab');
  await page.keyboard.type('correct horse & battery=staple');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.search.includes('token'));
  expect(await page.locator('h1').innerText()).toBe('Your password is set');
  expect(page.url()).toBe(`${server.url}/base/reset-password?`);

  const [{ url, headers, body } = { url: '', headers: {}, body: '' }, ...more] = server.posted.splice(0);
  expect(more).toEqual([]);
  expect(url).toBe('/base/reset-password?');
  expect(headers).toMatchObject({
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-site': 'same-origin',
  });
  expect(headers).not.toHaveProperty('referer');
  // Who checks where a request comes from must not go by this header.
  expect(headers.origin).toBe('null');
  const fields = Object.fromEntries(new URLSearchParams(body));
  expect(fields).toEqual({ token, new_password: 'correct horse & battery=staple' });
  expect(complaints).toEqual([]);
  await page.close();
});

it('names that are not given are sent as empty, and the address not at all', async () => {
  const { page } = await aPhone();
  await page.goto(`${server.url}/base/accept-invitation`);
  await page.getByLabel('New password').fill('secret');
  await page.getByRole('button', { name: 'Accept' }).click();
  await page.getByRole('heading', { name: 'Your password is set' }).waitFor();
  const { token } = PAGE_EXAMPLES['accept-invitation'];
  const [posted] = server.posted.splice(0);
  const fields = Object.fromEntries(new URLSearchParams(posted?.body));
  expect(fields).toEqual({ token, first_name: '', last_name: '', password: 'secret' });
  await page.close();
});

it('looking at a page posts nothing', async () => {
  const { page } = await aPhone();
  for (const name of PAGE_NAMES) await page.goto(`${server.url}/base/${name}?token=x`);
  expect(server.posted).toEqual([]);
  await page.close();
});
