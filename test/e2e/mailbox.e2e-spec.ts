import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeliverMails } from '../../src/platform/mail/deliver-mails';
import { type Answer, PASSWORD, type Tokens } from '../support/client';
import { dumpOf, spellings, spellingsOfText } from '../support/dump';
import { type Eml, readEml } from '../support/eml';
import { KeyHolder } from '../support/key-holder';
import { tokenOf, wrongCodes } from '../support/mailboxes';
import { expectProblem } from '../support/problems';
import { answerTo } from '../support/raw-http';
import { aService, type TestService } from '../support/service';

const PUBLIC_URL = 'https://door.example.com/sso';
const NEXT = 'a wholly new phrase to remember';
const EVIL = 'evil.example';

type Letter = Eml & { readonly link: string; readonly code: string };

/** As an owner of a mailbox reads it. */
function readLetter(source: string): Letter {
  const eml = readEml(source);
  const link = /https?:\/\/\S+\?token=[\w-]+/.exec(eml.text)?.[0] ?? '';
  return { ...eml, link, code: /\b\d{6}\b/.exec(eml.text.replace(link, ''))?.[0] ?? '' };
}

describe('mailboxes', () => {
  const signer = new KeyHolder();
  const secrets: Letter[] = [];
  let service: TestService;
  let users = 0;

  beforeAll(async () => {
    service = await aService({ variables: { ...signer.variables, PUBLIC_URL, EMAIL_VERIFICATION: 'required' } });
  });
  afterAll(() => service.stop());

  /** All letters to an address that were not read yet, oldest first. */
  const read = new Set<string>();
  const letters = async (): Promise<Letter[]> => {
    await service.app.get(DeliverMails).execute();
    const folder = join(service.database.variables.DATA_DIR!, 'mail');
    const names = readdirSync(folder).filter((name) => name.endsWith('.eml') && !read.has(name));
    const found = names.map((name) => readLetter(readFileSync(join(folder, name), 'utf8')));
    for (const name of names) read.add(name);
    secrets.push(...found);
    return found;
  };
  /** The one new letter to an address with such a subject. */
  const letter = async (to: string, subject: string): Promise<Letter> => {
    const found = (await letters()).filter(
      ({ headers }) => headers.get('to') === to && headers.get('subject') === subject,
    );
    expect([to, subject, found.length]).toEqual([to, subject, 1]);
    return found[0]!;
  };
  const VERIFY = 'Confirm your e-mail address';
  const RESET = 'Set a new password';
  const CHANGE = 'Confirm your new e-mail address';
  const CHANGED = 'Your e-mail address was changed';

  const post = (path: string, json: unknown, token?: string): Promise<Answer> =>
    service.client.post(path, { json, ...(token !== undefined && { token }) });
  const anAddress = (): string => `user${(users += 1)}@example.com`;
  const verified = async (): Promise<string> => {
    const email = anAddress();
    expect((await service.client.register(email)).status).toBe(201);
    const { link } = await letter(email, VERIFY);
    expect((await post('/auth/email/verify', { token: tokenOf(link) })).status).toBe(204);
    return email;
  };
  const expectNothing = (answer: Answer, status: 202 | 204): void => {
    expect([answer.status, answer.text]).toEqual([status, '']);
  };

  it('are proven, lost passwords replaced, and addresses changed and taken back, by what is mailed', async () => {
    const [old, next] = [anAddress(), anAddress()];
    const registered = await service.client.register(old);
    expect([registered.status, registered.body.email_verification]).toEqual([201, 'sent']);
    expectProblem(await service.client.login(old), 401, 'INVALID_CREDENTIALS');
    // That sign-in had the mail sent once more: either is good.
    const [first] = await letters();
    expectNothing(await post('/auth/email/verify', { token: tokenOf(first?.link) }), 204);
    expectProblem(await post('/auth/email/verify', { token: tokenOf(first?.link) }), 400, 'TOKEN_INVALID_OR_EXPIRED');
    const mine = await service.client.signedIn(old);

    expectNothing(await post('/auth/password-reset/request', { email: old }), 202);
    const { code } = await letter(old, RESET);
    const proof = { email: old.toUpperCase(), code };
    const weak = await post('/auth/password-reset/confirm', { ...proof, new_password: 'short' });
    expectProblem(weak, 422, 'VALIDATION_FAILED');
    expect(weak.body.errors.map(({ field }) => field)).toContain('new_password');
    expectNothing(await post('/auth/password-reset/confirm', { ...proof, new_password: NEXT }), 204);
    expectProblem(await service.client.get('/auth/me', { token: mine.access }), 401, 'TOKEN_INVALID');
    expectProblem(await service.client.refresh(mine.refresh), 401, 'REFRESH_TOKEN_INVALID');
    expectProblem(await service.client.login(old, PASSWORD), 401, 'INVALID_CREDENTIALS');

    const here = await service.client.signedIn(old, NEXT);
    const there = await service.client.signedIn(old, NEXT);
    const change = (token?: string) => post('/auth/email/change', { new_email: next }, token);
    expectProblem(await change(), 401, 'TOKEN_MISSING');
    expectProblem(await change(signer.ofAnOldSignIn(here.access)), 403, 'STEP_UP_REQUIRED');
    await letters();
    expectNothing(await change(here.access), 202);
    const asked = await letter(next, CHANGE);
    expect((await service.client.get('/auth/me', { token: here.access })).body.email).toBe(old);
    expectNothing(await post('/auth/email/change/confirm', { token: tokenOf(asked.link) }), 204);
    expect((await service.client.get('/auth/me', { token: here.access })).body.email).toBe(next);
    expectProblem(await service.client.get('/auth/me', { token: there.access }), 401, 'TOKEN_INVALID');

    const changed = await letter(old, CHANGED);
    expectNothing(await post('/auth/email/change/undo', { token: tokenOf(changed.link) }), 204);
    expectProblem(await service.client.get('/auth/me', { token: here.access }), 401, 'TOKEN_INVALID');
    expectProblem(await service.client.login(next, NEXT), 401, 'INVALID_CREDENTIALS');
    expect((await service.client.login(old, NEXT)).status).toBe(200);
  });

  describe('answer who asks for a mail', () => {
    /** All that can be seen of an answer, but for what is different in every one. */
    const seen = ({ status, headers, text }: Answer): unknown => ({
      status,
      text,
      headers: [...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id'),
    });

    it.each([
      ['/auth/password-reset/request', RESET],
      ['/auth/email/verify/resend', VERIFY],
    ])('the same whether there is such an account or not: %s', async (path, subject) => {
      const email = path.includes('resend') ? anAddress() : await verified();
      if (path.includes('resend')) await service.client.register(email);
      await letters();
      const [known, unknown] = [await post(path, { email }), await post(path, { email: 'nobody@example.com' })];
      expectNothing(known, 202);
      expect(seen(unknown)).toEqual(seen(known));
      const sent = await letters();
      expect(sent.map(({ headers }) => [headers.get('to'), headers.get('subject')])).toEqual([[email, subject]]);
    });

    it('for a change of address the same whether the new one is taken or not', async () => {
      const [email, taken] = [await verified(), await verified()];
      const { access } = await service.client.signedIn(email);
      await letters();
      const ask = (address: string) => post('/auth/email/change', { new_email: address }, access);
      expect(seen(await ask(taken))).toEqual(seen(await ask(anAddress())));
      expect((await letters()).filter(({ headers }) => headers.get('to') === taken)).toEqual([]);
    });
  });

  describe('are sent links that begin with PUBLIC_URL, whatever a request says of the host', () => {
    const LINE = 'POST /api/v1/auth/password-reset/request';
    const lineTo = (base: string): string => LINE.replace('/api', `${base}/api`);

    it.each<[string, string, readonly string[]]>([
      ['Host', LINE, [`Host: ${EVIL}`]],
      ['Host with a port', LINE, ['Host: door.example.com:1337@evil.example']],
      ['Host that begins like ours', LINE, [`Host: door.example.com.${EVIL}`]],
      ['two Hosts', LINE, ['Host: door.example.com', `Host: ${EVIL}`]],
      ['an absolute form', lineTo(`http://${EVIL}`), ['Host: door.example.com']],
      ['an absolute form and another Host', lineTo('http://door.example.com'), [`Host: ${EVIL}`]],
      ['X-Forwarded-Host', LINE, ['Host: door.example.com', `X-Forwarded-Host: ${EVIL}`]],
      ['two of X-Forwarded-Host', LINE, ['Host: x', `X-Forwarded-Host: a, ${EVIL}`, `X-Forwarded-Host: ${EVIL}`]],
      ['X-Host', LINE, ['Host: door.example.com', `X-Host: ${EVIL}`, `X-Forwarded-Server: ${EVIL}`]],
      ['X-Original-Host', LINE, ['Host: x', `X-Original-Host: ${EVIL}`, `X-HTTP-Host-Override: ${EVIL}`]],
      ['Forwarded', LINE, ['Host: door.example.com', `Forwarded: for=127.0.0.1;host=${EVIL};proto=http`]],
      ['X-Forwarded-Proto and -Port', LINE, ['Host: x', 'X-Forwarded-Proto: gopher', 'X-Forwarded-Port: 1337']],
      ['Origin and Referer', LINE, ['Host: x', `Origin: https://${EVIL}`, `Referer: https://${EVIL}/`]],
      ['a folded Host', LINE, [`Host: door.example.com`, ` ${EVIL}`]],
      ['X-Forwarded-Prefix', LINE, ['Host: x', `X-Forwarded-Prefix: //${EVIL}`, `X-Original-URL: //${EVIL}/`]],
    ])('%s', async (_, line, headers) => {
      const email = await verified();
      await letters();
      const body = JSON.stringify({ email });
      const head = [
        ...headers,
        'Connection: close',
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
      ];
      const { status } = await answerTo(service.url, [`${line} HTTP/1.1`, ...head, '', body].join('\r\n'));
      const sent = await letters();
      // What is refused sends nothing; what is not is a mail like any other.
      expect([202, 400, 404]).toContain(status);
      expect(sent).toHaveLength(status === 202 ? 1 : 0);
      for (const { link, text, html, headers: head } of sent) {
        expect(link.startsWith(`${PUBLIC_URL}/reset-password?token=`)).toBe(true);
        const links = [...`${text} ${html}`.matchAll(/[a-z]+:\/\/[^\s"'<>)]+/g)].map(([found]) => found);
        expect(links.filter((found) => found !== PUBLIC_URL && !found.startsWith(`${PUBLIC_URL}/`))).toEqual([]);
        expect([text, html, ...head.values()].join('\n')).not.toMatch(/evil|1337|gopher/);
      }
    });
  });

  describe('refuse', () => {
    const TOKEN = 'a'.repeat(43);
    const NEW = { new_password: NEXT };
    const PROOFS = ['/auth/email/verify', '/auth/email/change/confirm', '/auth/password-reset/confirm'];
    const MORE: Readonly<Record<string, object>> = { '/auth/password-reset/confirm': NEW };

    describe.each(PROOFS)('at %s', (path) => {
      it.each([
        ['no proof', {}, 'token', 'FIELD_REQUIRED'],
        ['nulls', { token: null, email: null, code: null }, 'token', 'FIELD_REQUIRED'],
        ['both proofs', { token: TOKEN, email: 'a@example.com', code: '123456' }, 'email', 'FIELD_INVALID'],
        ['a token and a code', { token: TOKEN, code: '123456' }, 'code', 'FIELD_INVALID'],
        ['an address without its code', { email: 'a@example.com' }, 'code', 'FIELD_REQUIRED'],
        ['a code without its address', { code: '123456' }, 'email', 'FIELD_REQUIRED'],
        ['what is no text', { token: 7 }, 'token', 'FIELD_INVALID'],
        ['a list', { token: [TOKEN] }, 'token', 'FIELD_INVALID'],
        ['what is too long', { token: 'a'.repeat(513) }, 'token', 'FIELD_TOO_LONG'],
        ['an unknown field', { token: TOKEN, user_id: '1' }, 'user_id', 'FIELD_UNKNOWN'],
      ])('%s', async (_, body, field, code) => {
        const answer = await post(path, { ...MORE[path], ...body });
        expectProblem(answer, 422, 'VALIDATION_FAILED');
        expect(answer.body.errors.map(({ field: name, code: what }) => [name, what])).toContainEqual([field, code]);
      });

      it.each([
        ['a link nobody was sent', { token: TOKEN }],
        ['what is no link', { token: '../../etc/passwd' }],
        ['a code of nobody', { email: 'nobody@example.com', code: '123456' }],
        ['what is no code', { email: 'nobody@example.com', code: 'abc' }],
        ['what is no address', { email: '%', code: '123456' }],
      ])('%s', async (_, body) => {
        expectProblem(await post(path, { ...MORE[path], ...body }), 400, 'TOKEN_INVALID_OR_EXPIRED');
      });
    });

    it.each([
      ['/auth/password-reset/confirm', { token: TOKEN }, 'new_password'],
      ['/auth/password-reset/request', {}, 'email'],
      ['/auth/password-reset/request', { email: 'no address' }, 'email'],
      ['/auth/email/verify/resend', { email: ['ann@example.com'] }, 'email'],
      ['/auth/email/verify/resend', { email: 'ann@example.com', to: 'eve@example.com' }, 'to'],
      ['/auth/email/change/undo', { email: 'ann@example.com', code: '123456' }, 'token'],
    ])('at %s the body %j, for its %s', async (path, body, field) => {
      const answer = await post(path, body);
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.body.errors.map(({ field: name }) => name)).toContain(field);
    });

    it.each(['nöbody@example.com', 'a@b', '', 'x'.repeat(250) + '@example.com', 'a@example.com\r\nBcc: e@example.com'])(
      'the new address %j, and that of the account',
      async (address) => {
        const tokens = await aSession();
        const answer = await post('/auth/email/change', { new_email: address }, tokens.access);
        expectProblem(answer, 422, 'VALIDATION_FAILED');
        const own = await post('/auth/email/change', { new_email: tokens.email.toUpperCase() }, tokens.access);
        expectProblem(own, 422, 'VALIDATION_FAILED');
        expect(own.body.errors).toMatchObject([{ field: 'new_email', code: 'FIELD_INVALID' }]);
      },
    );

    it.each([
      '/auth/email/verify',
      '/auth/email/verify/resend',
      '/auth/email/change/confirm',
      '/auth/email/change/undo',
      '/auth/password-reset/request',
      '/auth/password-reset/confirm',
    ])('at %s every form but JSON, and every method but POST', async (path) => {
      const form = { form: { email: 'ann@example.com', token: TOKEN } };
      expectProblem(await service.client.post(path, form), 415, 'UNSUPPORTED_MEDIA_TYPE');
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const answer = await service.client.call(method, path, {});
        expectProblem(answer, 405, 'METHOD_NOT_ALLOWED');
        expect(answer.headers.get('allow')).toBe('POST');
      }
    });

    let session: (Tokens & { readonly email: string }) | null = null;
    const aSession = async (): Promise<Tokens & { readonly email: string }> => {
      if (session) return session;
      const email = await verified();
      session = { ...(await service.client.signedIn(email)), email };
      return session;
    };
  });

  it('are not used up by whoever only looks at a link', async () => {
    const email = anAddress();
    await service.client.register(email);
    const { link } = await letter(email, VERIFY);
    const { pathname, search } = new URL(link);
    for (const path of [pathname.replace('/sso', ''), '/api/v1/auth/email/verify']) {
      for (const method of ['GET', 'HEAD']) await fetch(service.url + path + search, { method });
    }
    expectNothing(await post('/auth/email/verify', { token: tokenOf(link) }), 204);
  });

  it('are not to be guessed at over HTTP: after five wrong codes the link alone is good', async () => {
    const email = await verified();
    await post('/auth/password-reset/request', { email });
    const { code, link } = await letter(email, RESET);
    const reset = (proof: object) => post('/auth/password-reset/confirm', { ...proof, new_password: NEXT });
    for (const wrong of [...wrongCodes(code, 5), code]) {
      expectProblem(await reset({ email, code: wrong }), 400, 'TOKEN_INVALID_OR_EXPIRED');
    }
    expectNothing(await reset({ token: tokenOf(link) }), 204);
  });

  it('leave nothing in the database that opens anything: no token and no code, in no spelling', async () => {
    await post('/auth/password-reset/request', { email: await verified() });
    const unknown = 'somebody.unknown@example.com';
    await post('/auth/password-reset/request', { email: unknown });
    await letters();
    const dump = await dumpOf(service.database, service.source);
    const tokens = secrets.map(({ link }) => link).filter((link) => link !== '');
    expect(tokens.length).toBeGreaterThan(20);
    const held = tokens.flatMap((link) => {
      const token = tokenOf(link);
      const forms = [...spellingsOfText(token), ...spellings(Buffer.from(token, 'base64url'))];
      return forms.some((form) => dump.includes(form)) ? [token] : [];
    });
    expect(held).toEqual([]);
    // Digits alone may stand anywhere by chance; as a value of their own, or as text in bytes, they may not.
    const values = secrets.flatMap(({ code }) =>
      code === '' ? [] : [`'${code}'`, `"${code}"`, Buffer.from(code).toString('hex')],
    );
    expect(values.filter((value) => dump.includes(value))).toEqual([]);
    expect(spellingsOfText(unknown).filter((form) => dump.includes(form))).toEqual([]);
    expect(dump).toContain('mailed_secrets');
  });
});
