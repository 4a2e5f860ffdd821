import type { Browser, Page } from 'playwright-core';
import { Users } from '../../src/modules/identity/application/users.port';
import { MfaFacade } from '../../src/modules/mfa/mfa.facade';
import { TrustedDevicesFacade } from '../../src/modules/mfa/trusted-devices.facade';
import { SecondFactorCookie } from '../../src/modules/signin/federated-entrance.facade';
import { Background } from '../../src/platform/concurrency/background';
import type { CookieAttributes } from '../../src/platform/http/request';
import { openChromium } from '../support/chromium';
import type { Answer, Call } from '../support/client';
import { examplePage } from '../support/examples';
import { InMemoryFactors, InMemoryTrustedDevices, RIGHT_CODE, WRONG_CODE } from '../support/in-memory-factors';
import { type PageServer, servePages } from '../support/page-server';
import { aService, type TestService } from '../support/service';

const PUBLIC_URL = 'http://localhost:3000';
const PAGE = '/sign-in/second-factor';
const ANN = 'ann@example.com';
const OWN = { 'sec-fetch-site': 'same-origin', origin: 'null' };
const RIGHT = { method: 'totp', code: RIGHT_CODE };
const WRONG = { method: 'totp', code: WRONG_CODE };

describe('the page for the second factor of a sign-in', () => {
  const factors = new InMemoryFactors();
  const devices = new InMemoryTrustedDevices();
  let service: TestService;
  let application: PageServer;
  let browser: Browser;

  beforeAll(async () => {
    service = await aService({ hashesOnce: true, variables: { PUBLIC_URL } });
    // What decides about codes is not what is looked at here.
    for (const name of ['methodsOf', 'standingOf', 'prepare', 'prove', 'ask', 'post', 'send'] as const) {
      Object.assign(service.app.get(MfaFacade), { [name]: factors[name].bind(factors) });
    }
    for (const name of ['recognise', 'trust'] as const) {
      Object.assign(service.app.get(TrustedDevicesFacade), { [name]: devices[name].bind(devices) });
    }
    await service.client.register(ANN);
    const user = await service.app.get(Users).findByLogin(ANN);
    factors.enrol(user!.snapshot().id, ['totp', 'sms', 'backup_codes']);
    application = await servePages(new Map([['/done', examplePage('email-verified')]]), examplePage('email-verified'));
    browser = await openChromium(`--host-resolver-rules=MAP localhost:3000 ${new URL(service.url).host}`);
  });
  afterAll(async () => {
    await browser.close();
    await application.close();
    await service.stop();
  });

  /** What a browser keeps of a sign-in whose first factor was right. */
  async function waiting(redirectUri: string | null): Promise<{ name: string; value: string; attributes: unknown }> {
    const { body } = await service.client.login(ANN);
    const set: { name: string; value: string; attributes: CookieAttributes }[] = [];
    const setCookie = (name: string, value: string, attributes: CookieAttributes) =>
      set.push({ name, value, attributes });
    const wait = { challenge: String(body.challenge_id), redirectUri };
    service.app.get(SecondFactorCookie).set({ setCookie }, wait, body.expires_in);
    return set[0]!;
  }

  const show = (cookie: string): Promise<Answer> => service.client.get(`/${PAGE}`, { headers: { cookie } });
  const post = (
    cookie: string,
    form: Call['form'],
    headers: Readonly<Record<string, string>> = OWN,
    path = PAGE,
  ): Promise<Answer> => service.client.post(`/${path}`, { form: form ?? {}, headers: { ...headers, cookie } });
  const cookieOf = async (redirectUri: string | null = null): Promise<string> => {
    const { name, value } = await waiting(redirectUri);
    return `${name}=${value}`;
  };
  const setBy = ({ headers }: Answer): Record<string, string> =>
    Object.fromEntries(headers.getSetCookie().map((each) => [each.split('=')[0]!, each]));
  const headingOf = ({ text }: Answer): string => /<h1>([^<]*)</.exec(text)?.[1] ?? '';
  const isOver = (answer: Answer): void => {
    expect([answer.status, headingOf(answer)]).toEqual([400, 'This sign-in is over']);
  };

  it('is kept waiting by a cookie that nobody else reads, writes or sends', async () => {
    const { name, value, attributes } = await waiting(null);
    expect(attributes).toEqual({ httpOnly: true, secure: false, sameSite: 'lax', path: '/', maxAge: 300 });
    expect(Buffer.from(value, 'base64url').toString('latin1')).not.toContain('challenge');
    const altered = `${value.slice(0, -1)}${value.endsWith('A') ? 'Q' : 'A'}`;
    for (const cookie of ['', `${name}=`, `${name}=nonsense`, `${name}=${altered}`]) {
      isOver(await show(cookie));
      isOver(await post(cookie, RIGHT));
    }
  });

  describe('in a browser', () => {
    /** Somebody whose first factor was right a moment ago. */
    async function visitor(redirectUri: string | null): Promise<{ page: Page; complaints: string[] }> {
      const { name, value } = await waiting(redirectUri);
      const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
      await page.context().addCookies([{ name, value, url: PUBLIC_URL, httpOnly: true, sameSite: 'Lax' }]);
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
      });
      await page.goto(PUBLIC_URL + PAGE);
      return { page, complaints };
    }
    const show = async (page: Page, code: string): Promise<void> => {
      await page.getByLabel('Code', { exact: true }).fill(code);
      await page.getByRole('button', { name: 'Sign in' }).click();
    };
    const cookiesOf = async (page: Page) =>
      Object.fromEntries((await page.context().cookies(PUBLIC_URL)).map((cookie) => [cookie.name, cookie]));

    it('asks again after a wrong code, and leads to where the sign-in came from, with nothing in the address', async () => {
      const { page, complaints } = await visitor(`${application.url}/done?from=doorward`);
      await show(page, WRONG_CODE);
      expect(await page.getByRole('alert').innerText()).toContain('That code is wrong');
      expect(Object.keys(await cookiesOf(page))).toEqual(['dw_challenge']);
      await show(page, RIGHT_CODE);
      await page.waitForURL(`${application.url}/done?from=doorward`);
      expect(await cookiesOf(page)).toEqual({
        dw_refresh: expect.objectContaining({ httpOnly: true, sameSite: 'Strict' }) as unknown,
      });
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it('has a code sent by a button, once, and remembers the device for whoever says so', async () => {
      const { page, complaints } = await visitor(null);
      const before = factors.sent.length;
      await page.getByRole('button', { name: 'Send a code by text message' }).click();
      expect(await page.getByRole('status').innerText()).toContain('on its way');
      expect(await page.getByLabel('Text message').isChecked()).toBe(true);
      await page.reload();
      await service.app.get(Background).idle();
      expect(factors.sent.slice(before)).toMatchObject([{ method: 'sms' }]);
      await page.getByLabel('Do not ask for a code').check();
      await show(page, RIGHT_CODE);
      expect(await page.getByRole('heading').innerText()).toBe('You are signed in');
      expect(Object.keys(await cookiesOf(page)).sort()).toEqual(['dw_device', 'dw_refresh']);
      expect(devices.size).toBe(1);
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });

  it('gives a session that is by two factors and is refreshed by its cookie', async () => {
    const answer = await post(await cookieOf(), RIGHT);
    expect(answer.status).toBe(200);
    const { dw_refresh: refresh, dw_challenge: challenge, ...others } = setBy(answer);
    expect(others).toEqual({});
    expect(challenge).toMatch(/^dw_challenge=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/);
    const cookie = refresh!.split(';')[0]!;
    const refreshed = await service.client.post('/auth/refresh', { headers: { ...OWN, cookie } });
    expect(refreshed.status).toBe(200);
    expect(answer.text).not.toContain(cookie.split('=')[1]);
  });

  it('takes nothing that another site sent', async () => {
    const cookie = await cookieOf();
    const elsewhere: readonly Readonly<Record<string, string>>[] = [
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      {},
    ];
    for (const headers of elsewhere) {
      expect((await post(cookie, RIGHT, headers)).status).toBe(403);
      expect((await post(cookie, { method: 'sms' }, headers, `${PAGE}/send`)).status).toBe(403);
    }
    expect((await post(cookie, RIGHT)).status).toBe(200);
  });

  it('is over once it was passed', async () => {
    const cookie = await cookieOf();
    expect((await post(cookie, RIGHT)).status).toBe(200);
    isOver(await show(cookie));
    isOver(await post(cookie, RIGHT));
  });

  it('is over after five wrong codes', async () => {
    const cookie = await cookieOf();
    for (let time = 1; time <= 4; time += 1) expect((await post(cookie, WRONG)).status).toBe(401);
    isOver(await post(cookie, WRONG));
    isOver(await post(cookie, RIGHT));
  });

  it('is over when it took too long', async () => {
    const cookie = await cookieOf();
    expect(headingOf(await show(cookie))).toBe('Enter a code');
    service.clock.advance({ seconds: 301 });
    isOver(await show(cookie));
  });
});
