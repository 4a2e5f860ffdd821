import type { Browser } from 'playwright-core';
import { DeliverMails } from '../../src/platform/mail/deliver-mails';
import { type Answer, PASSWORD, type Tokens } from '../support/client';
import { openChromium } from '../support/chromium';
import { readEml } from '../support/eml';
import { examplePage } from '../support/examples';
import { eventually } from '../support/gates';
import { claimsOf } from '../support/key-holder';
import { expectProblem } from '../support/problems';
import { aService, type TestService } from '../support/service';
import { TestSmtpServer } from '../support/smtp-server';
import { Visitor } from '../support/visitor';

const PUBLIC_URL = 'http://localhost:3000';
const NEW_PASSWORD = 'a wholly new phrase to remember';
const TOO_SHORT = 'short';
const LINK_NOT_GOOD = { status: 400, html: examplePage('link-not-good').html };
const NO_COMPLAINTS: readonly string[] = [];

type PageOfLink =
  'verify-email' | 'reset-password' | 'confirm-email-change' | 'undo-email-change' | 'accept-invitation';

/** From the mail server to the button, in a browser that finds PUBLIC_URL where the service is. */
describe('the page behind a mailed link', () => {
  let smtp: TestSmtpServer;
  let service: TestService;
  let browser: Browser;
  let robot: Visitor;
  let count = 0;

  beforeAll(async () => {
    smtp = await TestSmtpServer.start();
    const variables = { SMTP_URL: smtp.url, PUBLIC_URL, EMAIL_VERIFICATION: 'required' };
    service = await aService({ variables, hashesOnce: true });
    browser = await openChromium(`--host-resolver-rules=MAP localhost:3000 ${new URL(service.url).host}`);
    robot = await Visitor.at(PUBLIC_URL, browser, true);
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
    await smtp.stop();
  });

  const anAddress = (): string => `somebody-${(count += 1)}@example.com`;

  /** The link to a page in the newest letter that the mail server got for an address. */
  async function mailed(address: string, page: PageOfLink): Promise<string> {
    await service.app.get(DeliverMails).execute();
    const links = (): string[] =>
      smtp.received
        .filter(({ recipients }) => recipients.includes(address))
        .map(({ source }) => /^http\S+$/m.exec(readEml(source).text)?.[0] ?? '')
        .filter((link) => link.startsWith(`${PUBLIC_URL}/${page}?token=`));
    await eventually(`a link to ${page} is mailed to ${address}`, () => links().length > 0);
    return links().at(-1)!;
  }

  const tokenIn = (link: string): string => new URL(link).searchParams.get('token') ?? '';

  /** An account that has proven its address. */
  async function anAccount(email = anAddress()): Promise<{ email: string; tokens: Tokens }> {
    expect((await service.client.register(email, { tenant_name: 'Acme' })).status).toBe(201);
    const token = tokenIn(await mailed(email, 'verify-email'));
    expect((await service.client.post('/auth/email/verify', { json: { token } })).status).toBe(204);
    return { email, tokens: await service.client.signedIn(email) };
  }

  /** What looks into mails before people do, in the ways that are known of it. */
  async function scan(link: string): Promise<void> {
    const { pathname, search } = new URL(link);
    const here = `//${pathname.slice(1)}${search}`;
    for (const method of ['HEAD', 'GET', 'GET']) expect((await service.client.call(method, here, {})).status).toBe(200);
    for (let times = 0; times < 2; times += 1) expect((await robot.open(link)).status).toBe(200);
    expect(robot.complaints).toEqual(NO_COMPLAINTS);
  }

  const signsIn = async (email: string, password = PASSWORD): Promise<boolean> => {
    const answer = await service.client.login(email, password);
    if (answer.status !== 200) expectProblem(answer, 401, 'INVALID_CREDENTIALS');
    return answer.status === 200;
  };

  describe.each([
    ['with JavaScript', true],
    ['without JavaScript', false],
  ])('%s', (_, javaScript) => {
    let human: Visitor;
    beforeEach(async () => {
      human = await Visitor.at(PUBLIC_URL, browser, javaScript);
    });
    afterEach(async () => {
      expect(human.complaints).toEqual(NO_COMPLAINTS);
      await human.close();
    });

    /** Follows a link again that has done its work: to look, and to press a button that was left open. */
    async function expectUsedUp(link: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
      expect(await human.open(link)).toEqual(LINK_NOT_GOOD);
      const { pathname } = new URL(link);
      const again = await service.client.post(`/${pathname}`, { form: { token: tokenIn(link), ...fields } });
      expect({ status: again.status, html: again.text }).toEqual(LINK_NOT_GOOD);
    }

    it('proves an address when its button is pressed, and not when scanners look', async () => {
      const email = anAddress();
      await service.client.register(email);
      const link = await mailed(email, 'verify-email');
      await scan(link);
      expect(await signsIn(email)).toBe(false);

      expect((await human.open(link)).status).toBe(200);
      expect((await human.send()).status).toBe(200);
      expect(human.address()).not.toContain(tokenIn(link));
      const { access: token } = await service.client.signedIn(email);
      expect((await service.client.get('/users/me', { token })).body).toMatchObject({ email, email_verified: true });
      await expectUsedUp(link);
    });

    it('sets a new password, once one is typed that may be used', async () => {
      const { email, tokens } = await anAccount();
      await service.client.post('/auth/password-reset/request', { json: { email } });
      const link = await mailed(email, 'reset-password');
      await scan(link);
      await human.open(link);
      expect((await human.send({ new_password: TOO_SHORT })).status).toBe(422);
      expect(await human.problems()).toBeGreaterThan(0);
      expect([await signsIn(email), await signsIn(email, TOO_SHORT)]).toEqual([true, false]);

      expect((await human.send({ new_password: NEW_PASSWORD })).status).toBe(200);
      expect([await signsIn(email), await signsIn(email, NEW_PASSWORD)]).toEqual([false, true]);
      expectProblem(await service.client.refresh(tokens.refresh), 401, 'REFRESH_TOKEN_INVALID');
      await expectUsedUp(link, { new_password: PASSWORD });
      expect(await signsIn(email, NEW_PASSWORD)).toBe(true);
    });

    it('changes an address from the new one, and gives it back from the old one', async () => {
      const { email, tokens } = await anAccount();
      const other = anAddress();
      const asked = await service.client.post('/auth/email/change', {
        json: { new_email: other },
        token: tokens.access,
      });
      expect(asked.status).toBe(202);
      const link = await mailed(other, 'confirm-email-change');
      await scan(link);
      expect([await signsIn(email), await signsIn(other)]).toEqual([true, false]);
      await human.open(link);
      expect((await human.send()).status).toBe(200);
      expect([await signsIn(email), await signsIn(other)]).toEqual([false, true]);
      await expectUsedUp(link);

      const back = await mailed(email, 'undo-email-change');
      const thief = await service.client.signedIn(other);
      await scan(back);
      expect([await signsIn(email), await signsIn(other)]).toEqual([false, true]);
      await human.open(back);
      expect((await human.send()).status).toBe(200);
      expect([await signsIn(email), await signsIn(other)]).toEqual([true, false]);
      expectProblem(await service.client.refresh(thief.refresh), 401, 'REFRESH_TOKEN_INVALID');
      await expectUsedUp(back);
    });

    describe('of an invitation', () => {
      let tenant: string;
      let owner: Tokens;
      beforeAll(async () => {
        owner = (await anAccount()).tokens;
        tenant = claimsOf(owner.access).tid as string;
      });

      const invite = (email: string): Promise<Answer> =>
        service.client.post('/users/invite', { json: { email, role: 'analyst' }, token: owner.access });
      const belongs = async (email: string): Promise<boolean> => {
        const json = { username: email, password: PASSWORD, tenant };
        const answer = await service.client.post('/auth/login', { json });
        if (answer.status !== 200) return false;
        const me = await service.client.get('/auth/me', { token: answer.body.access_token });
        expect(me.body).toMatchObject({ email, email_verified: true, tenant: { id: tenant }, roles: ['analyst'] });
        return true;
      };

      it('makes an account for a newcomer, once a password is chosen that may be used', async () => {
        const email = anAddress();
        expect((await invite(email)).status).toBe(201);
        const link = await mailed(email, 'accept-invitation');
        await scan(link);
        await human.open(link);
        expect((await human.send({ first_name: 'Bob', password: TOO_SHORT })).status).toBe(422);
        expect(await human.problems()).toBeGreaterThan(0);
        expect(await signsIn(email, TOO_SHORT)).toBe(false);

        expect((await human.send({ first_name: 'Bob', password: PASSWORD })).status).toBe(200);
        expect(await belongs(email)).toBe(true);
        const { access: token } = await service.client.signedIn(email);
        expect((await service.client.get('/users/me', { token })).body).toMatchObject({ first_name: 'Bob' });
        await expectUsedUp(link, { password: PASSWORD });
      });

      it('adds the tenant to an account, once its password is typed right', async () => {
        const { email, tokens } = await anAccount();
        await invite(email);
        const link = await mailed(email, 'accept-invitation');
        await scan(link);
        await human.open(link);
        expect((await human.send({ password: NEW_PASSWORD })).status).toBe(401);
        expect(await human.problems()).toBe(1);
        expect(await belongs(email)).toBe(false);

        expect((await human.send({ password: PASSWORD })).status).toBe(200);
        expect(await belongs(email)).toBe(true);
        expect((await service.client.get('/auth/me', { token: tokens.access })).status).toBe(200);
        await expectUsedUp(link, { password: PASSWORD });
      });
    });
  });

  it('of a token that nobody was mailed says no more than of one that is used up', async () => {
    for (const page of ['verify-email', 'reset-password', 'accept-invitation']) {
      const { status, text: html } = await service.client.get(`//${page}?token=${'A'.repeat(43)}`);
      expect({ status, html }).toEqual(LINK_NOT_GOOD);
    }
  });
});
