import type { ProviderSettings } from '../../../../platform/config/settings';
import type { Clock } from '../../../../platform/time/clock';
import {
  type Answer,
  IdentityProvider,
  type Opening,
  type Redeemed,
} from '../../application/providers/identity-provider.port';
import { ProviderAnswerRefused } from '../../domain/errors';
import { challengeOf } from '../code-challenge';
import type { ProviderCalls, ProviderFetch } from '../provider-calls';
import { endOfTokens, textTold } from '../told';
import { bodyOf, primaryEmailIn, tokensIn, userIn } from './github-answers';

/** GitHub and GitHub Enterprise. It speaks OAuth, not OpenID Connect: who somebody is, its API says. */
export class GithubProvider extends IdentityProvider {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  private readonly api: string;

  constructor(
    private readonly settings: ProviderSettings,
    private readonly calls: ProviderCalls,
    private readonly clock: Clock,
  ) {
    super();
    ({ id: this.id, name: this.name, issuer: this.issuer } = settings);
    this.api = apiOf(settings.issuer);
  }

  authorizationUrl({ redirectUri, state, codeVerifier }: Opening): Promise<URL> {
    const url = new URL(`${this.issuer}/login/oauth/authorize`);
    url.search = new URLSearchParams({
      client_id: this.settings.clientId,
      redirect_uri: redirectUri,
      scope: this.settings.scopes.join(' '),
      state,
      code_challenge: challengeOf(codeVerifier),
      code_challenge_method: 'S256',
    }).toString();
    return Promise.resolve(url);
  }

  redeem(answer: Answer, opening: Opening): Promise<Redeemed> {
    return this.calls.ask(this.id, async (fetch) => {
      // It names none. One that is of another site was not meant for GitHub's code.
      if (typeof answer.issuer === 'string' && !isOfSite(answer.issuer, this.issuer)) {
        throw new ProviderAnswerRefused('other_issuer');
      }
      const tokens = await this.tokens(fetch, answer.code, opening);
      const [user, email] = await Promise.all([
        this.read(fetch, '/user', tokens.access_token).then(userIn),
        this.read(fetch, '/user/emails?per_page=100', tokens.access_token).then(primaryEmailIn),
      ]);
      return {
        identity: { issuer: this.issuer, ...user, email, emailProven: email !== null },
        tokens: {
          accessToken: tokens.access_token,
          refreshToken: textTold(tokens['refresh_token']),
          expiresAt: endOfTokens(this.clock.now(), tokens['expires_in']),
          scope: textTold(tokens['scope']),
        },
      };
    });
  }

  private async tokens(fetch: ProviderFetch, code: string, opening: Opening): Promise<ReturnType<typeof tokensIn>> {
    const form = new URLSearchParams({
      client_id: this.settings.clientId,
      client_secret: this.settings.clientSecret,
      code,
      redirect_uri: opening.redirectUri,
      code_verifier: opening.codeVerifier,
    });
    const answer = await fetch(`${this.issuer}/login/oauth/access_token`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
    return tokensIn(await bodyOf(answer));
  }

  private async read(fetch: ProviderFetch, path: string, token: string): Promise<unknown> {
    const headers = {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
    };
    return bodyOf(await fetch(`${this.api}${path}`, { headers }));
  }
}

/** Where its API is: beside github.com and each `*.ghe.com`, within a server of one's own. */
function apiOf(base: string): string {
  const { protocol, hostname } = new URL(base);
  const isHosted = hostname === 'github.com' || hostname.endsWith('.ghe.com');
  return isHosted ? `${protocol}//api.${hostname}` : `${base}/api/v3`;
}

const isOfSite = (said: string, base: string): boolean =>
  URL.canParse(said) && new URL(said).origin === new URL(base).origin;
