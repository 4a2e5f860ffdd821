import { ProviderAnswerRefused, ProviderUnavailable } from '../../../src/modules/federation/domain/errors';
import { OidcProvider } from '../../../src/modules/federation/infrastructure/oidc/oidc-provider';
import { generateKeyPair } from 'jose';
import type { Redeemed } from '../../../src/modules/federation/application/providers/identity-provider.port';
import { anOpening, aProvider, callsOf, KeptWarnings } from '../../support/a-provider';
import {
  type Endpoint,
  MisbehavingIssuer,
  type Misbehaviour,
  unsigned,
  type Wrong,
} from '../../support/misbehaving-issuer';
import { TestClock } from '../../support/test-clock';

/** What a question may take in these tests. */
const BUDGET_MS = 200;
const opening = anOpening();

let issuer: MisbehavingIssuer;
let clock: TestClock;
let log: KeptWarnings;
let provider: OidcProvider;

beforeAll(async () => {
  issuer = await MisbehavingIssuer.start();
});
afterAll(() => issuer.stop());
beforeEach(() => {
  issuer.reset();
  clock = new TestClock();
  log = new KeptWarnings();
  provider = aProviderWithin(4_000);
});
afterEach(() => {
  jest.restoreAllMocks();
});

function aProviderWithin(budgetMs: number): OidcProvider {
  const { url, clientId, clientSecret } = issuer;
  return new OidcProvider(aProvider({ issuer: url, clientId, clientSecret }), callsOf(log, budgetMs), clock);
}

async function signedIn(): Promise<Redeemed> {
  const { searchParams } = issuer.answerTo(await provider.authorizationUrl(opening));
  return provider.redeem({ code: searchParams.get('code')!, issuer: searchParams.get('iss') }, opening);
}

/** How it ends, and how long that took. */
async function refusal(): Promise<{ readonly error: unknown; readonly tookMs: number }> {
  const from = performance.now();
  const error = await signedIn().then(
    ({ identity }) => identity,
    (thrown: unknown) => thrown,
  );
  return { error, tookMs: performance.now() - from };
}

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

describe('an issuer that does all as it should', () => {
  it('is believed, and shown the client in the header, the verifier and the address', async () => {
    const { identity } = await signedIn();
    expect(identity).toMatchObject({ issuer: issuer.url, subject: issuer.subject, emailProven: true });
    const [{ form, authorization } = { form: new URLSearchParams(), authorization: '' }] = issuer.received;
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'authorization_code',
      code: expect.any(String) as string,
      redirect_uri: opening.redirectUri,
      code_verifier: opening.codeVerifier,
    });
    const credentials = Buffer.from(`${issuer.clientId}:${issuer.clientSecret}`).toString('base64');
    expect(authorization).toBe(`Basic ${credentials}`);
  });

  it('is shown the client in the form where it knows no other way', async () => {
    issuer.wrong = { metadata: { token_endpoint_auth_methods_supported: ['client_secret_post'] } };
    await signedIn();
    const [{ form, authorization } = { form: new URLSearchParams(), authorization: '' }] = issuer.received;
    expect([form.get('client_id'), form.get('client_secret')]).toEqual([issuer.clientId, issuer.clientSecret]);
    expect(authorization).toBeUndefined();
  });

  it('is asked for its metadata once an hour, however many sign in', async () => {
    await Promise.all(Array.from({ length: 5 }, () => provider.authorizationUrl(opening)));
    await signedIn();
    clock.advance({ seconds: 3_599 });
    await signedIn();
    expect(issuer.asked).toMatchObject({ metadata: 1, jwks: 1 });
    clock.advance({ seconds: 1 });
    await signedIn();
    expect(issuer.asked.metadata).toBe(2);
  });

  it('is asked again at once when its metadata did not come', async () => {
    issuer.wrong = { at: { metadata: { kind: 'json', status: 500, body: {} } } };
    await expect(signedIn()).rejects.toBeInstanceOf(ProviderUnavailable);
    issuer.wrong = {};
    await expect(signedIn()).resolves.toBeDefined();
  });

  it('is believed by a new key a minute after the old one was read, and by an unknown one not asked for again before', async () => {
    await signedIn();
    await issuer.rotate('key-2');
    expect((await refusal()).error).toBeInstanceOf(ProviderAnswerRefused);
    expect(issuer.asked.jwks).toBe(1);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 61_000);
    await expect(signedIn()).resolves.toBeDefined();
    expect(issuer.asked.jwks).toBe(2);
  });
});

describe('an answer is not believed', () => {
  const claimed = (claims: Wrong['claims']): Wrong => ({ claims });
  const bad = 'token_not_believed';

  it.each<[string, string, Wrong]>([
    ['by another issuer', bad, claimed({ iss: 'https://evil.example' })],
    ['by the issuer with a slash', bad, claimed({ iss: 'http://127.0.0.1/' })],
    ['by nobody', bad, claimed({ iss: undefined })],
    ['for another client', bad, claimed({ aud: 'another' })],
    ['for nobody', bad, claimed({ aud: undefined })],
    ['for another client too', bad, claimed({ aud: ['doorward.test', 'another'] })],
    ['for two clients, to the other one', bad, claimed({ aud: ['doorward.test', 'another'], azp: 'another' })],
    ['for this client, to another', bad, claimed({ azp: 'another' })],
    ['after its end', bad, claimed({ exp: inSeconds(-3_600) })],
    ['without an end', bad, claimed({ exp: undefined })],
    ['before its beginning', bad, claimed({ nbf: inSeconds(3_600) })],
    ['without the time it was made', bad, claimed({ iat: undefined })],
    ['made at no time', bad, claimed({ iat: 'yesterday' })],
    ['made after its end', bad, claimed({ iat: inSeconds(3_600) })],
    ['of another transaction', bad, claimed({ nonce: 'another' })],
    ['of no transaction', bad, claimed({ nonce: undefined })],
    ['about nobody', bad, claimed({ sub: undefined })],
    ['about a number', bad, claimed({ sub: 1 })],
    ['about an empty name', 'no_subject', claimed({ sub: '' })],
    ['about a name without end', 'no_subject', claimed({ sub: 'x'.repeat(256) })],
    ['that nobody signed', bad, { idToken: (claims) => unsigned(claims) }],
    ['signed with the client’s secret', bad, { idToken: (claims, by) => by.signShared(claims, by.clientSecret) }],
    [
      'signed with the public key as a secret',
      bad,
      { idToken: async (claims, by) => by.signShared(claims, await by.publicPem()) },
    ],
    [
      'signed with another key of that name',
      bad,
      { idToken: async (claims, by) => by.sign(claims, {}, await generateKeyPair('ES256')) },
    ],
    ['signed with a key nobody knows', bad, { idToken: (claims, by) => by.sign(claims, { kid: 'unknown' }) }],
    ['whose signature is of something else', bad, { idToken: (claims, by) => exchanged(claims, by) }],
    ['whose signature is cut off', bad, { idToken: async (claims, by) => (await by.sign(claims)).slice(0, -4) }],
    [
      'whose signature is missing',
      bad,
      { idToken: async (claims, by) => (await by.sign(claims)).replace(/[^.]*$/, '') },
    ],
    ['that is no token', bad, { idToken: () => 'token' }],
    ['that is no JSON within', bad, { idToken: () => 'e30.e30x.e30' }],
    ['that is missing', bad, { idToken: null }],
    ['of another kind', bad, { tokens: { token_type: 'mac' } }],
    ['that says in the address that another issuer made it', 'other_issuer', { answeredBy: 'https://evil.example' }],
    ['that does not say there who made it, of an issuer that always does', 'other_issuer', { answeredBy: null }],
    ['to a code that is none', 'code_refused', { at: { token: refusedWith('invalid_grant') } }],
    [
      'with an address of somebody else',
      'other_subject',
      { ...claimed({ email: undefined }), userinfo: { sub: 'somebody-else', email: 'a@example.com' } },
    ],
    [
      'with an address that nobody signed',
      'other_subject',
      {
        ...claimed({ email: undefined }),
        at: {
          userinfo: {
            kind: 'raw',
            status: 200,
            headers: { 'Content-Type': 'application/jwt' },
            body: unsigned({ sub: 'subject-1', email: 'a@example.com' }),
          },
        },
      },
    ],
  ])('%s', async (_, reason, wrong) => {
    issuer.wrong = wrong;
    const { error } = await refusal();
    expect(error).toBeInstanceOf(ProviderAnswerRefused);
    expect(error).toMatchObject({ code: 'INVALID_CREDENTIALS', reason });
    expect(log.warnings).toEqual([]);
  });
});

describe('an issuer is unavailable', () => {
  const html: Misbehaviour = {
    kind: 'raw',
    status: 200,
    headers: { 'Content-Type': 'text/html' },
    body: '<h1>Soon</h1>',
  };
  const torn: Misbehaviour = {
    kind: 'raw',
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: '{"a":',
  };
  const unwell: Misbehaviour = { kind: 'json', status: 500, body: { error: 'server_error' } };
  const elsewhere: Misbehaviour = { kind: 'redirect', to: 'http://127.0.0.1:1/' };
  const EVERY: readonly (readonly [string, Misbehaviour])[] = [
    ['unwell', unwell],
    ['a page', html],
    ['torn JSON', torn],
    ['silent', { kind: 'hanging' }],
    ['endless', { kind: 'dripping' }],
    ['huge', { kind: 'huge' }],
    ['elsewhere', elsewhere],
    ['hanging up', { kind: 'cut' }],
  ];
  const ENDPOINTS: readonly Endpoint[] = ['metadata', 'token', 'jwks', 'userinfo'];

  it.each(ENDPOINTS.flatMap((endpoint) => EVERY.map(([what, how]) => [endpoint, what, how] as const)))(
    'in time, whose %s endpoint is %s',
    async (endpoint, _, how) => {
      provider = aProviderWithin(BUDGET_MS);
      issuer.wrong = { claims: { email: undefined }, at: { [endpoint]: how } };
      const { error, tookMs } = await refusal();
      expect(error).toBeInstanceOf(ProviderUnavailable);
      expect(error).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', retryAfterSeconds: 5 });
      // One question to begin, and one to redeem.
      expect(tookMs).toBeLessThan(2 * BUDGET_MS + 1_000);
    },
  );

  it.each<[string, Wrong, string]>([
    ['says it is another', { metadata: { issuer: 'https://evil.example' } }, 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED'],
    ['says it is none', { metadata: { issuer: undefined } }, 'OAUTH_INVALID_RESPONSE'],
    ['names no token endpoint', { metadata: { token_endpoint: undefined } }, 'METADATA_INCOMPLETE'],
    ['names no keys', { metadata: { jwks_uri: undefined } }, 'METADATA_INCOMPLETE'],
    [
      'signs with shared secrets or not at all',
      { metadata: { id_token_signing_alg_values_supported: ['HS256', 'none'] } },
      'NO_SIGNATURE_OF_ITS_OWN',
    ],
    [
      'sends browsers to a script',
      { metadata: { authorization_endpoint: 'javascript:alert(1)' } },
      'ENDPOINT_NOT_HTTPS',
    ],
    [
      'has its keys elsewhere on this network',
      { metadata: { jwks_uri: 'https://10.0.0.1/jwks' } },
      'ADDRESS_NOT_PUBLIC',
    ],
    ['does not know the client', { at: { token: refusedWith('invalid_client') } }, 'invalid_client'],
    ['is too busy', { at: { token: refusedWith('temporarily_unavailable') } }, 'temporarily_unavailable'],
    ['answers in words of its own', { at: { token: refusedWith('Ann’s code is 1234') } }, 'OAUTH_RESPONSE_BODY_ERROR'],
  ])('that %s, and the log knows why', async (_, wrong, why) => {
    issuer.wrong = wrong;
    const { error } = await refusal();
    expect(error).toBeInstanceOf(ProviderUnavailable);
    expect(log.warnings).toEqual([`The identity provider acme is unavailable: ${why}`]);
  });

  it('that says it is the one that is configured, with a slash behind it', async () => {
    issuer.wrong = { metadata: { issuer: `${issuer.url}/` } };
    expect((await refusal()).error).toMatchObject({ why: 'ISSUER_NOT_AS_CONFIGURED' });
  });

  it('that is not there', async () => {
    const comeBack = await issuer.goAway();
    expect((await refusal()).error).toMatchObject({ why: 'ECONNREFUSED' });
    await comeBack();
    await expect(signedIn()).resolves.toBeDefined();
  });
});

function refusedWith(error: string): Misbehaviour {
  return { kind: 'json', status: 400, body: { error } };
}

/** What one was signed for, with the signature of another. */
async function exchanged(claims: Parameters<MisbehavingIssuer['sign']>[0], by: MisbehavingIssuer): Promise<string> {
  const [header = '', payload = ''] = (await by.sign({ ...claims, sub: 'somebody-else' })).split('.');
  const [, , signature = ''] = (await by.sign(claims)).split('.');
  return `${header}.${payload}.${signature}`;
}
