import { callsOf, KeptWarnings } from '../../../../test/support/a-provider';
import { TestClock } from '../../../../test/support/test-clock';
import { readSettings } from '../../../platform/config/read-settings';
import { ConfiguredProviders } from './configured-providers';
import { GithubProvider } from './github/github-provider';
import { OidcProvider } from './oidc/oidc-provider';

describe('the identity providers', () => {
  function providersOf(variables: Record<string, string>): ConfiguredProviders {
    const { federation } = readSettings({ NODE_ENV: 'test', ...variables });
    return new ConfiguredProviders(federation, callsOf(new KeptWarnings()), new TestClock());
  }

  it('are those that are configured, in that order, each found by its id', () => {
    const acme = { id: 'acme', name: 'Acme', issuer: 'https://login.example.com', client_id: 'a', client_secret: 's' };
    const providers = providersOf({
      OAUTH_GOOGLE_CLIENT_ID: 'g',
      OAUTH_GOOGLE_CLIENT_SECRET: 's',
      OAUTH_GITHUB_CLIENT_ID: 'h',
      OAUTH_GITHUB_CLIENT_SECRET: 's',
      OIDC_PROVIDERS: JSON.stringify([acme]),
    });
    expect(providers.list().map(({ id, name, issuer }) => [id, name, issuer])).toEqual([
      ['google', 'Google', 'https://accounts.google.com'],
      ['github', 'GitHub', 'https://github.com'],
      ['acme', 'Acme', 'https://login.example.com'],
    ]);
    expect(providers.find('google')).toBeInstanceOf(OidcProvider);
    expect(providers.find('github')).toBeInstanceOf(GithubProvider);
    expect(providers.find('acme')).toBe(providers.list()[2]);
  });

  it('are none where none is', () => {
    const providers = providersOf({});
    expect([providers.list(), providers.find('google'), providers.find('constructor')]).toEqual([[], null, null]);
  });
});
