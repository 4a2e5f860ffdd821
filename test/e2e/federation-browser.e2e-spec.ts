import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openChromium } from '../support/chromium';
import type { Answer } from '../support/client';
import { GithubStandIn } from '../support/github-stand-in';
import { TestIssuer } from '../support/oidc-issuer';
import { type PageServer, servePages, type ShownPage } from '../support/page-server';
import { aService, type TestService } from '../support/service';
import { enrolled } from '../support/two-steps';

const PUBLIC_URL = 'http://localhost:3000';
const API = `${PUBLIC_URL}/api/v1`;

/** An application of the same site, with a link to each provider. */
const html = (text: string): ShownPage => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  html: `<!doctype html><title>Application</title>${text}`,
});
const HOME = html('<p>Home</p>');

/** Where a program on this machine waits for its half. */
const PROGRAM = 'http://127.0.0.1:4000/signed-in';

type Refreshed = { readonly status: number; readonly access_token?: string; readonly refresh_token?: string };

/** From the link in an application to the provider and back, in a browser that finds PUBLIC_URL where the service is. */
describe('signing in through a provider in a browser', () => {
  let app: PageServer;
  let issuer: TestIssuer;
  let github: GithubStandIn;
  let service: TestService;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** Whatever the browser asked for, and what it said where it came from. */
  let asked: { readonly url: string; readonly referer: string | undefined }[];

  const pages = new Map<string, ShownPage>([['/home', HOME]]);
  const home = (): string => `${appOrigin()}/home`;
  const appOrigin = (): string => app.url.replace('127.0.0.1', 'localhost');

  beforeAll(async () => {
    [app, issuer, github] = await Promise.all([
      servePages(pages, HOME),
      // As Google says it; what is said elsewhere of an organization counts for nothing.
      TestIssuer.start({ claimsInIdToken: true }),
      GithubStandIn.start(),
    ]);
    for (const id of ['acme', 'google']) issuer.allow(`${API}/auth/oauth/${id}/callback`);
    const back = encodeURIComponent(home());
    const link = (id: string): string => `<a href="${API}/auth/oauth/${id}/login?redirect_uri=${back}">${id}</a>`;
    pages.set('/', html(link('acme') + link('github')));
    const { url, clientId, clientSecret } = issuer;
    const acme = { id: 'acme', name: 'Acme', issuer: url, client_id: clientId, client_secret: clientSecret };
    service = await aService({
      variables: {
        PUBLIC_URL,
        CORS_ORIGINS: appOrigin(),
        OAUTH_REDIRECT_ORIGINS: `${appOrigin()},${PROGRAM}`,
        OIDC_PROVIDERS: JSON.stringify([acme]),
        OAUTH_GOOGLE_ISSUER: url,
        OAUTH_GOOGLE_CLIENT_ID: clientId,
        OAUTH_GOOGLE_CLIENT_SECRET: clientSecret,
        OAUTH_GITHUB_CLIENT_ID: github.clientId,
        OAUTH_GITHUB_CLIENT_SECRET: github.clientSecret,
        OAUTH_GITHUB_BASE_URL: github.url,
      },
      hashesOnce: true,
    });
    browser = await openChromium(`--host-resolver-rules=MAP localhost:3000 ${new URL(service.url).host}`);
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
    await Promise.all([app.close(), issuer.stop(), github.stop()]);
  });

  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    asked = [];
    page.on('request', (request) => asked.push({ url: request.url(), referer: request.headers()['referer'] }));
  });
  afterEach(() => context.close());

  /** Follows the link of the application, and signs in as that account where the provider has a page for it. */
  async function follow(provider: 'acme' | 'github', account: string | null): Promise<void> {
    await page.goto(appOrigin());
    await page.getByRole('link', { name: provider }).click();
    if (account !== null) await page.getByRole('button', { name: account }).click();
  }
  const arrive = (): Promise<void> => page.waitForURL((url) => url.pathname === '/home' || url.port === '3000');
  /** What a page of the application asks for first, by the cookie alone. */
  const refreshed = (): Promise<Refreshed> =>
    page.evaluate(async (url) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', credentials: 'include', headers, body: '{}' });
      return { status: answer.status, ...((await answer.json()) as object) };
    }, `${API}/auth/refresh`);
  const historyOf = async (): Promise<string[]> => {
    const { entries } = await (await context.newCDPSession(page)).send('Page.getNavigationHistory');
    return entries.map(({ url }) => url);
  };

  it('ends in the application, signed in by the cookie, with nothing to be read in any address or by any script', async () => {
    issuer.add({ sub: 'ann', email: 'ann@acme.example', given_name: 'Ann' });
    await follow('acme', 'ann@acme.example');
    await arrive();
    expect(page.url()).toBe(home());
    const callback = asked.map(({ url }) => new URL(url)).find(({ pathname }) => pathname.endsWith('/acme/callback'));
    const secrets = ['code', 'state'].map((name) => callback?.searchParams.get(name) ?? '');
    expect(secrets).toEqual([expect.stringMatching(/^.{20,}$/), expect.stringMatching(/^.{40,}$/)]);
    const told = [...(await historyOf()), ...asked.map(({ referer }) => referer ?? '')];
    expect(told.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
    expect(await page.evaluate<string>('document.cookie')).toBe('');
    const { status, access_token: access, refresh_token: refresh } = await refreshed();
    expect({ status, refresh }).toEqual({ status: 200, refresh: undefined });
    const me = await service.client.get('/auth/me', { token: access ?? '' });
    expect(me.body).toMatchObject({ email: 'ann@acme.example', first_name: 'Ann' });
  });

  it('works at GitHub, which is asked as it asks to be', async () => {
    github.reset();
    await follow('github', null);
    await arrive();
    expect([page.url(), (await refreshed()).status, github.faults]).toEqual([home(), 200, []]);
  });

  it('asks for the second factor of whoever has one on a page, and goes on to the application from there', async () => {
    issuer.add({ sub: 'bob', email: 'bob@acme.example' });
    await follow('acme', 'bob@acme.example');
    await arrive();
    const tokens = { access: (await refreshed()).access_token ?? '', refresh: '', session: '' };
    const { app: authenticator } = await enrolled(service.client, tokens);
    await context.clearCookies();
    await follow('acme', 'bob@acme.example');
    await arrive();
    expect(page.url()).toBe(`${PUBLIC_URL}/sign-in/second-factor`);
    expect((await context.cookies()).map(({ name }) => name)).not.toContain('dw_refresh');
    await page.locator('[name="code"]').fill(authenticator.wrongAt(new Date()));
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').count()).toBe(1);
    await page.locator('[name="code"]').fill(authenticator.codeAt(new Date()));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(home());
    expect((await refreshed()).status).toBe(200);
  });

  it('is refused in the browser of somebody else, whom a link would sign in as whoever made it', async () => {
    const begun = await service.client.get('/auth/oauth/github/login', { headers: { accept: 'text/html' } });
    const link = github.answerTo(begun.headers.get('location') ?? '');
    const answer = await page.goto(link.href);
    expect([answer?.status(), answer?.headers()['content-type']]).toEqual([400, expect.stringMatching(/^text\/html/)]);
    expect((await context.cookies()).map(({ name }) => name)).not.toContain('dw_refresh');
    expect(await page.locator('h1').count()).toBe(1);
  });

  it('brings whoever says no at the provider back to the application, which learns that and nothing else', async () => {
    await follow('acme', 'Refuse');
    await arrive();
    expect(page.url()).toBe(`${home()}?error=access_denied`);
    expect((await context.cookies()).map(({ name }) => name)).not.toContain('dw_refresh');
  });

  describe('of a program, whose user is in some browser', () => {
    type Begun = { readonly state: string; readonly to: string };

    const begin = async (provider: string): Promise<Begun> => {
      const headers = { accept: 'application/json' };
      const path = `/auth/oauth/${provider}/login?redirect_uri=${encodeURIComponent(PROGRAM)}`;
      const { body } = await service.client.get(path, { headers });
      return { state: String(body.state), to: String(body.authorization_url) };
    };
    /** What the program finds in the address that the browser asks it for. */
    const handedOver = async ({ pathname, search }: URL): Promise<Record<string, string>> => {
      const answer = await service.client.get(`/${pathname}${search}`, { headers: { accept: 'text/html' } });
      const [target, query] = (answer.headers.get('location') ?? '').split('?');
      expect([answer.status, target]).toEqual([302, PROGRAM]);
      return Object.fromEntries(new URLSearchParams(query));
    };
    const finish = (json: Readonly<Record<string, string>>, headers = {}): Promise<Answer> =>
      service.client.post('/auth/oauth/callback', { json, headers });

    it('ends with tokens at Google, which tells the organization of whom it vouches for', async () => {
      issuer.add({ sub: 'cyd', email: 'cyd@organized.example', email_verified: true, hd: 'organized.example' });
      const { state, to } = await begin('google');
      const half = await handedOver(await issuer.answerTo(to, 'cyd'));
      expect(half).toEqual({ code: expect.any(String) as string, iss: issuer.url });
      const pair = await finish({ provider: 'google', state, ...half });
      expect([pair.status, pair.headers.getSetCookie()]).toEqual([200, []]);
      const me = await service.client.get('/users/me', { token: pair.body.access_token });
      expect(me.body).toMatchObject({ email: 'cyd@organized.example', email_verified: true });
      expect((await service.client.refresh(pair.body.refresh_token)).status).toBe(200);
    });

    it('ends with the refresh token in a cookie at GitHub, where that is asked for', async () => {
      github.reset();
      github.account = {
        ...github.account,
        id: 7,
        emails: [{ email: 'dee@example.com', primary: true, verified: true }],
      };
      const { state, to } = await begin('github');
      const half = await handedOver(github.answerTo(to));
      const pair = await finish({ provider: 'github', state, ...half }, { 'x-token-delivery': 'cookie' });
      expect([pair.status, pair.body.token_type, pair.body.refresh_token]).toEqual([200, 'bearer', undefined]);
      expect(pair.headers.getSetCookie()).toEqual([
        expect.stringMatching(/^dw_refresh=dwrt_.*HttpOnly; SameSite=Strict/),
      ]);
      const me = await service.client.get('/users/me', { token: pair.body.access_token });
      expect([me.body.email, github.faults]).toEqual(['dee@example.com', []]);
    });
  });
});
