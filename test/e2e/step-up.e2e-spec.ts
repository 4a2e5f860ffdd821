import { DataSource } from 'typeorm';
import { type Answer, PASSWORD, type Tokens } from '../support/client';
import { aFurtherTenant } from '../support/further-tenant';
import { claimsOf, KeyHolder } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

describe('a step-up', () => {
  const signer = new KeyHolder();
  let service: TestService;
  let mine: Tokens;
  /** An access token of a sign-in long ago. */
  let stale: string;

  beforeAll(async () => {
    // Without a grace a refresh token that was replaced is refused at once.
    service = await aService({ variables: { ...signer.variables, REFRESH_GRACE: '0', RATE_LIMITS: 'off' } });
    await service.client.register('ann@example.com');
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    mine = await service.client.signedIn('ann@example.com');
    stale = signer.ofAnOldSignIn(mine.access);
  });

  const stepUp = (json: unknown, token = stale): Promise<Answer> =>
    service.client.post('/auth/step-up', { json, token });
  const prove = (token = stale): Promise<Answer> => stepUp({ password: PASSWORD }, token);
  const createKey = (token: string): Promise<Answer> =>
    service.client.post('/api-keys', { json: { name: 'a key', permissions: ['detector:read'] }, token });
  const last = async (action: string) => (await recorded(service.app.get(DataSource), action)).at(-1);

  it('is what a sign-in of long ago needs for what is dangerous', async () => {
    expectProblem(await createKey(stale), 403, 'STEP_UP_REQUIRED');
    expect(await last('access.denied')).toMatchObject({
      outcome: 'failure',
      details: { reason: 'step_up_required' },
    });
    const { body } = await prove();
    expect((await createKey(body.access_token)).status).toBe(201);
  });

  it('answers with an access token and nothing else', async () => {
    const answer = await prove();
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
      token_type: 'bearer',
      expires_in: expect.any(Number) as number,
    });
    expect(answer.body.expires_in).toBeGreaterThan(850);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('gives a token of the same session, user and tenant, whose proof is of now', async () => {
    const before = claimsOf(stale);
    const after = claimsOf((await prove()).body.access_token);
    for (const claim of ['iss', 'aud', 'sub', 'sid', 'tid', 'client_id', 'acr', 'amr', 'roles', 'permissions']) {
      expect([claim, after[claim]]).toEqual([claim, before[claim] as unknown]);
    }
    expect(after.jti).not.toBe(before.jti);
    expect(after.auth_time).toBe(after.iat);
  });

  it('does not make a token fresh that was there before: it may be in other hands', async () => {
    await prove();
    expectProblem(await createKey(stale), 403, 'STEP_UP_REQUIRED');
    expect((await service.client.get('/auth/me', { token: stale })).status).toBe(200);
  });

  it('leaves the refresh token as it is', async () => {
    await prove();
    expect((await service.client.refresh(mine.refresh)).status).toBe(200);
  });

  it('is not had by a refresh', async () => {
    await service.app
      .get(DataSource)
      .query(`UPDATE sessions SET authenticated_at = authenticated_at - interval '1 day' WHERE id = $1`, [
        mine.session,
      ]);
    const { body } = await service.client.refresh(mine.refresh);
    expect(claimsOf(body.access_token).auth_time).toBe(Number(claimsOf(mine.access).auth_time) - 86_400);
    expectProblem(await createKey(body.access_token), 403, 'STEP_UP_REQUIRED');
  });

  it('speaks for the tenant of the token that asked, wherever the session is by now', async () => {
    const { sub = '', tid } = claimsOf(stale) as { sub?: string; tid: string };
    const { id } = await aFurtherTenant(service.app, sub);
    const switched = await service.client.post('/auth/switch-tenant', { json: { tenant: id }, token: mine.access });
    expect(claimsOf((await prove(stale)).body.access_token).tid).toBe(tid);
    expect(claimsOf((await prove(switched.body.access_token)).body.access_token).tid).toBe(id);
  });

  it('is refused with the wrong password, and leaves the session alone', async () => {
    expectProblem(await stepUp({ password: 'not the password' }), 401, 'INVALID_CREDENTIALS');
    expect(await last('auth.step_up')).toMatchObject({ outcome: 'failure', actor: 'user' });
    expect((await service.client.get('/auth/me', { token: stale })).status).toBe(200);
  });

  it('is refused with a code of a factor the user does not have, whichever is named', async () => {
    const answers: Answer[] = [];
    for (const method of ['totp', 'sms', 'email', 'backup_codes', 'webauthn']) {
      answers.push(await stepUp({ method, code: '123456' }));
    }
    for (const answer of answers) {
      expectProblem(answer, 401, 'MFA_CODE_INVALID');
      expect(masked(answer)).toEqual(masked(answers[0]!));
    }
    expect(await last('auth.step_up')).toMatchObject({ outcome: 'failure' });
  });

  it.each<[string, unknown, string, string]>([
    ['nothing', {}, 'password', 'FIELD_REQUIRED'],
    ['nulls', { password: null, method: null, code: null }, 'password', 'FIELD_REQUIRED'],
    ['two proofs', { password: PASSWORD, method: 'totp', code: '123456' }, 'password', 'FIELD_INVALID'],
    ['a method alone', { method: 'totp' }, 'code', 'FIELD_REQUIRED'],
    ['a code alone', { code: '123456' }, 'method', 'FIELD_REQUIRED'],
    ['an empty password', { password: '' }, 'password', 'FIELD_REQUIRED'],
    ['a password that is no text', { password: 7 }, 'password', 'FIELD_INVALID'],
    ['an unknown method', { method: 'retina', code: '123456' }, 'method', 'FIELD_INVALID'],
    ['a user of one’s choice', { password: PASSWORD, user_id: 'x' }, 'user_id', 'FIELD_UNKNOWN'],
  ])('is not tried with %s', async (_name, json, field, code) => {
    const answer = await stepUp(json);
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors.map((error) => [error.field, error.code])).toEqual([[field, code]]);
  });

  it('is for signed-in users: no key, no cookie, no ended session', async () => {
    const { body } = await createKey(mine.access);
    const json = { password: PASSWORD };
    const byKey = await service.client.post('/auth/step-up', { json, headers: { 'x-api-key': String(body.key) } });
    expectProblem(byKey, 403, 'INSUFFICIENT_PERMISSIONS');
    const cookie = { cookie: `dw_refresh=${mine.refresh}`, ...SAME_ORIGIN };
    expectProblem(await service.client.post('/auth/step-up', { json, headers: cookie }), 401, 'TOKEN_MISSING');
    await service.client.post('/auth/logout', { token: mine.access });
    expectProblem(await prove(), 401, 'TOKEN_INVALID');
  });

  it('is put on record', async () => {
    await prove();
    const { sub, tid } = claimsOf(stale) as { sub?: string; tid: string };
    expect(await last('auth.step_up')).toEqual({
      action: 'auth.step_up',
      outcome: 'success',
      actor: 'user',
      user_id: sub,
      tenant_id: tid,
      details: { amr: ['pwd'] },
    });
  });
});
