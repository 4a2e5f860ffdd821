import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeliverMails } from '../../src/platform/mail/deliver-mails';
import { type Answer, PASSWORD, type Tokens } from '../support/client';
import { type Eml, readEml } from '../support/eml';
import { claimsOf, KeyHolder } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { aService, type TestService } from '../support/service';

const PUBLIC_URL = 'https://auth.example.com';
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const INVITATION = ['created_at', 'email', 'expires_at', 'id', 'invited_by', 'role', 'status'];
const PAIR = [
  'access_token',
  'expires_in',
  'refresh_expires_in',
  'refresh_token',
  'scope',
  'session_id',
  'tenant_id',
  'token_type',
];

type Mailed = { readonly id: string; readonly token: string; readonly code: string; readonly mail: Eml };

describe('invitations', () => {
  const keyHolder = new KeyHolder();
  let service: TestService;
  let ann: Tokens;
  let acme: string;
  let count = 0;

  beforeAll(async () => {
    service = await aService({ variables: { ...keyHolder.variables, PUBLIC_URL } });
    ann = await service.client.signedUp('ann@example.com', { tenant_name: 'Acme', first_name: 'Ann' });
    acme = claimsOf(ann.access).tid as string;
  });
  afterAll(() => service.stop());

  const anAddress = (): string => `person-${(count += 1)}@example.com`;
  const invite = (json: unknown, token = ann.access, headers: Record<string, string> = {}): Promise<Answer> =>
    service.client.post('/users/invite', { json, token, headers });
  const accept = (json: unknown, call: { token?: string; headers?: Record<string, string> } = {}): Promise<Answer> =>
    service.client.post('/auth/invitations/accept', { json, ...call });
  const me = (token: string): Promise<Answer> => service.client.get('/auth/me', { token });

  /** The letters that were left for an address, in the order they were written. */
  async function lettersTo(address: string): Promise<Eml[]> {
    await service.app.get(DeliverMails).execute();
    const folder = join(service.database.variables.DATA_DIR!, 'mail');
    const files = (await readdir(folder)).sort();
    const letters = await Promise.all(files.map(async (file) => readEml(await readFile(join(folder, file), 'utf8'))));
    return letters.filter(({ headers }) => headers.get('to') === address);
  }
  async function invited(email: string, role = 'analyst', headers: Record<string, string> = {}): Promise<Mailed> {
    const answer = await invite({ email, role }, ann.access, headers);
    expect(answer.status).toBe(201);
    return { id: answer.body.id as string, ...(await mailedTo(email)) };
  }
  async function mailedTo(email: string): Promise<Omit<Mailed, 'id'>> {
    const mail = (await lettersTo(email)).at(-1)!;
    const token = /\/accept-invitation\?token=([\w-]{43})$/m.exec(mail.text)?.[1] ?? '';
    const code = /\b(\d{6})$/m.exec(mail.text)?.[1] ?? '';
    return { token, code, mail };
  }

  it('lead by the link in the mail to a new account, signed in to the tenant that invited', async () => {
    const email = anAddress();
    const made = await invite({ email, role: 'analyst' });
    expect(made.status).toBe(201);
    expect(Object.keys(made.body).sort()).toEqual(INVITATION);
    expect(made.body).toMatchObject({
      email,
      role: 'analyst',
      status: 'pending',
      invited_by: claimsOf(ann.access).sub,
    });

    const { token } = await mailedTo(email);
    const answer = await accept({ token, password: PASSWORD, first_name: 'Bob', last_name: 'Example' });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).sort()).toEqual(PAIR);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await me(answer.body.access_token)).body).toMatchObject({
      email,
      first_name: 'Bob',
      email_verified: true,
      tenant: { id: acme, name: 'Acme' },
      roles: ['analyst'],
    });
    expectProblem(await accept({ token, password: PASSWORD }), 400, 'TOKEN_INVALID_OR_EXPIRED');
    expectProblem(await invite({ email, role: 'viewer' }), 409, 'CONFLICT');
  });

  it('are accepted by the code that is in the mail', async () => {
    const email = anAddress();
    const { code } = await invited(email);
    expect((await accept({ email, code, password: PASSWORD })).body).toMatchObject({ tenant_id: acme });
  });

  it('say in the mail who invites to what, with nothing secret in the subject, and link to PUBLIC_URL alone', async () => {
    const elsewhere = {
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example',
      'x-forwarded-proto': 'http',
    };
    const { mail, token, code } = await invited(anAddress(), 'analyst', elsewhere);
    expect(mail.text).toContain(`${PUBLIC_URL}/accept-invitation?token=${token}`);
    for (const words of ['Ann', 'Acme', 'analyst', code]) expect(mail.text).toContain(words);
    for (const secret of [token, code]) expect(mail.headers.get('subject')).not.toContain(secret);
    expect(JSON.stringify(mail)).not.toContain('evil.example');
  });

  it('lead who has an account there by the password, and by a session, which goes on', async () => {
    const [one, two] = [anAddress(), anAddress()];
    await service.client.signedUp(one);
    const own = await service.client.signedUp(two);
    const byPassword = await accept({ token: (await invited(one)).token, password: PASSWORD });
    expect(byPassword.body).toMatchObject({ tenant_id: acme });
    const bySession = await accept({ token: (await invited(two)).token }, { token: own.access });
    expect(bySession.body).toMatchObject({ tenant_id: acme, session_id: own.session });
    expect((await me(bySession.body.access_token)).body).toMatchObject({ email: two, roles: ['analyst'] });
  });

  it('are accepted by no session that must show a second factor first; the password does, as at every sign-in', async () => {
    const email = anAddress();
    const { access } = await service.client.signedUp(email, { tenant_name: 'Careful' });
    const json = { mfa_required: true };
    const { tid } = claimsOf(access) as { tid: string };
    expect((await service.client.patch(`/tenants/${tid}/policy`, { json, token: access })).status).toBe(200);
    const { token } = await invited(email);
    expectProblem(await accept({ token }, { token: access }), 403, 'MFA_ENROLMENT_REQUIRED');
    expect((await accept({ token, password: PASSWORD }, { token: access })).body).toMatchObject({ tenant_id: acme });
  });

  it('tell by the page who is a member now, though the tenant asks for more than a password', async () => {
    const email = anAddress();
    await service.client.signedUp(email);
    const { token } = await invited(email);
    const demand = (risk: number | null): Promise<unknown> =>
      service.source.query('UPDATE tenants SET second_factor_above_risk = $2 WHERE id = $1', [acme, risk]);
    await demand(1);
    const headers = { 'user-agent': 'another/1.0', ...SAME_ORIGIN };
    const enter = (password: string): Promise<Answer> =>
      service.client.post('//accept-invitation', { form: { token, password }, headers });
    expect((await enter(`${PASSWORD}!`)).status).toBe(401);
    const answer = await enter(PASSWORD);
    await demand(null);
    expect([answer.status, answer.text.includes('You are a member now')]).toEqual([200, true]);
  });

  it('give the refresh token back into the cookie that the session lives in', async () => {
    const email = anAddress();
    const own = await service.client.signedUp(email);
    const { token } = await invited(email);
    const headers = { cookie: `__Host-dw_refresh=${own.refresh}` };
    expectProblem(await accept({ token }, { token: own.access, headers }), 403, 'CROSS_SITE_REQUEST');
    const answer = await accept({ token }, { token: own.access, headers: { ...headers, ...SAME_ORIGIN } });
    expect(answer.status).toBe(200);
    expect(answer.body.refresh_token).toBeUndefined();
    expect(answer.headers.get('set-cookie')).toContain('__Host-dw_refresh=dwrt_');
    const cookie = `__Host-dw_refresh=${(await service.client.signedUp(anAddress())).refresh}`;
    const other = await accept({ token }, { token: own.access, headers: { cookie, ...SAME_ORIGIN } });
    expectProblem(other, 400, 'CREDENTIALS_AMBIGUOUS');
  });

  it('are not accepted for an account by anybody but its user', async () => {
    const email = anAddress();
    await service.client.signedUp(email);
    const { token } = await invited(email);
    const other = await service.client.signedUp(anAddress());
    expectProblem(await accept({ token }), 401, 'TOKEN_MISSING');
    expectProblem(await accept({ token }, { token: keyHolder.expired(ann.access) }), 401, 'TOKEN_EXPIRED');
    expectProblem(await accept({ token }, { token: other.access }), 403, 'INSUFFICIENT_PERMISSIONS');
    expectProblem(await accept({ token, password: `${PASSWORD}!` }), 401, 'INVALID_CREDENTIALS');
    expect((await accept({ token, password: PASSWORD })).status).toBe(200);
  });

  it('are refused in one way, whatever is wrong with the link or the code', async () => {
    const email = anAddress();
    const { id, token, code } = await invited(email);
    const taken = await service.client.call('DELETE', `/users/invitations/${id}`, { token: ann.access });
    expect([taken.status, taken.text]).toEqual([204, '']);
    const refused = await Promise.all(
      [
        { token },
        { token: 'A'.repeat(43) },
        { token: 'x' },
        { email, code },
        { email, code: '000000' },
        { email: anAddress(), code },
        { email: 'no address', code: 'no code' },
      ].map((proof) => accept({ ...proof, password: PASSWORD })),
    );
    expectProblem(refused[0]!, 400, 'TOKEN_INVALID_OR_EXPIRED');
    for (const answer of refused) expect(masked(answer)).toEqual(masked(refused[0]!));
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['nothing', {}, 'token', 'FIELD_REQUIRED'],
    ['a code without an address', { code: '123456' }, 'email', 'FIELD_REQUIRED'],
    ['an address without a code', { email: 'bob@example.com' }, 'code', 'FIELD_REQUIRED'],
    ['two proofs', { token: 'x', email: 'bob@example.com', code: '123456' }, 'email', 'FIELD_INVALID'],
    ['a role', { token: 'x', role: 'owner' }, 'role', 'FIELD_UNKNOWN'],
    ['a token that is too long', { token: 'x'.repeat(513) }, 'token', 'FIELD_TOO_LONG'],
    ['a control character in a name', { token: 'x', first_name: 'a\nb' }, 'first_name', 'FIELD_INVALID'],
  ])('are not accepted with %s, which is named', async (_, json, field, code) => {
    const answer = await accept(json);
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors).toMatchObject([{ field, code }]);
  });

  it('ask a newcomer for a password', async () => {
    const { token } = await invited(anAddress());
    const answer = await accept({ token });
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors).toMatchObject([{ field: 'password', code: 'FIELD_REQUIRED' }]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no address', { email: 'bob', role: 'viewer' }, 'email'],
    ['an address of look-alikes', { email: 'bоb@example.com', role: 'viewer' }, 'email'],
    ['a role there is not', { email: 'bob@example.com', role: 'emperor' }, 'role'],
    ['without a role', { email: 'bob@example.com' }, 'role'],
    ['another tenant', { email: 'bob@example.com', role: 'viewer', tenant_id: 'x' }, 'tenant_id'],
  ])('are not sent to %s', async (_, json, field) => {
    const answer = await invite(json);
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors.map((error) => error.field)).toContain(field);
  });

  describe('are for those who may make users, lately signed in, of the tenant:', () => {
    let admin: string;
    let analyst: string;
    let pending: Mailed;

    beforeAll(async () => {
      const [one, two] = [await invited(anAddress(), 'admin'), await invited(anAddress())];
      admin = (await accept({ token: one.token, password: PASSWORD })).body.access_token;
      analyst = (await accept({ token: two.token, password: PASSWORD })).body.access_token;
      pending = await invited(anAddress());
    });

    const calls = (token: string, headers: Record<string, string> = {}): Promise<Answer>[] => [
      invite({ email: 'new@example.com', role: 'viewer' }, token, headers),
      service.client.post(`/users/invitations/${pending.id}/resend`, { token, headers }),
      service.client.call('DELETE', `/users/invitations/${pending.id}`, { token, headers }),
    ];

    it('others are refused', async () => {
      for (const answer of await Promise.all(calls(analyst))) expectProblem(answer, 403, 'INSUFFICIENT_PERMISSIONS');
      const list = await service.client.get('/users/invitations', { token: analyst });
      expectProblem(list, 403, 'INSUFFICIENT_PERMISSIONS');
    });

    it('an old sign-in is asked to prove itself again', async () => {
      const old = keyHolder.ofAnOldSignIn(ann.access);
      for (const answer of await Promise.all(calls(old))) expectProblem(answer, 403, 'STEP_UP_REQUIRED');
    });

    it('a role above the own one is refused', async () => {
      const answer = await invite({ email: anAddress(), role: 'owner' }, admin);
      expectProblem(answer, 403, 'INSUFFICIENT_PERMISSIONS');
      expect((await invite({ email: anAddress(), role: 'admin' }, admin)).status).toBe(201);
    });

    it('those of another tenant look as if there were none', async () => {
      const { access } = await service.client.signedUp(anAddress());
      const [, ...others] = await Promise.all(calls(access));
      for (const answer of others) expectProblem(answer, 404, 'NOT_FOUND');
      const none = await service.client.post('/users/invitations/nothing/resend', { token: ann.access });
      expectProblem(none, 404, 'NOT_FOUND');
      const own = await service.client.get('/users/invitations', { token: access });
      expect(own.body.items.map(({ email }) => email)).toEqual(['new@example.com']);
    });

    it('they see them page by page, and send one again with another link', async () => {
      const first = await service.client.get('/users/invitations?limit=2', { token: admin });
      expect([first.status, first.body.items.length]).toEqual([200, 2]);
      expect(Object.keys(first.body.items[0]!).sort()).toEqual(INVITATION);
      const cursor = first.body.next_cursor ?? '';
      const next = await service.client.get(`/users/invitations?limit=100&cursor=${cursor}`, { token: admin });
      expect(next.body.items.find(({ id }) => id === pending.id)).toMatchObject({ status: 'pending' });
      for (const query of ['limit=0', 'limit=101', 'cursor=x', 'status=pending']) {
        const answer = await service.client.get(`/users/invitations?${query}`, { token: admin });
        expectProblem(answer, 422, 'VALIDATION_FAILED');
      }
      const again = await service.client.post(`/users/invitations/${pending.id}/resend`, { token: admin });
      expect([again.status, again.text]).toEqual([202, '']);
      const email = next.body.items.find(({ id }) => id === pending.id)!.email as string;
      const tokens = (await lettersTo(email)).map(({ text }) => /token=([\w-]{43})/.exec(text)?.[1]);
      expect(new Set(tokens).size).toBe(2);
      expectProblem(await accept({ token: pending.token, password: PASSWORD }), 400, 'TOKEN_INVALID_OR_EXPIRED');
    });
  });
});
