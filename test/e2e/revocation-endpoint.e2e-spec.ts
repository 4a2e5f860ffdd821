import { DataSource } from 'typeorm';
import { type Answer, PASSWORD, type Tokens } from '../support/client';
import { ONE_DATABASE } from '../support/database';
import { KeyHolder } from '../support/key-holder';
import { expectProblem } from '../support/problems';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe.each(ONE_DATABASE)('revocation (%s)', (database) => {
  const signer = new KeyHolder();
  let service: TestService;
  let mine: Tokens;
  let other: Tokens;

  beforeAll(async () => {
    service = await aService({ database, variables: { ...signer.variables, RATE_LIMITS: 'off' } });
    await service.client.register('ann@example.com');
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    mine = await service.client.signedIn('ann@example.com');
    other = await service.client.signedIn('ann@example.com');
  });

  const revoke = (token: string): Promise<Answer> => service.client.post('/auth/revoke', { form: { token } });
  const me = (token: string): Promise<Answer> => service.client.get('/auth/me', { token });
  async function expectEnded({ access, refresh }: Tokens): Promise<void> {
    expectProblem(await me(access), 401, 'TOKEN_INVALID');
    expectProblem(await service.client.refresh(refresh), 401, 'REFRESH_TOKEN_INVALID');
  }
  async function expectAlive({ access, refresh }: Tokens): Promise<void> {
    expect((await me(access)).status).toBe(200);
    expect((await service.client.refresh(refresh)).status).toBe(200);
  }

  it.each<[string, (tokens: Tokens) => string]>([
    ['an access token', ({ access }) => access],
    ['a refresh token', ({ refresh }) => refresh],
  ])('of %s ends its session with all its tokens, and no other', async (_name, pick) => {
    expect((await me(mine.access)).status).toBe(200);
    const answer = await revoke(pick(mine));
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    await expectEnded(mine);
    await expectAlive(other);
    const last = (await recorded(service.app.get(DataSource), 'session.revoked')).at(-1);
    expect(last).toMatchObject({ outcome: 'success', details: { reason: 'revoked_by_client' } });
  });

  it('of a spent refresh token ends its session too', async () => {
    const { body } = await service.client.refresh(mine.refresh);
    expect((await revoke(mine.refresh)).status).toBe(200);
    await expectEnded({ access: body.access_token, refresh: body.refresh_token, session: mine.session });
  });

  it('is answered alike whatever the token was, and ends nothing by a token that is not good', async () => {
    const payload = Buffer.from('{}').toString('base64url');
    const gone = await service.client.signedIn('ann@example.com');
    await revoke(gone.access);
    const events = (await recorded(service.app.get(DataSource), 'session.revoked')).length;
    const tokens = [
      'unknown',
      '..',
      ' ',
      gone.access,
      gone.refresh,
      signer.expired(mine.access),
      signer.altered(mine.access, { header: { typ: 'JWT' } }),
      signer.altered(mine.access, { claims: { iss: 'https://evil.example' } }),
      mine.access.replace(/\.[^.]+\./, `.${payload}.`),
      mine.refresh.slice(0, -1),
      mine.refresh.replace('dwrt_', ''),
      mine.session,
    ];
    const said = new Set<string>();
    for (const token of tokens) {
      const { status, text } = await revoke(token);
      said.add(`${status} ${text}`);
    }
    expect([...said]).toEqual(['200 ']);
    expect((await recorded(service.app.get(DataSource), 'session.revoked')).length).toBe(events);
    await expectAlive(mine);
  });

  it('is of the session, not of one spelling of the token', async () => {
    await revoke(mine.access);
    const [header = '', payload = '', signature = ''] = mine.access.split('.');
    const spare = LETTERS[LETTERS.indexOf(signature.at(-1) ?? '') ^ 1] ?? '';
    const spaced = Buffer.from(` ${Buffer.from(header, 'base64url').toString()}`).toString('base64url');
    const respelt = [
      mine.access,
      `${mine.access}=`,
      `${header}=.${payload}=.${signature}=`,
      `${header}.${payload}.${signature.slice(0, -1)}${spare}`,
      `${spaced}.${payload}.${signature}`,
      signer.altered(mine.access, { claims: { jti: '01890a5d-ac96-774b-bcce-b302099a8057' } }),
    ];
    for (const token of respelt) expectProblem(await me(token), 401, 'TOKEN_INVALID');
  });

  it('is asked for in a form or in JSON, with what OAuth clients send along, right or wrong', async () => {
    const more = { token_type_hint: 'access_token', client_id: 'x', client_secret: 'y' };
    const asForm = await service.client.post('/auth/revoke', { form: { token: mine.refresh, ...more } });
    const asJson = await service.client.post('/auth/revoke', { json: { token: other.access, ...more } });
    expect([asForm.status, asJson.status]).toEqual([200, 200]);
    await expectEnded(mine);
    await expectEnded(other);
  });

  it.each<[string, string, Record<string, string>, string, string]>([
    ['nothing', '', {}, 'token', 'FIELD_REQUIRED'],
    ['an empty token', '', { token: '' }, 'token', 'FIELD_REQUIRED'],
    ['another field', '', { token: 'x', session_id: 'y' }, 'session_id', 'FIELD_UNKNOWN'],
  ])('is not tried with %s', async (_name, query, form, field, code) => {
    const answer = await service.client.post(`/auth/revoke${query}`, { form });
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors.map((error) => [error.field, error.code])).toContainEqual([field, code]);
  });

  it('reads no token from the query, a header or the cookie', async () => {
    const cookie = { cookie: `dw_refresh=${mine.refresh}`, 'sec-fetch-site': 'same-origin' };
    const attempts = [
      await service.client.post(`/auth/revoke?token=${mine.access}`, { form: {} }),
      await service.client.post('/auth/revoke', { form: {}, token: mine.access }),
      await service.client.post('/auth/revoke', { form: {}, headers: cookie }),
    ];
    for (const answer of attempts) expectProblem(answer, 422, 'VALIDATION_FAILED');
    await expectAlive(mine);
  });

  it('does not mind who asks: bearing the token is enough', async () => {
    await service.client.register('bob@example.com');
    const bob = await service.client.signedIn('bob@example.com', PASSWORD);
    const answer = await service.client.post('/auth/revoke', { form: { token: mine.refresh }, token: bob.access });
    expect(answer.status).toBe(200);
    await expectEnded(mine);
    await expectAlive(bob);
  });
});
