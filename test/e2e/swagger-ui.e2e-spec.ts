import type { Browser, BrowserContext, Locator, Page, Request } from 'playwright-core';
import { openChromium } from '../support/chromium';
import { aDatabase } from '../support/database';
import { cleanUp, type Server, startServer } from '../support/process';

const API_KEY = `dw_live_${'x'.repeat(49)}`;

/** Runs in the page. */
const REPORT_VIOLATIONS = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  console.error('policy violation: ' + violatedDirective + ' ' + blockedURI);
})`;

/** The codes of the contract, by status. */
const CODES: Readonly<Record<number, readonly string[]>> = {
  400: ['MALFORMED_REQUEST', 'CREDENTIALS_AMBIGUOUS', 'TOKEN_INVALID_OR_EXPIRED', 'OAUTH_STATE_INVALID'],
  401: [
    'TOKEN_MISSING',
    'TOKEN_INVALID',
    'TOKEN_EXPIRED',
    'INVALID_CREDENTIALS',
    'MFA_REQUIRED',
    'MFA_CODE_INVALID',
    'API_KEY_INVALID',
    'REFRESH_TOKEN_INVALID',
  ],
  403: [
    'INSUFFICIENT_PERMISSIONS',
    'STEP_UP_REQUIRED',
    'TENANT_SUSPENDED',
    'QUOTA_EXCEEDED',
    'CROSS_SITE_REQUEST',
    'MFA_ENROLMENT_REQUIRED',
  ],
  404: ['NOT_FOUND'],
  405: ['METHOD_NOT_ALLOWED'],
  409: ['EMAIL_TAKEN', 'USERNAME_TAKEN', 'CONFLICT', 'LAST_OWNER', 'LAST_FACTOR_REQUIRED'],
  413: ['BODY_TOO_LARGE'],
  415: ['UNSUPPORTED_MEDIA_TYPE'],
  422: ['VALIDATION_FAILED'],
  429: ['RATE_LIMIT_EXCEEDED'],
  503: ['DEPENDENCY_UNAVAILABLE', 'OVERLOADED'],
};

let server: Server;
let browser: Browser;
let accessToken: string;

beforeAll(async () => {
  browser = await openChromium();
  server = await startServer({ database: await aDatabase() });
  accessToken = (await server.client.signedUp('ann@example.com')).access;
});
afterAll(async () => {
  await cleanUp();
  await browser.close();
});

/** A page, and everything about it that nobody should ever see. */
type Watched = { readonly page: Page; readonly complaints: string[]; readonly close: () => Promise<void> };

async function opened(path: string): Promise<Watched> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1400, height: 1200 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  page.on('request', (request) => {
    if (isElsewhere(request)) complaints.push(`another host: ${request.url()}`);
  });
  await page.addInitScript({ content: REPORT_VIOLATIONS });
  await page.goto(server.url + path);
  return { page, complaints, close: () => context.close() };
}

function isElsewhere(request: Request): boolean {
  const { protocol, origin } = new URL(request.url());
  return protocol !== 'data:' && origin !== server.url;
}

/** Presses Authorize, fills in one of the two credentials, and closes the dialogue. */
async function authorize(page: Page, scheme: 'bearer' | 'api-key', value: string): Promise<void> {
  await page.locator('.btn.authorize').first().click();
  const dialogue = page.locator('.dialog-ux');
  const form = dialogue.locator('form', { hasText: scheme === 'bearer' ? 'http, Bearer' : 'X-API-Key' });
  await form.locator('input').fill(value);
  await form.getByRole('button', { name: 'Apply credentials' }).click();
  await form.getByRole('button', { name: 'Remove authorization' }).waitFor();
  await dialogue.locator('.btn-done').first().click();
}

/** Opens GET /auth/me and executes it; the request that was sent, and the answer as the page shows it. */
async function executeMe(page: Page): Promise<{ request: Request; shown: Locator }> {
  const operation = page.locator('.opblock', { has: page.locator('[data-path="/api/v1/auth/me"]') });
  await operation.locator('.opblock-summary').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  const sent = page.waitForRequest((request) => request.url().endsWith('/api/v1/auth/me'));
  await operation.getByRole('button', { name: 'Execute', exact: true }).click();
  const shown = operation.locator('.live-responses-table .response').first();
  await shown.waitFor();
  return { request: await sent, shown };
}

it('offers both credentials, calls the service with an access token, and shows what it answered', async () => {
  const { page, complaints, close } = await opened('/docs');
  await page.locator('.btn.authorize').first().click();
  const dialogue = page.locator('.dialog-ux');
  expect(await dialogue.locator('form input').count()).toBe(2);
  const offered = await dialogue.innerText();
  expect(offered).toMatch(/bearer\s*\(http, Bearer\)/);
  expect(offered).toMatch(/api-key\s*\(apiKey\)[^]*X-API-Key/);
  await dialogue.locator('.btn-done').first().click();

  await authorize(page, 'bearer', accessToken);
  const { request, shown } = await executeMe(page);
  expect(request.headers()).toMatchObject({ authorization: `Bearer ${accessToken}` });
  expect(request.headers()).not.toHaveProperty('x-api-key');
  expect(await shown.locator('.response-col_status').innerText()).toMatch(/^200/);
  expect(await shown.innerText()).toContain('"email": "ann@example.com"');
  expect(complaints).toEqual([]);
  await close();
});

it('sends an API key in its own header, which is refused as long as there are none', async () => {
  const { page, close } = await opened('/docs');
  await authorize(page, 'api-key', API_KEY);
  const { request, shown } = await executeMe(page);
  expect(request.headers()).toMatchObject({ 'x-api-key': API_KEY });
  expect(request.headers()).not.toHaveProperty('authorization');
  expect(await shown.locator('.response-col_status').innerText()).toMatch(/^401/);
  expect(await shown.innerText()).toContain('"error_code": "API_KEY_INVALID"');
  await close();
});

it('registers from the page with the example as it stands', async () => {
  const { page, complaints, close } = await opened('/docs');
  const operation = page.locator('.opblock', { has: page.locator('[data-path="/api/v1/auth/register"]') });
  await operation.locator('.opblock-summary').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  const example = await operation.locator('textarea.body-param__text').inputValue();
  const email = 'from.the.page@example.com';
  await operation
    .locator('textarea.body-param__text')
    .fill(example.replace('ann@example.com', email).replace('"username": "ann"', '"username": "page"'));
  await operation.getByRole('button', { name: 'Execute', exact: true }).click();
  const shown = operation.locator('.live-responses-table .response').first();
  await shown.waitFor();
  expect(await shown.locator('.response-col_status').innerText()).toMatch(/^201/);
  expect((await server.client.login(email)).status).toBe(200);
  expect(complaints).toEqual([]);
  await close();
});

it('lists every error code of the contract with its cause and cure, where the errors themselves point', async () => {
  const { page, complaints, close } = await opened('/docs/errors');
  for (const [status, codes] of Object.entries(CODES)) {
    for (const code of codes) {
      const section = page.locator(`section#${code.toLowerCase().replaceAll('_', '-')}`);
      const paragraphs = await section.locator('p').allInnerTexts();
      expect(await section.locator('h2').innerText()).toBe(`${code} ${status}`);
      expect([code, paragraphs]).toEqual([
        code,
        [expect.stringMatching(/\. .+\.$/), expect.stringMatching(/\w+.*\.$/)],
      ]);
    }
  }
  expect(complaints).toEqual([]);
  await close();
});
