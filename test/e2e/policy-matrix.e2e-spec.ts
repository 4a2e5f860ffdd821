import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Background } from '../../src/platform/concurrency/background';
import { DeliverMails } from '../../src/platform/mail/deliver-mails';
import { SigninFacade } from '../../src/modules/signin/signin.facade';
import { type Answer, type Call, PASSWORD } from '../support/client';
import { readEml } from '../support/eml';
import { aFurtherTenant } from '../support/further-tenant';
import { claimsOf } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';
import { statementsOf } from '../support/statements';
import { challenged, enrolled } from '../support/two-steps';

type Owner = {
  readonly email: string;
  readonly access: string;
  readonly refresh: string;
  readonly session: string;
  readonly tenant: string;
  readonly user: string;
};

/** An answer without tokens: its status, and the code of the error if it is one. */
type Outcome = readonly [number, string | undefined];

const OFFICE = ['203.0.113.0/24', '2001:db8:1::/48'];
const INSIDE = '203.0.113.7';
const OUTSIDE = '198.51.100.7';
const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });
const outcomeOf = ({ status, body }: Answer): Outcome => [status, body.error_code];
const DAY = 86_400;

describe('each policy of a tenant, at each way in', () => {
  let service: TestService;
  let people = 0;

  beforeAll(async () => {
    service = await aService({ variables: { TRUSTED_PROXIES: '127.0.0.1' }, hashesOnce: true });
  });
  afterAll(() => service.stop());

  const anAddress = (domain = 'example.com'): string => `person-${(people += 1)}@${domain}`;
  const post = (path: string, call: Call, address = INSIDE): Promise<Answer> =>
    service.client.post(path, { ...call, headers: { ...from(address), ...call.headers } });
  const get = (path: string, call: Call, address = INSIDE): Promise<Answer> =>
    service.client.get(path, { ...call, headers: { ...from(address), ...call.headers } });
  const signIn = (username: string, address = INSIDE, more: object = {}): Promise<Answer> =>
    post('/auth/login', { json: { username, password: PASSWORD, ...more } }, address);
  const decide = ({ tenant, access }: Owner, json: unknown, address = INSIDE): Promise<Answer> =>
    service.client.patch(`/tenants/${tenant}/policy`, { json, token: access, headers: from(address) });
  const switchTo = (tenant: string, token: string, address = INSIDE): Promise<Answer> =>
    post('/auth/switch-tenant', { json: { tenant }, token }, address);
  const accept = (token: string, more: object, call: Call = {}, address = INSIDE): Promise<Answer> =>
    post('/auth/invitations/accept', { json: { token, ...more }, ...call }, address);

  async function holder(email: string, address = INSIDE): Promise<Owner> {
    const { body, status, text } = await signIn(email, address);
    if (status !== 200) throw new Error(`Sign-in answered ${status}: ${text}`);
    const { sub = '' } = claimsOf(body.access_token);
    const tokens = { access: body.access_token, refresh: body.refresh_token, session: body.session_id };
    return { email, ...tokens, tenant: body.tenant_id, user: sub };
  }
  /** Signed in from inside to a tenant of their own, which has decided that. */
  async function anOwner(decided: object = {}): Promise<Owner> {
    const email = anAddress();
    await service.client.register(email, { tenant_name: 'Acme' });
    const owner = await holder(email);
    expect((await decide(owner, decided)).status).toBe(200);
    return owner;
  }
  async function aKeyOf({ access }: Owner): Promise<Record<string, string>> {
    const { body } = await post('/api-keys', { json: { name: 'k', permissions: ['*:*'] }, token: access });
    return { 'x-api-key': String(body.key) };
  }
  /** What the link of the newest mail to an address carries. */
  async function tokenMailedTo(address: string): Promise<string> {
    await service.app.get(Background).idle();
    await service.app.get(DeliverMails).execute();
    const folder = join(service.database.variables.DATA_DIR!, 'mail');
    const files = (await readdir(folder)).sort();
    const letters = await Promise.all(files.map(async (file) => readEml(await readFile(join(folder, file), 'utf8'))));
    const letter = letters.filter(({ headers }) => headers.get('to') === address).at(-1);
    return /\?token=([\w-]{43})/.exec(letter?.text ?? '')?.[1] ?? '';
  }
  async function invitationOf(
    { access }: Owner,
    email: string,
  ): Promise<{ readonly id: string; readonly token: string }> {
    const { status, body } = await post('/users/invite', { json: { email, role: 'viewer' }, token: access });
    expect(status).toBe(201);
    return { id: String(body.id), token: await tokenMailedTo(email) };
  }
  /** Makes somebody an administrator of a tenant that is not their oldest. */
  const addTo = (tenant: string, user: string): Promise<unknown> =>
    service.source.query(
      `WITH m AS (INSERT INTO memberships (tenant_id, user_id, created_at) VALUES ($1, $2, $3) RETURNING *)
       INSERT INTO membership_roles (tenant_id, user_id, role_id, granted_at)
       SELECT m.tenant_id, m.user_id, r.id, m.created_at FROM m, roles r WHERE r.tenant_id IS NULL AND r.name = 'admin'`,
      [tenant, user, service.clock.now()],
    );
  const reasonsOf = async (action: string, user: string): Promise<unknown[]> =>
    (await recorded(service.source, action))
      .filter(({ user_id: id, outcome }) => id === user && outcome === 'failure')
      .map(({ details }) => (details as { reason?: string }).reason);

  describe('ip_allowlist', () => {
    /** A way in, for the owner of a tenant that allows the office alone: what to do, from where it is then called. */
    type WayIn = (owner: Owner) => Promise<(address: string) => Promise<Answer>>;
    const withKey: WayIn = async (owner) => {
      const headers = await aKeyOf(owner);
      return (address) => get('/users', { headers }, address);
    };
    const intoIt: WayIn = async (owner) => {
      const { id } = await aFurtherTenant(service.app, owner.user, 'owner');
      const { body } = await switchTo(id, owner.access);
      return (address) => switchTo(owner.tenant, body.access_token, address);
    };
    const byInvitation =
      (more: object, withAccount: boolean): WayIn =>
      async (owner) => {
        const email = anAddress();
        if (withAccount) await service.client.register(email);
        const { token } = await invitationOf(owner, email);
        return (address) => accept(token, more, {}, address);
      };
    const inASession: WayIn = async (owner) => {
      const email = anAddress();
      await service.client.register(email);
      const { access } = await holder(email);
      const { token } = await invitationOf(owner, email);
      return (address) => accept(token, {}, { token: access }, address);
    };
    const bySecondFactor: WayIn = async (owner) => {
      const { app } = await enrolled(
        { post: (path: string, call: Call) => post(path, call) } as unknown as TestService['client'],
        owner,
      );
      const client = { login: (username: string) => signIn(username) } as unknown as TestService['client'];
      const challenge = await challenged(client, owner.email);
      const json = { challenge_id: challenge, method: 'totp', code: app.codeAt(new Date()) };
      return (address) => post('/auth/mfa/challenge/verify', { json }, address);
    };
    const inSession =
      (call: (owner: Owner, address: string) => Promise<Answer>): WayIn =>
      (owner) =>
        Promise.resolve((address) => call(owner, address));

    /** Joining is not entering: who accepted an invitation from outside is a member all the same, and it is used up. */
    const USED_UP: Outcome = [400, 'TOKEN_INVALID_OR_EXPIRED'];
    const IN: Outcome = [200, undefined];
    const STRANGER: Outcome = [401, 'INVALID_CREDENTIALS'];
    const KNOWN: Outcome = [403, 'INSUFFICIENT_PERMISSIONS'];

    it.each<[string, WayIn, Outcome, Outcome]>([
      ['a password', inSession(({ email }, address) => signIn(email, address)), IN, STRANGER],
      [
        'a password, where a slug names the tenant',
        inSession(({ email, tenant }, address) => signIn(email, address, { tenant })),
        IN,
        STRANGER,
      ],
      [
        'a password in a form',
        inSession(({ email }, address) => {
          const form = { grant_type: 'password', username: email, password: PASSWORD };
          return post('/auth/token', { form }, address);
        }),
        IN,
        STRANGER,
      ],
      ['a second factor', bySecondFactor, IN, [401, 'MFA_CODE_INVALID']],
      ['an invitation, of who has no account', byInvitation({ password: PASSWORD }, false), USED_UP, STRANGER],
      ['an invitation, by the password of an account', byInvitation({ password: PASSWORD }, true), USED_UP, STRANGER],
      ['an invitation, in a session', inASession, USED_UP, KNOWN],
      [
        'a refresh token',
        inSession(({ refresh }, address) => post('/auth/refresh', { json: { refresh_token: refresh } }, address)),
        IN,
        KNOWN,
      ],
      ['a switch into the tenant', intoIt, IN, KNOWN],
      ['a session', inSession(({ access }, address) => get('/users/me', { token: access }, address)), IN, KNOWN],
      [
        'a session that asks who it is',
        inSession(({ access }, address) => get('/auth/me', { token: access }, address)),
        IN,
        KNOWN,
      ],
      [
        'a session that steps up',
        inSession(({ access }, address) =>
          post('/auth/step-up', { json: { password: PASSWORD }, token: access }, address),
        ),
        IN,
        KNOWN,
      ],
      [
        'a session that would change the policy',
        inSession((owner, address) => decide(owner, { ip_allowlist: [] }, address)),
        IN,
        KNOWN,
      ],
      ['an API key', withKey, IN, KNOWN],
    ])(
      'refuses %s from outside, and no more than that: from inside nothing has changed',
      async (_, wayIn, afterwards, outside) => {
        const owner = await anOwner({ ip_allowlist: OFFICE });
        const enter = await wayIn(owner);
        const refused = await enter(OUTSIDE);
        expectProblem(refused, ...(outside as [number, string]));
        if (outside === KNOWN) expect(refused.body.detail).toContain('networks');
        expect(outcomeOf(await enter(INSIDE))).toEqual(afterwards);
      },
    );

    it('has the one answer for strangers, by the same statements as of a wrong password', async () => {
      const owner = await anOwner({ ip_allowlist: OFFICE });
      const answers: Answer[] = [];
      const asked = async (json: object): Promise<string[]> =>
        statementsOf(service.source, async () => {
          answers.push(await post('/auth/login', { json: { username: owner.email, ...json } }, OUTSIDE));
        });
      const wrong = await asked({ password: 'not the password at all' });
      const right = await asked({ password: PASSWORD });
      expect(masked(answers[1]!)).toEqual(masked(answers[0]!));
      expect(right).toHaveLength(wrong.length);
      expect(await reasonsOf('auth.login', owner.user)).toEqual(['wrong_password', 'outside_networks']);
    });

    it('binds no system administrator: from anywhere they sign in, go on, and put right what a tenant did to itself', async () => {
      const [owner, admin] = [await anOwner({ ip_allowlist: OFFICE }), await anOwner()];
      await service.source.query('UPDATE users SET system_administrator = true WHERE id = $1', [admin.user]);
      await addTo(owner.tenant, admin.user);
      const { status, body } = await signIn(admin.email, OUTSIDE, { tenant: owner.tenant });
      expect([status, body.tenant_id]).toEqual([200, owner.tenant]);
      expect((await post('/auth/refresh', { json: { refresh_token: body.refresh_token } }, OUTSIDE)).status).toBe(200);
      const there = { ...owner, access: body.access_token };
      expect((await decide(there, { ip_allowlist: ['192.0.2.0/24'] }, OUTSIDE)).status).toBe(200);
      expectProblem(await get('/auth/me', { token: owner.access }), 403, 'INSUFFICIENT_PERMISSIONS');
      expect((await decide(there, { ip_allowlist: [] }, OUTSIDE)).status).toBe(200);
      expect((await get('/auth/me', { token: owner.access })).status).toBe(200);
    });
    it('binds the keys of a system administrator like any: a program is no help', async () => {
      const owner = await anOwner({ ip_allowlist: OFFICE });
      const headers = await aKeyOf(owner);
      await service.source.query('UPDATE users SET system_administrator = true WHERE id = $1', [owner.user]);
      expectProblem(await get('/users', { headers }, OUTSIDE), 403, 'INSUFFICIENT_PERMISSIONS');
    });

    it('keeps nobody in: a session is ended from anywhere', async () => {
      const owner = await anOwner({ ip_allowlist: OFFICE });
      expect((await post('/auth/logout', { token: owner.access }, OUTSIDE)).status).toBe(204);
      expectProblem(await get('/auth/me', { token: owner.access }), 401, 'TOKEN_INVALID');
      const { refresh } = await holder(owner.email);
      expect((await post('/auth/logout', { json: { refresh_token: refresh } }, OUTSIDE)).status).toBe(204);
      expectProblem(await post('/auth/refresh', { json: { refresh_token: refresh } }), 401, 'REFRESH_TOKEN_INVALID');
    });

    it('leaves a refresh token good that came from outside, and finds one out there that was spent', async () => {
      const owner = await anOwner({ ip_allowlist: OFFICE });
      const refresh = (token: string, address?: string): Promise<Answer> =>
        post('/auth/refresh', { json: { refresh_token: token } }, address);
      expectProblem(await refresh(owner.refresh, OUTSIDE), 403, 'INSUFFICIENT_PERMISSIONS');
      const second = await refresh(owner.refresh);
      const third = await refresh(second.body.refresh_token);
      expect(third.status).toBe(200);
      expectProblem(await refresh(owner.refresh, OUTSIDE), 401, 'REFRESH_TOKEN_INVALID');
      expectProblem(await refresh(third.body.refresh_token), 401, 'REFRESH_TOKEN_INVALID');
      expect(await reasonsOf('auth.token_refreshed', owner.user)).toEqual(['outside_networks', 'revoked']);
    });

    it('holds for sessions and keys there are from the moment it is decided', async () => {
      const owner = await anOwner();
      const headers = await aKeyOf(owner);
      expect((await get('/auth/me', { token: owner.access }, OUTSIDE)).status).toBe(200);
      await decide(owner, { ip_allowlist: OFFICE });
      expectProblem(await get('/auth/me', { token: owner.access }, OUTSIDE), 403, 'INSUFFICIENT_PERMISSIONS');
      expectProblem(await get('/users', { headers }, OUTSIDE), 403, 'INSUFFICIENT_PERMISSIONS');
      await decide(owner, { ip_allowlist: [] });
      expect((await get('/auth/me', { token: owner.access }, OUTSIDE)).status).toBe(200);
    });

    it('puts what is refused on record, once a minute of one session', async () => {
      const owner = await anOwner({ ip_allowlist: OFFICE });
      const call = (): Promise<Answer> => get('/auth/me', { token: owner.access }, OUTSIDE);
      for (let time = 0; time < 5; time++) await call();
      expect(await reasonsOf('access.denied', owner.user)).toEqual(['outside_networks']);
      service.clock.advance({ seconds: 61 });
      for (let time = 0; time < 5; time++) await call();
      expect(await reasonsOf('access.denied', owner.user)).toEqual(['outside_networks', 'outside_networks']);
    });

    it('says nothing to introspection, which asks about a token and not from where it came', async () => {
      const owner = await anOwner({ ip_allowlist: OFFICE });
      const headers = await aKeyOf(owner);
      await get('/auth/me', { token: owner.access }, OUTSIDE);
      const { body } = await post('/auth/introspect', { form: { token: owner.access }, headers });
      expect(body.active).toBe(true);
    });

    it('is not decided by who would shut themselves out, who learns from where they came', async () => {
      const owner = await anOwner();
      for (const networks of [['192.0.2.0/24'], ['::/64'], [OUTSIDE]]) {
        const answer = await decide(owner, { ip_allowlist: networks });
        expectProblem(answer, 422, 'VALIDATION_FAILED');
        expect(answer.body.errors).toMatchObject([{ field: 'ip_allowlist', code: 'OWN_ADDRESS_EXCLUDED' }]);
        expect(answer.body.errors[0]?.message).toContain(INSIDE);
      }
      for (const networks of [[INSIDE], OFFICE, ['0.0.0.0/0'], []]) {
        expect((await decide(owner, { ip_allowlist: networks })).body).toMatchObject({ ip_allowlist: networks });
      }
    });
  });

  describe('allowed_email_domains', () => {
    const ALLOWED = { allowed_email_domains: ['acme.example', 'MÜLLER.example'] };
    const REFUSED: Outcome = [422, 'VALIDATION_FAILED'];
    const create = ({ access }: Owner, email: string): Promise<Answer> =>
      post('/users', { json: { email, password: PASSWORD, role: 'viewer' }, token: access });
    const invite = ({ access }: Owner, email: string): Promise<Answer> =>
      post('/users/invite', { json: { email, role: 'viewer' }, token: access });
    const fieldsOf = ({ body }: Answer): unknown => body.errors.map(({ field, code }) => [field, code]);

    it.each<[string, (owner: Owner, email: string) => Promise<Answer>]>([
      ['an account is made', create],
      ['somebody is invited', invite],
    ])('takes in, where %s, addresses of its domains alone, however they are spelled', async (_, enter) => {
      const owner = await anOwner(ALLOWED);
      for (const domain of ['acme.example', 'ACME.example', 'xn--mller-kva.example']) {
        expect((await enter(owner, anAddress(domain))).status).toBe(201);
      }
      for (const domain of ['example.com', 'mail.acme.example', 'notacme.example', 'acme.example.org']) {
        const refused = await enter(owner, anAddress(domain));
        expect([outcomeOf(refused), fieldsOf(refused)]).toEqual([REFUSED, [['email', 'EMAIL_DOMAIN_NOT_ALLOWED']]]);
      }
      const reasons = [
        ...(await recorded(service.source, 'user.created')),
        ...(await recorded(service.source, 'user.invited')),
      ]
        .filter(({ tenant_id: id, outcome }) => id === owner.tenant && outcome === 'failure')
        .map(({ details }) => (details as { reason?: string }).reason);
      expect(reasons).toEqual(Array(4).fill('email_domain_not_allowed'));
    });

    it('sends no invitation again that was made before, and lets nobody accept it', async () => {
      const owner = await anOwner();
      const [newcomer, member] = [anAddress(), anAddress()];
      await service.client.register(member);
      const invitations = [await invitationOf(owner, newcomer), await invitationOf(owner, member)];
      await decide(owner, ALLOWED);
      for (const { id, token } of invitations) {
        const resent = await post(`/users/invitations/${id}/resend`, { token: owner.access });
        expect([outcomeOf(resent), fieldsOf(resent)]).toEqual([REFUSED, [['email', 'EMAIL_DOMAIN_NOT_ALLOWED']]]);
        expectProblem(await accept(token, { password: PASSWORD }), 400, 'TOKEN_INVALID_OR_EXPIRED');
      }
      const { access } = await holder(member);
      expectProblem(await accept(invitations[1]!.token, {}, { token: access }), 400, 'TOKEN_INVALID_OR_EXPIRED');
      await decide(owner, { allowed_email_domains: [] });
      expect((await accept(invitations[0]!.token, { password: PASSWORD })).status).toBe(200);
    });

    it('binds operators too, who make an account in the tenant', async () => {
      const owner = await anOwner(ALLOWED);
      const make = (email: string): Promise<unknown> =>
        service.app.get(SigninFacade).createAccount({ email, tenant: owner.tenant, role: 'viewer' });
      const email = anAddress();
      await expect(make(email)).rejects.toMatchObject({ violations: [{ field: 'email' }] });
      expectProblem(await signIn(email), 401, 'INVALID_CREDENTIALS');
      await expect(make(anAddress('acme.example'))).resolves.toMatchObject({ tenant: { id: owner.tenant } });
    });

    it('keeps members from changing to another domain, when they ask and when they confirm', async () => {
      const owner = await anOwner();
      const change = (email: string): Promise<Answer> =>
        post('/auth/email/change', { json: { new_email: email }, token: owner.access });
      const [elsewhere, here] = [anAddress(), anAddress('acme.example')];
      expect((await change(elsewhere)).status).toBe(202);
      const asked = await tokenMailedTo(elsewhere);
      await decide(owner, ALLOWED);
      expectProblem(
        await post('/auth/email/change/confirm', { json: { token: asked } }),
        400,
        'TOKEN_INVALID_OR_EXPIRED',
      );
      const refused = await change(anAddress());
      expect([outcomeOf(refused), fieldsOf(refused)]).toEqual([REFUSED, [['new_email', 'EMAIL_DOMAIN_NOT_ALLOWED']]]);
      expect(await reasonsOf('email.changed', owner.user)).toEqual(Array(2).fill('email_domain_not_allowed'));
      expect((await change(here)).status).toBe(202);
      const confirmed = await post('/auth/email/change/confirm', { json: { token: await tokenMailedTo(here) } });
      expect(confirmed.status).toBe(204);
    });

    it('follows the strictest of several tenants, and another user no tenant of theirs', async () => {
      const owner = await anOwner(ALLOWED);
      const { id } = await aFurtherTenant(service.app, owner.user, 'owner');
      const change = ({ access }: Pick<Owner, 'access'>, email: string): Promise<Answer> =>
        post('/auth/email/change', { json: { new_email: email }, token: access });
      const { body } = await switchTo(id, owner.access);
      expect(outcomeOf(await change({ access: body.access_token }, anAddress()))).toEqual(REFUSED);
      expect((await change(await anOwner(), anAddress())).status).toBe(202);
    });

    it('leaves members there are, whatever their address: they sign in as before', async () => {
      const owner = await anOwner(ALLOWED);
      expect((await signIn(owner.email)).status).toBe(200);
      const refreshed = await post('/auth/refresh', { json: { refresh_token: owner.refresh } });
      expect(refreshed.status).toBe(200);
    });
  });

  describe('session_max_days', () => {
    const goOn = async (refresh: string): Promise<Answer> =>
      post('/auth/refresh', { json: { refresh_token: refresh } });
    const ends = async (token: string): Promise<number[]> => {
      const { body } = await get('/auth/sessions', { token });
      return body.items.map(
        ({ created_at: since, expires_at: until }) => (Date.parse(String(until)) - Date.parse(String(since))) / 1000,
      );
    };

    it.each(['password', 'refresh token', 'session, where its end is listed'])(
      'is told whoever comes by a %s: the session ends with it',
      async (way) => {
        const owner = await anOwner({ session_max_days: 1 });
        const { body } =
          way === 'password' ? await signIn(owner.email) : await goOn((await holder(owner.email)).refresh);
        if (way.startsWith('session')) expect((await ends(body.access_token))[0]).toBe(DAY);
        else {
          expect(Number(body.refresh_expires_in)).toBeGreaterThan(DAY - 60);
          expect(Number(body.refresh_expires_in)).toBeLessThanOrEqual(DAY);
        }
      },
    );

    it('ends sessions there are too, at each way they go on: a request, a refresh, a switch into the tenant', async () => {
      const [owner, other] = [await anOwner(), await anOwner()];
      await addTo(other.tenant, owner.user);
      service.clock.advance({ seconds: DAY - 600 });
      const here = await goOn(owner.refresh);
      expect(here.status).toBe(200);
      expect((await decide(await holder(owner.email), { session_max_days: 1 })).status).toBe(200);
      await service.source.query('UPDATE tenants SET session_max_days = 1 WHERE id = $1', [other.tenant]);
      expect((await get('/auth/me', { token: here.body.access_token })).status).toBe(200);
      service.clock.advance({ seconds: 660 });
      expectProblem(await get('/auth/me', { token: here.body.access_token }), 401, 'TOKEN_INVALID');
      expectProblem(await goOn(here.body.refresh_token), 401, 'REFRESH_TOKEN_INVALID');
      expect(await reasonsOf('auth.token_refreshed', owner.user)).toEqual(['holder_not_in_force']);
      await service.source.query('UPDATE tenants SET session_max_days = NULL WHERE id = $1', [owner.tenant]);
      expect((await get('/auth/me', { token: here.body.access_token })).status).toBe(200);
      expectProblem(await switchTo(other.tenant, here.body.access_token), 403, 'INSUFFICIENT_PERMISSIONS');
      expect((await get('/auth/me', { token: here.body.access_token })).status).toBe(200);
      expect(await reasonsOf('auth.tenant_switched', owner.user)).toContain('session_too_old');
      const fresh = await holder(owner.email);
      expect((await switchTo(other.tenant, fresh.access)).status).toBe(200);
    });
  });

  describe('mfa_required', () => {
    /** The tokens that a way in leads to, for a tenant whose owner has no factor. */
    type WayIn = (owner: Owner) => Promise<Answer>;
    const MFA = { mfa_required: true };

    it.each<[string, WayIn]>([
      ['a password', ({ email }) => signIn(email)],
      [
        'a password in a form',
        ({ email }) => post('/auth/token', { form: { grant_type: 'password', username: email, password: PASSWORD } }),
      ],
      ['a refresh token', ({ refresh }) => post('/auth/refresh', { json: { refresh_token: refresh } })],
      [
        'a switch into the tenant',
        async ({ user, access, tenant }) => {
          const { id } = await aFurtherTenant(service.app, user, 'owner');
          return switchTo(tenant, (await switchTo(id, access)).body.access_token);
        },
      ],
    ])('lets who comes by %s do nothing but get a factor', async (_, enter) => {
      const owner = await anOwner();
      await decide(owner, MFA);
      const { body } = await enter(owner);
      expect(body).toMatchObject({ mfa_enrolment_required: true, scope: '' });
      expectProblem(await get('/users/me', { token: body.access_token }), 403, 'MFA_ENROLMENT_REQUIRED');
    });

    it.each(['who has no account', 'the password of an account', 'a session'])(
      'lets who joins by an invitation and %s do nothing but get a factor',
      async (way) => {
        const owner = await anOwner();
        const email = anAddress();
        if (way !== 'who has no account') await service.client.register(email);
        const { token } = await invitationOf(owner, email);
        await decide(owner, MFA);
        const call = way === 'a session' ? { token: (await holder(email)).access } : {};
        const { body } = await accept(token, way === 'a session' ? {} : { password: PASSWORD }, call);
        expect(body).toMatchObject({ mfa_enrolment_required: true, scope: '' });
        expectProblem(await get('/users/me', { token: body.access_token }), 403, 'MFA_ENROLMENT_REQUIRED');
      },
    );
  });

  describe('password_history', () => {
    const [SECOND, THIRD] = ['the second of my phrases to remember', 'the third of my phrases to remember'];
    const change = (token: string, current: string, next: string): Promise<Answer> =>
      post('/auth/password/change', { json: { current_password: current, new_password: next }, token });

    it('lets no former password come back by a change, nor by a mail', async () => {
      const owner = await anOwner({ password_history: 3 });
      expect((await change(owner.access, PASSWORD, SECOND)).status).toBe(204);
      expect((await change(owner.access, SECOND, THIRD)).status).toBe(204);
      for (const former of [PASSWORD, SECOND, THIRD]) {
        const refused = await change(owner.access, THIRD, former);
        expectProblem(refused, 422, 'VALIDATION_FAILED');
        expect(refused.body.errors).toMatchObject([{ field: 'new_password' }]);
      }
      await post('/auth/password-reset/request', { json: { email: owner.email } });
      const token = await tokenMailedTo(owner.email);
      for (const former of [PASSWORD, SECOND, THIRD]) {
        const refused = await post('/auth/password-reset/confirm', { json: { token, new_password: former } });
        expectProblem(refused, 422, 'VALIDATION_FAILED');
        expect(refused.body.errors).toMatchObject([{ field: 'new_password' }]);
      }
    });

    it('sets nobody’s password by an invitation, nor by making an account that is there', async () => {
      const owner = await anOwner({ password_history: 3 });
      const email = anAddress();
      await service.client.register(email);
      const { token } = await invitationOf(owner, email);
      expectProblem(await accept(token, { password: SECOND }), 401, 'INVALID_CREDENTIALS');
      const json = { email, password: SECOND, role: 'viewer' };
      expectProblem(await post('/users', { json, token: owner.access }), 409, 'EMAIL_TAKEN');
      expect((await signIn(email)).status).toBe(200);
    });
  });
});
