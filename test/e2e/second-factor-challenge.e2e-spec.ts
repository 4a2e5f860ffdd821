import { MfaFacade } from '../../src/modules/mfa/mfa.facade';
import { TrustedDevicesFacade } from '../../src/modules/mfa/trusted-devices.facade';
import { Users } from '../../src/modules/identity/application/users.port';
import { Background } from '../../src/platform/concurrency/background';
import { type Answer, PASSWORD } from '../support/client';
import { InMemoryFactors, InMemoryTrustedDevices, RIGHT_CODE, WRONG_CODE } from '../support/in-memory-factors';
import { claimsOf } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { aService, type TestService } from '../support/service';

const APP = 'https://app.example.com';
const CREDENTIALS = { username: 'ann@example.com', password: PASSWORD };

describe('the challenge of a sign-in', () => {
  const factors = new InMemoryFactors();
  const devices = new InMemoryTrustedDevices();
  let service: TestService;

  beforeAll(async () => {
    service = await aService({
      hashesOnce: true,
      variables: { PUBLIC_URL: 'https://auth.example.com', CORS_ORIGINS: APP },
    });
    // What decides about codes is not what is looked at here.
    Object.assign(service.app.get(MfaFacade), {
      methodsOf: factors.methodsOf.bind(factors),
      standingOf: factors.standingOf.bind(factors),
      prepare: factors.prepare.bind(factors),
      prove: factors.prove.bind(factors),
      ask: factors.ask.bind(factors),
      post: factors.post.bind(factors),
      send: factors.send.bind(factors),
    });
    Object.assign(service.app.get(TrustedDevicesFacade), {
      recognise: devices.recognise.bind(devices),
      trust: devices.trust.bind(devices),
    });
    await enrolled('ann@example.com');
  });
  afterAll(() => service.stop());

  const enrolled = async (email: string): Promise<void> => {
    await service.client.register(email);
    const user = await service.app.get(Users).findByLogin(email);
    factors.enrol(user!.snapshot().id);
  };
  const challenged = async (): Promise<string> => {
    const { body } = await service.client.login('ann@example.com');
    return String(body.challenge_id);
  };
  const verify = (
    challenge_id: string,
    more: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const json = { challenge_id, method: 'totp', code: RIGHT_CODE, ...more };
    return service.client.post('/auth/mfa/challenge/verify', { json, headers });
  };
  const cookiesOf = ({ headers }: Answer): string[] =>
    headers.getSetCookie().map((cookie) => cookie.split('=')[0] ?? '');

  it.each<[string, () => Promise<Answer>]>([
    ['login', () => service.client.post('/auth/login', { json: CREDENTIALS })],
    ['login by a form', () => service.client.post('/auth/login', { form: CREDENTIALS })],
    ['the password form of OAuth 2', () => service.client.post('/auth/token', { form: CREDENTIALS })],
    [
      'login for a cookie',
      () => service.client.post('/auth/login', { json: CREDENTIALS, headers: { 'x-token-delivery': 'cookie' } }),
    ],
  ])('is what %s is answered with, and no token', async (_, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      mfa_required: true,
      challenge_id: expect.stringMatching(/^[\w-]{43}$/) as string,
      mfa_token: answer.body.challenge_id,
      available_methods: ['totp', 'backup_codes'],
      expires_in: 300,
      message: 'MFA verification required',
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(cookiesOf(answer)).toEqual([]);
  });

  it('is passed by the right code, which is answered as a sign-in is', async () => {
    const answer = await verify(await challenged());
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).sort()).toEqual(
      [
        'access_token',
        'expires_in',
        'refresh_expires_in',
        'refresh_token',
        'scope',
        'session_id',
        'tenant_id',
        'token_type',
      ].sort(),
    );
    expect(claimsOf(answer.body.access_token)).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
    expect((await service.client.get('/auth/me', { token: answer.body.access_token })).status).toBe(200);
    expect(cookiesOf(answer)).toEqual([]);
  });

  it('puts refresh and device token into cookies alone, for who asked for that', async () => {
    const answer = await verify(await challenged(), { remember_device: true }, { 'x-token-delivery': 'cookie' });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('refresh_token');
    expect(answer.body).not.toHaveProperty('device_token');
    expect(cookiesOf(answer).sort()).toEqual(['__Host-dw_device', '__Host-dw_refresh']);
  });

  it('plants no session in the browser of a visitor of another site', async () => {
    const challenge = await challenged();
    const headers = { 'x-token-delivery': 'cookie', origin: 'https://evil.example' };
    expectProblem(await verify(challenge, {}, headers), 403, 'CROSS_SITE_REQUEST');
    expect((await verify(challenge, {}, { ...headers, origin: APP })).status).toBe(200);
  });

  it('spares a device that was to be remembered, by its token in the header or in the cookie', async () => {
    const { body } = await verify(await challenged(), { remember_device: true });
    const token = String(body.device_token);
    expect(token).toMatch(/^dwdt_/);
    const ways: readonly Record<string, string>[] = [
      { 'x-device-token': token },
      { cookie: `__Host-dw_device=${token}` },
    ];
    for (const headers of ways) {
      const answer = await service.client.post('/auth/login', { json: CREDENTIALS, headers });
      expect(claimsOf(answer.body.access_token)).toMatchObject({ acr: 'aal1', amr: ['pwd'] });
    }
    expect(await challenged()).toMatch(/^[\w-]{43}$/);
  });

  it('is refused with one answer, whyever it is', async () => {
    const spent = await challenged();
    await verify(spent);
    const answers = [
      await verify(spent),
      await verify(await challenged(), { code: WRONG_CODE }),
      await verify(await challenged(), { method: 'sms' }),
      await verify(await challenged(), { method: 'webauthn' }),
      await verify('A'.repeat(43)),
      await verify('x'),
    ];
    for (const answer of answers) {
      expectProblem(answer, 401, 'MFA_CODE_INVALID');
      expect(masked(answer)).toEqual(masked(answers[0]!));
    }
  });

  it('is refused for as long as too many codes of the account were wrong', async () => {
    await enrolled('bob@example.com');
    const user = await service.app.get(Users).findByLogin('bob@example.com');
    const { body } = await service.client.login('bob@example.com');
    factors.stop(user!.snapshot().id, 417);
    const answer = await verify(String(body.challenge_id));
    expectProblem(answer, 429, 'RATE_LIMIT_EXCEEDED');
    expect(answer.headers.get('retry-after')).toBe('417');
  });

  it('opens nothing else: it is no access token, no refresh token, no key and no mailed link', async () => {
    const token = await challenged();
    expectProblem(await service.client.get('/auth/me', { token }), 401, 'TOKEN_INVALID');
    expectProblem(await service.client.get('/auth/me', { headers: { 'x-api-key': token } }), 401, 'API_KEY_INVALID');
    expectProblem(await service.client.refresh(token), 401, 'REFRESH_TOKEN_INVALID');
    const json = { token, new_password: 'a wholly new phrase to remember' };
    const reset = await service.client.post('/auth/password-reset/confirm', { json });
    expectProblem(reset, 400, 'TOKEN_INVALID_OR_EXPIRED');
    expect((await verify(token)).status).toBe(200);
  });

  it('has a code sent, and says the same where there is no such challenge', async () => {
    const send = (challenge_id: string): Promise<Answer> =>
      service.client.post('/auth/mfa/challenge/send', { json: { challenge_id, method: 'email' } });
    const before = factors.sent.length;
    const answers = [await send(await challenged()), await send('A'.repeat(43)), await send('x')];
    await service.app.get(Background).idle();
    for (const { status, text } of answers) expect([status, text]).toEqual([202, '']);
    expect(factors.sent.slice(before)).toMatchObject([{ method: 'email', use: { kind: 'challenge' } }]);
  });

  it('says so while nobody can count codes, whether there is such a challenge or not', async () => {
    const [known, before] = [await challenged(), factors.sent.length];
    factors.isAway = true;
    try {
      for (const challenge_id of [known, 'A'.repeat(43)]) {
        const json = { challenge_id, method: 'email' };
        const answer = await service.client.post('/auth/mfa/challenge/send', { json });
        expectProblem(answer, 503, 'DEPENDENCY_UNAVAILABLE');
      }
    } finally {
      factors.isAway = false;
    }
    await service.app.get(Background).idle();
    expect(factors.sent).toHaveLength(before);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    ['no method', { method: undefined }, 'method', 'FIELD_REQUIRED'],
    ['an unknown method', { method: 'retina' }, 'method', 'FIELD_INVALID'],
    ['no code', { code: undefined }, 'code', 'FIELD_REQUIRED'],
    ['a code that is a number', { code: 271828 }, 'code', 'FIELD_INVALID'],
    ['a long code', { code: '1'.repeat(65) }, 'code', 'FIELD_TOO_LONG'],
    ['no challenge', { challenge_id: undefined }, 'challenge_id', 'FIELD_REQUIRED'],
    ['a word for yes', { remember_device: 'true' }, 'remember_device', 'FIELD_INVALID'],
    ['a user of one’s choice', { user_id: 'x' }, 'user_id', 'FIELD_UNKNOWN'],
  ])('is not tried with %s', async (_name, more, field, code) => {
    const answer = await verify('A'.repeat(43), more);
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors.map((error) => [error.field, error.code])).toEqual([[field, code]]);
  });

  it('takes no form', async () => {
    const form = { challenge_id: 'x', method: 'totp', code: RIGHT_CODE };
    expectProblem(await service.client.post('/auth/mfa/challenge/verify', { form }), 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it('has its route beside it for a step-up, which takes a code of the session', async () => {
    const { body } = await verify(await challenged());
    const token = body.access_token;
    const before = factors.sent.length;
    const sent = await service.client.post('/auth/step-up/send', { json: { method: 'sms' }, token });
    expect([sent.status, sent.text]).toEqual([202, '']);
    expect(factors.sent.slice(before)).toMatchObject([{ use: { kind: 'session', id: body.session_id } }]);
    const json = { method: 'totp', code: RIGHT_CODE };
    expect((await service.client.post('/auth/step-up', { json, token })).status).toBe(200);
    const wrong = await service.client.post('/auth/step-up', { json: { ...json, code: WRONG_CODE }, token });
    expectProblem(wrong, 401, 'MFA_CODE_INVALID');
    expectProblem(await service.client.post('/auth/step-up/send', { json: { method: 'sms' } }), 401, 'TOKEN_MISSING');
  });
});
