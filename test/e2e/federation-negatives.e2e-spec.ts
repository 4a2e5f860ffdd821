import { generateKeyPair } from 'jose';
import type { Answer } from '../support/client';
import { ONE_DATABASE } from '../support/database';
import { MisbehavingIssuer, unsigned, type Wrong } from '../support/misbehaving-issuer';
import { expectProblem } from '../support/problems';
import { counted, type Recorded, recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';

type Id = 'first' | 'second' | 'fresh';
type Begun = { readonly to: URL; readonly cookie: string };

const seconds = (ahead: number): number => Math.floor(Date.now() / 1000) + ahead;

describe.each(ONE_DATABASE)('an identity provider that is not to be believed (%s)', (database) => {
  let first: MisbehavingIssuer;
  let second: MisbehavingIssuer;
  /** Nobody has asked this one anything yet. */
  let fresh: MisbehavingIssuer;
  let service: TestService;

  beforeAll(async () => {
    [first, second, fresh] = await Promise.all([
      MisbehavingIssuer.start(),
      MisbehavingIssuer.start(),
      MisbehavingIssuer.start(),
    ]);
    const entries = Object.entries({ first, second, fresh }).map(([id, { url, clientId, clientSecret }]) => ({
      ...{ id, name: id, issuer: url, client_id: clientId, client_secret: clientSecret },
      trust_email: id === 'first',
    }));
    const variables = { OIDC_PROVIDERS: JSON.stringify(entries), OAUTH_REDIRECT_ORIGINS: 'https://app.example.com' };
    service = await aService({ database, variables });
  });
  afterAll(async () => {
    await service.stop();
    await Promise.all([first.stop(), second.stop(), fresh.stop()]);
  });
  beforeEach(() => {
    for (const issuer of [first, second, fresh]) issuer.reset();
  });

  const login = (id: Id): Promise<Answer> => service.client.get(`/auth/oauth/${id}/login`);
  async function begin(id: Id = 'first'): Promise<Begun> {
    const answer = await login(id);
    if (answer.status !== 302) throw new Error(`The sign-in began with ${answer.status}: ${answer.text}`);
    const [cookie = ''] = answer.headers.getSetCookie();
    return { to: new URL(answer.headers.get('location') ?? ''), cookie: cookie.replace(/;.*$/, '') };
  }
  /** The browser comes back. */
  const come = (back: URL, cookie = ''): Promise<Answer> =>
    service.client.get(`/${back.pathname}${back.search}`, { headers: { accept: 'application/json', cookie } });
  async function signIn(id: Id, issuer: MisbehavingIssuer): Promise<Answer> {
    const { to, cookie } = await begin(id);
    return come(issuer.answerTo(to), cookie);
  }
  const isSignedIn = ({ headers }: Answer): boolean =>
    headers.getSetCookie().some((cookie) => /^dw_refresh=[^;]/.test(cookie));
  /** What was recorded meanwhile, with the answer. Nobody is in, and nobody new is there. */
  async function refused(attempt: () => Promise<Answer>): Promise<{ answer: Answer; events: Recorded[] }> {
    const before = await recorded(service.source);
    const tables = ['users', 'sessions', 'linked_identities'];
    const there = await counted(service.source, ...tables);
    const answer = await attempt();
    expect(isSignedIn(answer)).toBe(false);
    expect(await counted(service.source, ...tables)).toEqual(there);
    return { answer, events: (await recorded(service.source)).slice(before.length) };
  }
  /** For whoever is at a provider, and for nobody else. */
  const tenMinutesPass = (): Promise<unknown> =>
    service.source.query(
      `UPDATE oauth_transactions SET created_at = created_at - interval '10 minutes',
                                     expires_at = expires_at - interval '10 minutes'`,
    );
  const failure = (provider: Id, reason: string): unknown[] => [
    expect.objectContaining({
      action: 'oauth.login',
      outcome: 'failure',
      user_id: null,
      details: { provider, reason },
    }),
  ];

  it('is believed as long as it does all as it should', async () => {
    const answer = await signIn('first', first);
    expect([answer.status, isSignedIn(answer)]).toEqual([200, true]);
  });

  it('is believed when a program brings its answer, which by the contract is a code and a state', async () => {
    const accept = { accept: 'application/json' };
    const { body } = await service.client.get('/auth/oauth/first/login', { headers: accept });
    const back = first.answerTo(String(body['authorization_url'])).searchParams;
    const json = { provider: 'first', code: back.get('code'), state: body['state'] };
    const answer = await service.client.post('/auth/oauth/callback', { json });
    expect([answer.status, answer.body.token_type]).toEqual([200, 'bearer']);
  });

  describe.each<[string, string, readonly [string, Wrong][]]>([
    [
      'proves nobody, and nobody is let in',
      'token_not_believed',
      [
        ['a signature of somebody else', { idToken: async (c, i) => i.sign(c, {}, await generateKeyPair('ES256')) }],
        [
          'a signature of a key it does not show',
          { idToken: (claims, issuer) => issuer.sign(claims, { kid: 'other' }) },
        ],
        ['no signature', { idToken: unsigned }],
        ['a signature with the client’s secret', { idToken: (c, i) => i.signShared(c, i.clientSecret) }],
        ['one with its public key as a secret', { idToken: async (c, i) => i.signShared(c, await i.publicPem()) }],
        ['no ID token', { idToken: null }],
        ['the name of another issuer', { claims: { iss: 'https://accounts.google.com' } }],
        ['another audience', { claims: { aud: 'other' } }],
        ['two audiences, and no word for whom it was made', { claims: { aud: ['doorward.test', 'other'] } }],
        ['two audiences, made for the other', { claims: { aud: ['doorward.test', 'other'], azp: 'other' } }],
        ['one audience, made for another', { claims: { azp: 'other' } }],
        ['an end that is over', { claims: { exp: seconds(-3600), iat: seconds(-7200) } }],
        ['no end', { claims: { exp: undefined } }],
        ['no beginning', { claims: { iat: undefined } }],
        ['the nonce of another sign-in', { claims: { nonce: 'another' } }],
        ['no nonce', { claims: { nonce: undefined } }],
      ],
    ],
    [
      'names nobody, and nobody is let in',
      'no_subject',
      [
        ['a subject without a letter', { claims: { sub: '' } }],
        ['a subject that is too long', { claims: { sub: 'x'.repeat(256) } }],
      ],
    ],
    [
      'answers for another, and nobody is let in',
      'other_issuer',
      [
        ['another issuer', { answeredBy: 'https://a.example' }],
        ['no word of who it is, which it promised', { answeredBy: null }],
      ],
    ],
    [
      'does not take its code back, and nobody is let in',
      'code_refused',
      [['that it is no code', { at: { token: { kind: 'json', status: 400, body: { error: 'invalid_grant' } } } }]],
    ],
  ])('that %s', (_, reason, cases) => {
    it.each(cases)('by %s', async (_name, wrong) => {
      first.wrong = wrong;
      const { answer, events } = await refused(() => signIn('first', first));
      expectProblem(answer, 401, 'INVALID_CREDENTIALS');
      expect(events).toEqual(failure('first', reason));
    });
  });

  describe('that is away', () => {
    it.each<[string, Wrong]>([
      ['hanging up', { at: { token: { kind: 'cut' } } }],
      ['failing', { at: { token: { kind: 'raw', status: 500, body: '<h1>Oops: secret</h1>' } } }],
      ['sending elsewhere', { at: { token: { kind: 'redirect', to: 'http://127.0.0.1:9/' } } }],
      ['saying too much', { at: { token: { kind: 'huge' } } }],
      ['saying nothing at all, within five seconds', { at: { token: { kind: 'hanging' } } }],
    ])('by %s, is nobody’s failure: later', async (_, wrong) => {
      first.wrong = wrong;
      const began = performance.now();
      const { answer, events } = await refused(() => signIn('first', first));
      expect(performance.now() - began).toBeLessThan(5_000);
      expectProblem(answer, 503, 'DEPENDENCY_UNAVAILABLE');
      expect(answer.text).not.toContain('secret');
      expect(events).toEqual(failure('first', 'provider_unavailable'));
    });

    it.each<[string, Wrong]>([
      ['says it is another', { metadata: { issuer: 'https://accounts.google.com' } }],
      ['sends browsers where there is no page', { metadata: { authorization_endpoint: 'javascript:alert(1)' } }],
    ])('or %s, is not begun with', async (_, wrong) => {
      fresh.wrong = wrong;
      const { answer, events } = await refused(() => login('fresh'));
      expectProblem(answer, 503, 'DEPENDENCY_UNAVAILABLE');
      expect([answer.headers.getSetCookie(), events]).toEqual([[], []]);
    });

    it('is begun with as soon as it is back', async () => {
      expect((await begin('fresh')).to.origin).toBe(fresh.url);
    });
  });

  describe('that answers', () => {
    it('is asked with secrets of their own each time', async () => {
      const begun = await Promise.all([begin(), begin(), begin()]);
      for (const name of ['state', 'nonce', 'code_challenge']) {
        const values = begun.map(({ to }) => to.searchParams.get(name));
        expect([new Set(values).size, values.every((value) => /^[\w-]{43}$/.test(value ?? ''))]).toEqual([3, true]);
      }
      expect(begun.map(({ to }) => to.searchParams.get('code_challenge_method'))).toEqual(Array(3).fill('S256'));
    });

    it.each<[string, string, (back: URL, begun: Begun) => Promise<Answer>]>([
      ['without the cookie', 'other_browser', (back) => come(back)],
      ['with the cookie of another browser', 'other_browser', async (back) => come(back, (await begin()).cookie)],
      ['a second time', 'state_unknown', async (back, { cookie }) => (await come(back, cookie), come(back, cookie))],
      [
        'with another state',
        'state_unknown',
        (back, { cookie }) => (back.searchParams.set('state', 'x'.repeat(43)), come(back, cookie)),
      ],
      ['after ten minutes', 'expired', async (back, { cookie }) => (await tenMinutesPass(), come(back, cookie))],
      [
        'where another provider answers',
        'state_unknown',
        (back, { cookie }) => come(new URL(back.href.replace('/first/', '/second/')), cookie),
      ],
    ])('%s finds no sign-in that waits', async (_, reason, bring) => {
      const begun = await begin();
      first.wrong = { claims: { sub: 'somebody-known' } };
      const answer = await bring(first.answerTo(begun.to), begun);
      expectProblem(answer, 400, 'OAUTH_STATE_INVALID');
      expect(isSignedIn(answer)).toBe(false);
      expect((await recorded(service.source)).at(-1)).toMatchObject({
        action: 'oauth.login',
        outcome: 'failure',
        details: { reason },
      });
    });

    it('has its own people, whatever another calls its own', async () => {
      first.wrong = { claims: { sub: 'one-and-the-same', email: 'one@example.com' } };
      second.wrong = { claims: { sub: 'one-and-the-same', email: 'other@example.com' } };
      const answers = [await signIn('first', first), await signIn('second', second)];
      expect(answers.map(isSignedIn)).toEqual([true, true]);
      const users = await service.source.query<{ user_id: string }[]>(
        `SELECT DISTINCT user_id FROM linked_identities WHERE subject = 'one-and-the-same'`,
      );
      expect(users).toHaveLength(2);
    });

    it.each<[string, Id, boolean]>([
      ['it is not trusted', 'second', true],
      ['it has not seen proven itself', 'first', false],
    ])('opens no account by an address that %s', async (_, id, verified) => {
      await service.client.register(`carl-${id}@example.com`);
      const issuer = id === 'first' ? first : second;
      issuer.wrong = { claims: { sub: 'carl', email: `carl-${id}@example.com`, email_verified: verified } };
      const { answer, events } = await refused(() => signIn(id, issuer));
      expectProblem(answer, 409, 'EMAIL_TAKEN');
      expect(events).toEqual(failure(id, 'address_taken'));
    });
  });
});
