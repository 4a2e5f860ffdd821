import { createHash } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { misbehave, type Misbehaviour } from './misbehaving-issuer';

export type GithubAddress = { readonly email: string; readonly primary: boolean; readonly verified: boolean };

export type GithubAccount = {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  readonly emails: readonly GithubAddress[];
};

type Place = 'token' | 'user' | 'emails';

const SCOPES = 'read:user user:email';

/**
 * In the place of a GitHub Enterprise server: its sign-in page and, under `/api/v3`, its API. Holds each request to what
 * GitHub documents, and keeps in `faults` what was otherwise. Who signs in is `account`.
 */
export class GithubStandIn {
  readonly clientId = 'Iv1.0123456789abcdef';
  readonly clientSecret = '0123456789abcdef0123456789abcdef01234567';
  /** What was not as it should be, in words. */
  readonly faults: string[] = [];
  /** Whole answers in the place of the right ones. */
  wrong: Partial<Record<Place, Misbehaviour>> = {};
  account: GithubAccount = GithubStandIn.ann;

  static readonly ann: GithubAccount = {
    id: 583231,
    login: 'ann',
    name: 'Ann Marie Example',
    emails: [
      { email: 'old@example.com', primary: false, verified: true },
      { email: 'ann@example.com', primary: true, verified: true },
    ],
  };

  private readonly codes = new Map<string, { readonly redirectUri: string; readonly challenge: string }>();
  private readonly tokens = new Map<string, GithubAccount>();
  private readonly server: Server;
  private port = 0;

  private constructor() {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<GithubStandIn> {
    const github = new GithubStandIn();
    await new Promise<void>((resolve) => github.server.listen(0, '127.0.0.1', resolve));
    github.port = (github.server.address() as AddressInfo).port;
    return github;
  }

  /** As OAUTH_GITHUB_BASE_URL. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  reset(): void {
    this.faults.length = 0;
    this.wrong = {};
    this.account = GithubStandIn.ann;
  }

  /** What it sends the browser back with, which was sent to it with that address. */
  answerTo(authorizationUrl: string | URL): URL {
    const { pathname, searchParams: asked } = new URL(authorizationUrl);
    this.expect('path of the authorization', pathname, '/login/oauth/authorize');
    this.expect('client_id', asked.get('client_id'), this.clientId);
    this.expect('scope', asked.get('scope'), SCOPES);
    this.expect('code_challenge_method', asked.get('code_challenge_method'), 'S256');
    const challenge = this.match('code_challenge', asked.get('code_challenge'), /^[\w-]{43}$/);
    const state = this.match('state', asked.get('state'), /^.{20,}$/);
    const redirectUri = this.match('redirect_uri', asked.get('redirect_uri'), /^https?:\/\//);
    const code = `${this.codes.size}`.padStart(20, '0');
    this.codes.set(code, { redirectUri, challenge });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', state);
    return back;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request;
    const url = new URL(request.url ?? '/', this.url);
    const body = (await buffer(request)).toString();
    switch (`${method} ${url.pathname}`) {
      case 'GET /login/oauth/authorize':
        response.writeHead(302, { location: this.answerTo(url).href }).end();
        return;
      case 'POST /login/oauth/access_token':
        misbehave(response, this.redeemed(headers, url, body));
        return;
      case 'GET /api/v3/user':
        misbehave(
          response,
          this.of('user', headers, ({ id, login, name }) => ({ id, login, name, email: null })),
        );
        return;
      case 'GET /api/v3/user/emails':
        this.expect('page of the addresses', url.search, '?per_page=100');
        misbehave(
          response,
          this.of('emails', headers, ({ emails }) => emails),
        );
        return;
      default:
        this.faults.push(`asked for ${method} ${url.pathname}`);
        response.writeHead(404).end();
    }
  }

  private redeemed(headers: IncomingHttpHeaders, url: URL, body: string): Misbehaviour {
    const form = new URLSearchParams(body);
    const code = form.get('code') ?? '';
    const begun = this.codes.get(code);
    this.codes.delete(code);
    this.match('user-agent', headers['user-agent'], /\S/);
    this.expect('accept of the token request', headers.accept, 'application/json');
    this.match('type of the token request', headers['content-type'], /^application\/x-www-form-urlencoded(;|$)/);
    this.expect('query of the token request', url.search, '');
    if (this.wrong.token) return this.wrong.token;
    // As GitHub does: 200, whatever is wrong.
    if (form.get('client_id') !== this.clientId || form.get('client_secret') !== this.clientSecret) {
      return { kind: 'json', body: { error: 'incorrect_client_credentials', error_description: 'The client_id …' } };
    }
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (begun?.challenge !== challenge) return { kind: 'json', body: { error: 'bad_verification_code' } };
    if (form.get('redirect_uri') !== begun.redirectUri)
      return { kind: 'json', body: { error: 'redirect_uri_mismatch' } };
    const token = `gho_${code}`;
    this.tokens.set(token, this.account);
    return { kind: 'json', body: { access_token: token, scope: 'read:user,user:email', token_type: 'bearer' } };
  }

  private of(place: Place, headers: IncomingHttpHeaders, answer: (account: GithubAccount) => unknown): Misbehaviour {
    this.match('user-agent', headers['user-agent'], /\S/);
    this.expect(`accept of ${place}`, headers.accept, 'application/vnd.github+json');
    this.expect(`version of ${place}`, headers['x-github-api-version']?.toString(), '2022-11-28');
    const wrong = this.wrong[place];
    if (wrong) return wrong;
    const account = this.tokens.get(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '');
    if (!account) return { kind: 'json', status: 401, body: { message: 'Bad credentials' } };
    return { kind: 'json', body: answer(account) };
  }

  private expect(what: string, came: string | null | undefined, right: string): void {
    if (came !== right) this.faults.push(`${what}: ${came ?? 'missing'}`);
  }

  private match(what: string, came: string | null | undefined, right: RegExp): string {
    if (!right.test(came ?? '')) this.faults.push(`${what}: ${came ?? 'missing'}`);
    return came ?? '';
  }
}
