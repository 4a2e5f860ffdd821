import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type Configuration, type KoaContextWithOIDC, interactionPolicy } from 'oidc-provider';
import { followedTo } from './redirects';

/** Whom the issuer knows, and what it says of them. */
export type IssuerAccount = {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly given_name?: string;
  readonly family_name?: string;
  /** Google says so which organisation an account is of. */
  readonly hd?: string;
};

export type IssuerOptions = {
  readonly redirectUris?: readonly string[];
  /** true: the ID token says all there is, as Google's does; left out: only who it is, the rest is at the userinfo endpoint. */
  readonly claimsInIdToken?: boolean;
};

const CLAIMS = { email: ['email', 'email_verified'], profile: ['given_name', 'family_name', 'hd'] };

/**
 * A real OpenID Connect issuer on loopback that insists on PKCE. Browsers get a page with a button for each account
 * and one to refuse; tests without one ask for `answerTo`.
 */
export class TestIssuer {
  readonly clientId = 'doorward.test';
  readonly clientSecret = 'a+secret/with=signs~that-are_coded';
  /** By `sub`; tests may change them at any time. */
  readonly accounts = new Map<string, IssuerAccount>();

  private constructor(
    readonly url: string,
    private readonly server: Server,
    private readonly redirectUris: Set<string>,
  ) {}

  static async start(options: IssuerOptions = {}): Promise<TestIssuer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const issuer = new TestIssuer(url, server, new Set(options.redirectUris));
    const provider = await issuer.provider(options);
    const answer = provider.callback();
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/sign-in/') !== true) void answer(request, response);
      else issuer.interact(provider, request, response).catch(() => response.writeHead(500).end());
    });
    return issuer;
  }

  /** An address to which it sends browsers back, beside those of the start. */
  allow(redirectUri: string): void {
    this.redirectUris.add(redirectUri);
  }

  add(account: IssuerAccount): IssuerAccount {
    this.accounts.set(account.sub, account);
    return account;
  }

  /** Signs that account in, in a browser without a past; null: the user refuses. The address the browser is sent back to. */
  answerTo(authorizationUrl: string | URL, sub: string | null): Promise<URL> {
    const begun = new URL(authorizationUrl);
    begun.searchParams.set('login_hint', sub ?? REFUSES);
    return followedTo(begun, (url) => url.origin !== this.url);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async provider({ claimsInIdToken = false }: IssuerOptions): Promise<Provider> {
    const { redirectUris } = this;
    const { Check, base } = interactionPolicy;
    const prompts = base();
    // Else whoever is signed in there already would be let through without a page.
    prompts
      .get('login')
      ?.checks.add(new Check('each_time', 'asked each time', ({ oidc }) => oidc.result?.login === undefined));
    const configuration: Configuration = {
      clients: [
        {
          client_id: this.clientId,
          client_secret: this.clientSecret,
          redirect_uris: [`${this.url}/none`],
        },
      ],
      jwks: { keys: [await signingKey()] },
      cookies: { keys: ['of the tests alone'] },
      claims: { openid: ['sub'], ...CLAIMS },
      conformIdTokenClaims: !claimsInIdToken,
      features: { devInteractions: { enabled: false } },
      interactions: { policy: prompts, url: (_, { uid }) => `/sign-in/${uid}` },
      pkce: { required: () => true },
      ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      findAccount: (_, sub) => ({
        accountId: sub,
        claims: () => Promise.resolve({ ...this.accounts.get(sub), sub }),
      }),
      loadExistingGrant: granted,
    };
    const provider = quietly(() => new Provider(this.url, configuration));
    provider.Client.prototype.redirectUriAllowed = (uri: string): boolean => redirectUris.has(uri);
    return provider;
  }

  private async interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { params } = await provider.interactionDetails(request, response);
    const asked = new URL(request.url ?? '', this.url).searchParams.get('as');
    const sub = asked ?? params['login_hint'];
    if (typeof sub !== 'string') {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(this.page());
      return;
    }
    const refusal = { error: 'access_denied', error_description: 'The user refused' };
    const result = sub === REFUSES ? refusal : { login: { accountId: sub } };
    await provider.interactionFinished(request, response, result);
  }

  private page(): string {
    const button = (sub: string, label: string): string =>
      `<button name="as" value="${escaped(sub)}">${escaped(label)}</button>`;
    const accounts = [...this.accounts.values()].map(({ sub, email }) => button(sub, email ?? sub));
    return `<!doctype html><title>Issuer</title><form>${accounts.join('')}${button(REFUSES, 'Refuse')}</form>`;
  }
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

let madeKey: Promise<JWK> | null = null;

/** Making one takes its time, and the tests of a file may share it. */
function signingKey(): Promise<JWK> {
  madeKey ??= generateKeyPair('RS256', { extractable: true })
    .then(({ privateKey }) => exportJWK(privateKey))
    .then((key) => ({ ...key, kid: 'first', use: 'sig', alg: 'RS256' }));
  return madeKey;
}

/** No account of that name is signed in: it is the user who says no. */
const REFUSES = 'refuses';

/** Nobody is asked again what they allow. */
async function granted({ oidc }: KoaContextWithOIDC): Promise<InstanceType<Provider['Grant']>> {
  const { client, session, provider } = oidc;
  const grant = new provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
  grant.addOIDCScope('openid email profile offline_access');
  await grant.save();
  return grant;
}

/** The package says at each start that it keeps all in memory, which is why it is used. */
function quietly<Made>(make: () => Made): Made {
  const { info, warn } = console;
  Object.assign(console, { info: () => undefined, warn: () => undefined });
  try {
    return make();
  } finally {
    Object.assign(console, { info, warn });
  }
}
