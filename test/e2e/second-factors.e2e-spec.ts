import { toDataURL } from 'qrcode';
import { type Answer, PASSWORD, type Tokens } from '../support/client';
import { Authenticator, oathtool } from '../support/authenticator';
import { KeyHolder } from '../support/key-holder';
import { expectProblem } from '../support/problems';
import { aService, type TestService } from '../support/service';

const BACKUP_CODE = /^[0-9a-hjkmnp-tv-z]{4}-[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/;
const ROUTES = [
  ['POST', '/mfa/totp/setup'],
  ['POST', '/mfa/totp/verify'],
  ['POST', '/mfa/backup-codes/regenerate'],
  ['DELETE', '/mfa/totp'],
  ['DELETE', '/mfa/sms'],
  ['DELETE', '/mfa/email'],
  ['POST', '/mfa/disable'],
] as const;

type Owner = Tokens & { readonly authenticator: Authenticator; readonly backupCodes: readonly string[] };

describe('second factors', () => {
  const signer = new KeyHolder();
  let service: TestService;
  let users = 0;

  beforeAll(async () => {
    service = await aService({ variables: { ...signer.variables, MFA_ISSUER: 'Müller & Söhne' }, hashesOnce: true });
  });
  afterAll(() => service.stop());

  const call = (method: string, path: string, token?: string, json?: unknown): Promise<Answer> =>
    service.client.call(method, path, { ...(token !== undefined && { token }), json });
  const aUser = (): Promise<Tokens> => service.client.signedUp(`owner-${(users += 1)}@example.com`);
  const setUp = (token: string, json?: unknown): Promise<Answer> => call('POST', '/mfa/totp/setup', token, json);
  const verify = (token: string, code: unknown): Promise<Answer> =>
    call('POST', '/mfa/totp/verify', token, { totp_code: code });
  const statusOf = async (token: string) => (await call('GET', '/mfa/status', token)).body;
  const now = (): Date => service.clock.now();
  const anOwner = async (): Promise<Owner> => {
    const tokens = await aUser();
    const { body } = await setUp(tokens.access);
    const authenticator = new Authenticator(String(body.otpauth_url));
    expect((await verify(tokens.access, authenticator.codeAt(now()))).status).toBe(200);
    service.clock.advance({ seconds: 30 });
    return { ...tokens, authenticator, backupCodes: body.backup_codes as string[] };
  };

  it('are none at first', async () => {
    const { access } = await aUser();
    expect(await statusOf(access)).toEqual({ enabled: false, methods: [], backup_codes_remaining: 0, required: false });
  });

  describe('setting an authenticator app up', () => {
    it('shows its secret in every way an app takes it, and ten backup codes', async () => {
      const { access } = await aUser();
      const answer = await setUp(access);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const { secret, manual_entry_key: key, otpauth_url: url, backup_codes: codes, ...pictures } = answer.body;
      expect(secret).toMatch(/^[A-Z2-7]{32}$/);
      expect(key).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
      expect(String(key).replaceAll(' ', '')).toBe(secret);
      const issuer = 'M%C3%BCller%20%26%20S%C3%B6hne';
      expect(url).toBe(
        `otpauth://totp/${issuer}:owner-${users}%40example.com?secret=${String(secret)}&issuer=${issuer}` +
          '&algorithm=SHA1&digits=6&period=30',
      );
      expect(new Authenticator(String(url)).bytes).toBe(20);
      const picture = await toDataURL(String(url), { errorCorrectionLevel: 'M', margin: 4, scale: 6 });
      expect(pictures).toEqual({ qr_code: picture, qr_code_url: picture });
      expect(picture).toMatch(/^data:image\/png;base64,iVBORw0KGgo/);
      expect(codes).toHaveLength(10);
      for (const code of codes as string[]) expect(code).toMatch(BACKUP_CODE);
    });

    it.each([
      [{ app_name: 'Acme' }, 'Acme'],
      [{ app_name: 'Other', issuer: 'Acme' }, 'Acme'],
      [{ app_name: 'Ä/b% 🚪', issuer: null }, 'Ä/b% 🚪'],
    ])('calls this service as it is told: %j', async (json, name) => {
      const { body } = await setUp((await aUser()).access, json);
      expect(new URL(String(body.otpauth_url)).searchParams.get('issuer')).toBe(name);
    });

    it('asks for nothing before a code of it was shown, and for a code from then on', async () => {
      const { access } = await aUser();
      const { body } = await setUp(access);
      expect(await statusOf(access)).toMatchObject({ enabled: false, backup_codes_remaining: 0 });
      const answer = await verify(access, oathtool(String(body.secret), now()));
      expect([answer.status, answer.body]).toEqual([200, { enabled: true }]);
      const status = await statusOf(access);
      expect(status).toEqual({
        enabled: true,
        methods: [
          {
            type: 'totp',
            id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
            label: 'Authenticator app',
            confirmed_at: expect.any(String) as string,
            last_used_at: expect.any(String) as string,
          },
        ],
        backup_codes_remaining: 10,
        required: false,
      });
      const { body: me } = await call('GET', '/auth/me', access);
      expect(me.mfa_enabled).toBe(true);
    });

    it('shows the secret no second time', async () => {
      const owner = await anOwner();
      const text = JSON.stringify([
        await statusOf(owner.access),
        (await call('GET', '/auth/me', owner.access)).body,
        (await call('GET', '/users/me/export', owner.access)).body,
      ]);
      expect(text).not.toContain(owner.authenticator.secret);
      for (const code of owner.backupCodes) expect(text).not.toContain(code);
      expect((await setUp(owner.access)).body.secret).not.toBe(owner.authenticator.secret);
    });

    it('is refused with a wrong code, and with the right one where nothing was begun', async () => {
      const { access } = await aUser();
      expectProblem(await verify(access, '123456'), 409, 'CONFLICT');
      const authenticator = new Authenticator(String((await setUp(access)).body.otpauth_url));
      for (const code of [authenticator.wrongAt(now()), '12345', '1234567', 'abcdef', ' ']) {
        expectProblem(await verify(access, code), 401, 'MFA_CODE_INVALID');
      }
      expect((await verify(access, authenticator.codeAt(now()))).status).toBe(200);
    });

    it('waits a quarter of an hour after ten wrong codes', async () => {
      const { access } = await aUser();
      const authenticator = new Authenticator(String((await setUp(access)).body.otpauth_url));
      for (let count = 0; count < 10; count += 1) await verify(access, authenticator.wrongAt(now()));
      const answer = await verify(access, authenticator.codeAt(now()));
      expectProblem(answer, 429, 'RATE_LIMIT_EXCEEDED');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(890);
      expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(900);
    });

    it.each<[string, string, unknown, string, string]>([
      ['verify', 'nothing', {}, 'totp_code', 'FIELD_REQUIRED'],
      ['verify', 'a number', { totp_code: 123_456 }, 'totp_code', 'FIELD_INVALID'],
      ['verify', 'a list', { totp_code: ['123456'] }, 'totp_code', 'FIELD_INVALID'],
      ['verify', 'a long text', { totp_code: '1'.repeat(65) }, 'totp_code', 'FIELD_TOO_LONG'],
      ['verify', 'a user of one’s choice', { totp_code: '123456', user_id: 'x' }, 'user_id', 'FIELD_UNKNOWN'],
      ['setup', 'a long name', { issuer: 'x'.repeat(61) }, 'issuer', 'FIELD_TOO_LONG'],
      ['setup', 'a name of nothing', { app_name: ' : ' }, 'app_name', 'FIELD_INVALID'],
      ['setup', 'control characters', { issuer: 'A\u0007cme' }, 'issuer', 'FIELD_INVALID'],
      ['setup', 'a secret of one’s choice', { secret: 'AAAA' }, 'secret', 'FIELD_UNKNOWN'],
    ])('is not tried: %s with %s', async (path, _name, json, field, code) => {
      const answer = await call('POST', `/mfa/totp/${path}`, (await aUser()).access, json);
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.body.errors.map((error) => [error.field, error.code])).toEqual([[field, code]]);
    });
  });

  describe('backup codes', () => {
    it('are made anew for who has a factor', async () => {
      expectProblem(await call('POST', '/mfa/backup-codes/regenerate', (await aUser()).access), 409, 'CONFLICT');
      const owner = await anOwner();
      const { status, body } = await call('POST', '/mfa/backup-codes/regenerate', owner.access);
      expect([status, Object.keys(body)]).toEqual([200, ['backup_codes']]);
      const renewed = body.backup_codes as string[];
      expect(renewed).toHaveLength(10);
      for (const code of renewed) expect(code).toMatch(BACKUP_CODE);
      const old = { password: PASSWORD, code: owner.backupCodes[0] };
      expectProblem(await call('POST', '/mfa/disable', owner.access, old), 401, 'MFA_CODE_INVALID');
      const json = { password: PASSWORD, code: renewed[0] };
      expect((await call('POST', '/mfa/disable', owner.access, json)).status).toBe(204);
    });

    it('are kept as hashes of argon2id, and the secret of the app sealed', async () => {
      const owner = await anOwner();
      const rows = await service.source.query<{ text: string }[]>(
        `SELECT code_hash AS text FROM backup_codes b JOIN sessions s USING (user_id) WHERE s.id = $1`,
        [owner.session],
      );
      expect(rows).toHaveLength(10);
      for (const { text } of rows) expect(text).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    });
  });

  describe('taking them away', () => {
    const removal = ({ authenticator }: Owner, change: object = {}): object => ({
      password: PASSWORD,
      code: authenticator.codeAt(now()),
      ...change,
    });

    it.each([
      ['DELETE', '/mfa/totp'],
      ['POST', '/mfa/disable'],
    ])('needs the password and a code: %s %s', async (method, path) => {
      const owner = await anOwner();
      const wrongCode = owner.authenticator.wrongAt(now());
      const withWrongs = removal(owner, { password: 'not the password', code: wrongCode });
      expectProblem(await call(method, path, owner.access, withWrongs), 401, 'INVALID_CREDENTIALS');
      expectProblem(
        await call(method, path, owner.access, removal(owner, { code: wrongCode })),
        401,
        'MFA_CODE_INVALID',
      );
      expect((await call(method, path, owner.access, removal(owner))).status).toBe(204);
      expect(await statusOf(owner.access)).toEqual({
        enabled: false,
        methods: [],
        backup_codes_remaining: 0,
        required: false,
      });
      expectProblem(await call(method, path, owner.access, removal(owner)), 404, 'NOT_FOUND');
    });

    it.each(['/mfa/sms', '/mfa/email'])('finds none where there is none: %s', async (path) => {
      const owner = await anOwner();
      expectProblem(await call('DELETE', path, owner.access, removal(owner)), 404, 'NOT_FOUND');
    });

    it('leaves the last one where a tenant demands one', async () => {
      const owner = await anOwner();
      const sql = `UPDATE tenants SET second_factor_required = $2
        WHERE id IN (SELECT tenant_id FROM sessions WHERE id = $1)`;
      await service.source.query(sql, [owner.session, true]);
      expect(await statusOf(owner.access)).toMatchObject({ enabled: true, required: true });
      expectProblem(await call('POST', '/mfa/disable', owner.access, removal(owner)), 409, 'LAST_FACTOR_REQUIRED');
      expectProblem(await call('DELETE', '/mfa/totp', owner.access, removal(owner)), 409, 'LAST_FACTOR_REQUIRED');
      await service.source.query(sql, [owner.session, false]);
      expect((await call('DELETE', '/mfa/totp', owner.access, removal(owner))).status).toBe(204);
    });

    it.each<[string, unknown, readonly [string, string][]]>([
      [
        'nothing',
        {},
        [
          ['password', 'FIELD_REQUIRED'],
          ['code', 'FIELD_REQUIRED'],
        ],
      ],
      ['a number', { password: PASSWORD, code: 123_456 }, [['code', 'FIELD_INVALID']]],
      ['a method', { password: PASSWORD, code: '123456', method: 'totp' }, [['method', 'FIELD_UNKNOWN']]],
    ])('is not tried with %s', async (_, json, errors) => {
      const { access } = await aUser();
      for (const [method, path] of ROUTES.slice(3)) {
        const answer = await call(method, path, access, json);
        expectProblem(answer, 422, 'VALIDATION_FAILED');
        expect(answer.body.errors.map(({ field, code }) => [field, code])).toEqual(errors);
      }
    });
  });

  describe('may be dealt with', () => {
    it.each(ROUTES)('by nobody who is not signed in: %s %s', async (method, path) => {
      expectProblem(await call(method, path), 401, 'TOKEN_MISSING');
      expectProblem(await call('GET', '/mfa/status'), 401, 'TOKEN_MISSING');
    });

    it('by who has just shown who they are, and by no key', async () => {
      const { access } = await aUser();
      const key = await call('POST', '/api-keys', access, { name: 'a key', permissions: ['*:*'] });
      const headers = { 'x-api-key': String(key.body.key) };
      const old = signer.ofAnOldSignIn(access);
      for (const [method, path] of ROUTES) {
        expectProblem(await call(method, path, old), 403, 'STEP_UP_REQUIRED');
        expectProblem(await service.client.call(method, path, { headers }), 403, 'INSUFFICIENT_PERMISSIONS');
      }
      expect((await call('GET', '/mfa/status', old)).status).toBe(200);
      expectProblem(await service.client.get('/mfa/status', { headers }), 403, 'INSUFFICIENT_PERMISSIONS');
    });
  });

  it('open nothing when secrets of two users are exchanged in the database, and it is no fault of the caller', async () => {
    const [ann, bob] = [await anOwner(), await anOwner()];
    await service.source.query(
      `UPDATE factors f SET secret = o.secret FROM factors o
       WHERE f.id <> o.id AND f.user_id = ANY ($1) AND o.user_id = ANY ($1)`,
      [[await userOf(ann), await userOf(bob)]],
    );
    for (const { authenticator } of [ann, bob]) {
      const json = { password: PASSWORD, code: authenticator.codeAt(now()) };
      expectProblem(await call('POST', '/mfa/disable', ann.access, json), 503, 'DEPENDENCY_UNAVAILABLE');
    }
    expect(await statusOf(ann.access)).toMatchObject({ enabled: true });
  });

  const userOf = async ({ access }: Tokens): Promise<string> => String((await call('GET', '/auth/me', access)).body.id);
});
