import type { Answer, AnswerBody } from '../client';
import type { Stage } from './stage';

/** Somebody in a session of theirs. */
export class Person {
  readonly email: string;
  readonly userId: string;
  readonly token: string;
  readonly refreshToken: string;
  readonly sessionId: string;
  readonly tenantId: string;

  constructor(
    private readonly stage: Stage,
    { email, userId, tokens }: { email: string; userId: string; tokens: AnswerBody },
  ) {
    this.email = email;
    this.userId = userId;
    this.token = tokens.access_token;
    this.refreshToken = tokens.refresh_token;
    this.sessionId = tokens.session_id;
    this.tenantId = tokens.tenant_id;
  }

  post(path: string, json?: unknown): Promise<Answer> {
    return this.call('POST', path, json);
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  /** Without a body where there is none. */
  call(method: string, path: string, json?: unknown): Promise<Answer> {
    return this.stage.service.client.call(method, path, { token: this.token, ...(json !== undefined && { json }) });
  }

  /** The same user in another session. */
  elsewhere(): Promise<Person> {
    return this.stage.signedIn(this.email, this.userId);
  }

  /** An API key of theirs that was used before, on whichever day it is: its first use of a day is told of some seconds late. */
  async key(permissions: readonly string[] = ['*:*']): Promise<{ readonly id: string; readonly key: string }> {
    const { body } = await this.stage.done(this.post('/api-keys', { name: this.stage.aName(), permissions }));
    const id = String(body.id);
    const used = "UPDATE api_keys SET last_used_at = '9999-01-01' WHERE id = $1";
    await this.stage.service.source.query(used, [id]);
    return { id, key: String(body.key) };
  }
}
