import { ProviderAnswerRefused, ProviderUnavailable } from '../../../src/modules/federation/domain/errors';
import type { Redeemed } from '../../../src/modules/federation/application/providers/identity-provider.port';
import { GithubProvider } from '../../../src/modules/federation/infrastructure/github/github-provider';
import { ProviderCalls } from '../../../src/modules/federation/infrastructure/provider-calls';
import { OutboundClient } from '../../../src/platform/network/outbound/outbound-client';
import { anOpening, aProvider, callsOf, KeptWarnings } from '../../support/a-provider';
import { GithubStandIn } from '../../support/github-stand-in';
import type { Misbehaviour } from '../../support/misbehaving-issuer';
import { TestClock } from '../../support/test-clock';

const BUDGET_MS = 200;
const opening = anOpening();
const log = new KeptWarnings();
const clock = new TestClock();
let github: GithubStandIn;

beforeAll(async () => {
  github = await GithubStandIn.start();
});
afterAll(() => github.stop());
beforeEach(() => {
  github.reset();
  log.warnings.length = 0;
});

const SCOPES = ['read:user', 'user:email'];

function aGithub(clientSecret = github.clientSecret, budgetMs = 4_000): GithubProvider {
  const { url: issuer, clientId } = github;
  const settings = aProvider({ kind: 'github', id: 'github', issuer, clientId, clientSecret, scopes: SCOPES });
  return new GithubProvider(settings, callsOf(log, budgetMs), clock);
}

async function signedIn(provider = aGithub(), other = {}, issuer: string | null = null): Promise<Redeemed> {
  const { searchParams } = github.answerTo(await provider.authorizationUrl(opening));
  return provider.redeem({ code: searchParams.get('code')!, issuer }, { ...opening, ...other });
}

describe('a sign-in at GitHub', () => {
  it('asks as GitHub documents it, and says who it was', async () => {
    const { identity, tokens } = await signedIn();
    expect(github.faults).toEqual([]);
    expect(identity).toEqual({
      issuer: github.url,
      subject: '583231',
      email: 'ann@example.com',
      emailProven: true,
      firstName: 'Ann Marie',
      lastName: 'Example',
    });
    expect(tokens).toEqual({
      accessToken: expect.stringMatching(/^gho_/) as string,
      refreshToken: null,
      expiresAt: null,
      scope: 'read:user,user:email',
    });
  });

  it('keeps what a GitHub App gives of tokens that end', async () => {
    const body = { access_token: 'ghu_1', token_type: 'bearer', scope: '', expires_in: 28_800, refresh_token: 'ghr_1' };
    github.wrong = {
      token: { kind: 'json', body },
      user: { kind: 'json', body: { id: 1, name: null } },
      emails: { kind: 'json', body: [] },
    };
    const { tokens } = await signedIn();
    const expiresAt = new Date(clock.now().getTime() + 28_800_000);
    expect(tokens).toEqual({ accessToken: 'ghu_1', refreshToken: 'ghr_1', expiresAt, scope: null });
  });

  it.each([
    ['none is verified', [{ email: 'ann@example.com', primary: true, verified: false }]],
    ['the verified one is not the primary one', [{ email: 'ann@example.com', primary: false, verified: true }]],
    ['there is none', []],
    ['it is none that an account may have', [{ email: 'ann', primary: true, verified: true }]],
  ])('tells no address where %s', async (_, emails) => {
    github.account = { ...GithubStandIn.ann, emails };
    expect((await signedIn()).identity).toMatchObject({ subject: '583231', email: null, emailProven: false });
  });

  it.each([
    [null, null, null],
    ['', null, null],
    ['Ann', 'Ann', null],
    [' Ann  Example ', 'Ann', 'Example'],
  ])('takes the name %j apart', async (name, firstName, lastName) => {
    github.account = { ...GithubStandIn.ann, name };
    expect((await signedIn()).identity).toMatchObject({ firstName, lastName });
  });

  it.each<[string, string, () => Promise<Redeemed>]>([
    ['without its secret', 'code_refused', () => signedIn(aGithub(), { codeVerifier: 'x'.repeat(43) })],
    ['with a code of nobody', 'code_refused', () => aGithub().redeem({ code: 'none', issuer: null }, opening)],
    ['that another issuer answered', 'other_issuer', () => signedIn(aGithub(), {}, 'https://evil.example')],
  ])('is not believed %s', async (_, reason, redeeming) => {
    const error: unknown = await redeeming().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProviderAnswerRefused);
    expect(error).toMatchObject({ reason });
  });

  it.each([
    ['incorrect_client_credentials', (): Promise<Redeemed> => signedIn(aGithub('another'))],
    ['redirect_uri_mismatch', (): Promise<Redeemed> => signedIn(aGithub(), { redirectUri: 'https://x.example' })],
  ])('is unavailable to a client with something wrong, and the log says %s', async (why, redeeming) => {
    await expect(redeeming()).rejects.toBeInstanceOf(ProviderUnavailable);
    expect(log.warnings).toEqual([`The identity provider github is unavailable: ${why}`]);
  });

  const EVERY: readonly (readonly [string, Misbehaviour])[] = [
    ['unwell', { kind: 'json', status: 502, body: {} }],
    ['a page', { kind: 'raw', status: 200, headers: { 'Content-Type': 'text/html' }, body: '<h1>Unicorn</h1>' }],
    ['something else', { kind: 'json', body: { message: 'API rate limit exceeded' } }],
    ['a word', { kind: 'json', body: 'no' }],
    ['silent', { kind: 'hanging' }],
    ['endless', { kind: 'dripping' }],
    ['huge', { kind: 'huge' }],
    ['elsewhere', { kind: 'redirect', to: 'http://127.0.0.1:1/' }],
    ['hanging up', { kind: 'cut' }],
  ];
  it.each((['token', 'user', 'emails'] as const).flatMap((place) => EVERY.map((how) => [place, ...how] as const)))(
    'is unavailable in time, when %s is %s',
    async (place, _, how) => {
      github.wrong = { [place]: how };
      const from = performance.now();
      await expect(signedIn(aGithub(undefined, BUDGET_MS))).rejects.toBeInstanceOf(ProviderUnavailable);
      expect(performance.now() - from).toBeLessThan(BUDGET_MS + 1_000);
    },
  );
});

/** Gives a token, and keeps where it was asked. */
class NotedOutbound extends OutboundClient {
  readonly asked: string[] = [];

  fetch(url: string | URL): Promise<Response> {
    this.asked.push(String(url));
    return Promise.resolve(Response.json({ access_token: 'gho_1' }));
  }
}

describe('the API of GitHub', () => {
  it.each([
    ['https://github.com', 'https://api.github.com'],
    ['https://acme.ghe.com', 'https://api.acme.ghe.com'],
    ['https://github.acme.example', 'https://github.acme.example/api/v3'],
  ])('of %s is at %s', async (issuer, api) => {
    const outbound = new NotedOutbound();
    const settings = aProvider({ kind: 'github', issuer, scopes: SCOPES });
    const provider = new GithubProvider(settings, new ProviderCalls(outbound, clock, log), clock);
    await expect(provider.redeem({ code: '1', issuer: null }, opening)).rejects.toBeInstanceOf(ProviderUnavailable);
    expect(outbound.asked).toEqual([
      `${issuer}/login/oauth/access_token`,
      `${api}/user`,
      `${api}/user/emails?per_page=100`,
    ]);
  });
});
