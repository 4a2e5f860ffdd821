/** The fields tests look at in answers. Whether an answer has them is for the test to find out. */
export type AnswerBody = {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly session_id: string;
  readonly tenant_id: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly error_code: string;
  readonly request_id: string;
  readonly detail: string;
  readonly errors: readonly { readonly field: string; readonly code: string; readonly message: string }[];
  readonly user: { readonly id: string; readonly email: string };
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next_cursor: string | null;
  readonly [name: string]: unknown;
};

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed JSON body; an empty object when there is none. */
  readonly body: AnswerBody;
};

export type Call = {
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as it is; give a content-type beside it. */
  readonly raw?: string | Uint8Array;
  /** An access token. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export const PASSWORD = 'correct horse battery staple';

/** A client of the service that knows its base path and nothing of its inside. */
export class Client {
  constructor(readonly url: string) {}

  get(path: string, call: Call = {}): Promise<Answer> {
    return this.call('GET', path, call);
  }

  post(path: string, call: Call = {}): Promise<Answer> {
    return this.call('POST', path, call);
  }

  patch(path: string, call: Call = {}): Promise<Answer> {
    return this.call('PATCH', path, call);
  }

  /** `path` is below /api/v1 unless it begins with two slashes: `//health`. */
  async call(method: string, path: string, { json, form, raw, token, headers = {} }: Call): Promise<Answer> {
    const target = path.startsWith('//') ? path.slice(1) : `/api/v1${path}`;
    const body = json === undefined ? (form ? new URLSearchParams(form) : raw) : JSON.stringify(json);
    const response = await fetch(this.url + target, {
      method,
      redirect: 'manual',
      headers: {
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: body as RequestInit['body'],
    });
    const text = await response.text();
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson ? JSON.parse(text) : {}) as AnswerBody,
    };
  }

  register(email: string, more: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    return this.post('/auth/register', { json: { email, password: PASSWORD, ...more } });
  }

  login(username: string, password: string = PASSWORD): Promise<Answer> {
    return this.post('/auth/login', { json: { username, password } });
  }

  refresh(token: string): Promise<Answer> {
    return this.post('/auth/refresh', { json: { refresh_token: token } });
  }

  /** Registers and signs in; the tokens of the new user. */
  async signedUp(email: string, more: Readonly<Record<string, unknown>> = {}): Promise<Tokens> {
    const registered = await this.register(email, more);
    if (registered.status !== 201) throw new Error(`Registration answered ${registered.status}: ${registered.text}`);
    return this.signedIn(email);
  }

  async signedIn(username: string, password: string = PASSWORD): Promise<Tokens> {
    const answer = await this.login(username, password);
    if (answer.status !== 200) throw new Error(`Sign-in answered ${answer.status}: ${answer.text}`);
    return { access: answer.body.access_token, refresh: answer.body.refresh_token, session: answer.body.session_id };
  }
}

export type Tokens = { readonly access: string; readonly refresh: string; readonly session: string };
