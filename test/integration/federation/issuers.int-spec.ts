import { ProviderAnswerRefused } from '../../../src/modules/federation/domain/errors';
import { OidcProvider } from '../../../src/modules/federation/infrastructure/oidc/oidc-provider';
import type { ProviderSettings } from '../../../src/platform/config/settings';
import { anOpening, aProvider, callsOf, KeptWarnings } from '../../support/a-provider';
import { type IssuerOptions, TestIssuer } from '../../support/oidc-issuer';
import { TestClock } from '../../support/test-clock';

const ANN = {
  sub: 'ann-1',
  email: 'ann@example.com',
  email_verified: true,
  given_name: 'Ann',
  family_name: 'Example',
};

describe('a sign-in at a real issuer', () => {
  const opening = anOpening();
  const clock = new TestClock();
  const started: TestIssuer[] = [];
  afterAll(() => Promise.all(started.map((issuer) => issuer.stop())));

  async function anIssuer(options: IssuerOptions = {}): Promise<TestIssuer> {
    const issuer = await TestIssuer.start({ redirectUris: [opening.redirectUri], ...options });
    started.push(issuer);
    issuer.add(ANN);
    return issuer;
  }
  function providerOf({ url, clientId, clientSecret }: TestIssuer, more: Partial<ProviderSettings> = {}): OidcProvider {
    const settings = aProvider({ issuer: url, clientId, clientSecret, ...more });
    return new OidcProvider(settings, callsOf(new KeptWarnings()), clock);
  }
  async function answerOf(
    issuer: TestIssuer,
    provider: OidcProvider,
  ): Promise<{ code: string; issuer: string | null }> {
    const { searchParams } = await issuer.answerTo(await provider.authorizationUrl(opening), ANN.sub);
    expect(searchParams.get('state')).toBe(opening.state);
    return { code: searchParams.get('code')!, issuer: searchParams.get('iss') };
  }

  it('begins with a code, PKCE, state and nonce, and with the scopes that are configured', async () => {
    const issuer = await anIssuer();
    const url = await providerOf(issuer, { scopes: ['openid', 'email'] }).authorizationUrl(opening);
    expect(url.origin + url.pathname).toBe(`${issuer.url}/auth`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: issuer.clientId,
      redirect_uri: opening.redirectUri,
      scope: 'openid email',
      state: opening.state,
      nonce: opening.nonce,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
    });
  });

  it.each<[string, IssuerOptions]>([
    ['says who it was', {}],
    ['says so within the ID token', { claimsInIdToken: true }],
  ])('%s', async (_, options) => {
    const issuer = await anIssuer(options);
    const provider = providerOf(issuer);
    const { identity, tokens } = await provider.redeem(await answerOf(issuer, provider), opening);
    expect(identity).toEqual({
      issuer: issuer.url,
      subject: 'ann-1',
      email: 'ann@example.com',
      emailProven: true,
      firstName: 'Ann',
      lastName: 'Example',
    });
    expect(tokens).toEqual({
      accessToken: expect.stringMatching(/^\S{20,}$/) as string,
      refreshToken: null,
      expiresAt: new Date(clock.now().getTime() + 3_600_000),
      scope: 'openid email profile',
    });
  });

  it('tells of an address of an organisation at Google’s that it is proven, and of another that it is not', async () => {
    const issuer = await anIssuer({ claimsInIdToken: true });
    const provider = providerOf(issuer, { kind: 'google', id: 'google' });
    const other = await provider.redeem(await answerOf(issuer, provider), opening);
    issuer.add({ ...ANN, hd: 'example.com' });
    const kept = await provider.redeem(await answerOf(issuer, provider), opening);
    expect([other, kept].map(({ identity }) => identity.emailProven)).toEqual([false, true]);
  });

  it.each([
    ['once', {}],
    ['with its own secret', { codeVerifier: 'another-verifier-of-forty-three-or-more-characters' }],
    ['for its own nonce', { nonce: 'another-nonce-of-thirty-two-random-bytes' }],
  ])('is redeemed %s', async (_, other) => {
    const issuer = await anIssuer();
    const provider = providerOf(issuer);
    const answer = await answerOf(issuer, provider);
    if (Object.keys(other).length === 0) await provider.redeem(answer, opening);
    await expect(provider.redeem(answer, { ...opening, ...other })).rejects.toBeInstanceOf(ProviderAnswerRefused);
  });
});
