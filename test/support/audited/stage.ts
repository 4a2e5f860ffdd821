import { Outbox } from '../../../src/platform/mail/outbox';
import type { MailTemplate } from '../../../src/platform/mail/mails';
import { TextMessages } from '../../../src/platform/sms/text-messages';
import { Authenticator } from '../authenticator';
import { type Answer, type AnswerBody, type Call, PASSWORD } from '../client';
import { ScriptedProviders } from '../scripted-providers';
import type { TestService } from '../service';
import { Person } from './person';

type Sent = { readonly to: string | null; readonly template: string; readonly facts: object };
export type Facts = Readonly<Record<string, string>>;

export type WithApp = {
  readonly person: Person;
  readonly app: Authenticator;
  readonly backupCodes: readonly string[];
};

let numbers = 0;

/** One service, and people with all they need to do something in it. */
export class Stage {
  readonly providers: ScriptedProviders;
  private readonly sent: Sent[] = [];

  constructor(readonly service: TestService) {
    this.providers = ScriptedProviders.in(service.app);
    for (const way of [service.app.get(Outbox), service.app.get(TextMessages)]) this.listenTo(way);
  }

  /** An address that nobody else has. */
  anAddress(): string {
    return `person-${(numbers += 1)}@example.com`;
  }

  /** A telephone number that nobody else has. */
  aNumber(): string {
    return `+4917012${String((numbers += 1)).padStart(5, '0')}`;
  }

  aName(): string {
    return `thing-${(numbers += 1)}`;
  }

  /** Somebody who has registered and signed in, and owns a tenant. */
  async aPerson(more: Readonly<Record<string, unknown>> = {}): Promise<Person> {
    const email = this.anAddress();
    const { body } = await this.done(this.service.client.register(email, more));
    return this.signedIn(email, body.user.id);
  }

  /** A session of somebody. */
  async signedIn(email: string, userId: string, password = PASSWORD): Promise<Person> {
    const { body } = await this.done(this.service.client.login(email, password));
    return new Person(this, { email, userId, tokens: body });
  }

  /** Who owns a tenant that others can be in. */
  anOwner(): Promise<Person> {
    return this.aPerson({ tenant_name: this.aName() });
  }

  async aSystemAdministrator(): Promise<Person> {
    const person = await this.aPerson();
    await this.service.source.query('UPDATE users SET system_administrator = true WHERE id = $1', [person.userId]);
    return person;
  }

  /** Somebody whom the owner of a tenant made an account in it. */
  async aMember(owner: Person, role = 'viewer'): Promise<Person> {
    const email = this.anAddress();
    const { body } = await this.done(owner.post('/users', { email, password: PASSWORD, role }));
    return this.signedIn(email, String(body.id));
  }

  /** Asks somebody into a tenant by mail; the token of the link. */
  async asked(owner: Person, email: string, role = 'viewer'): Promise<{ readonly id: string; readonly token: string }> {
    const { body } = await this.done(owner.post('/users/invite', { email, role }));
    return { id: String(body.id), token: this.tokenTo(email, 'invitation') };
  }

  /** Makes somebody who has an account a member of a tenant, too. */
  async joins(owner: Person, person: Person, role = 'viewer'): Promise<void> {
    const { token } = await this.asked(owner, person.email, role);
    await this.done(person.post('/auth/invitations/accept', { token }));
  }

  /** Somebody who is setting an authenticator app up. */
  async withAppBegun(person?: Person): Promise<WithApp> {
    const owner = person ?? (await this.aPerson());
    const { body } = await this.done(owner.post('/mfa/totp/setup', {}));
    const app = new Authenticator(String(body.otpauth_url));
    return { person: owner, app, backupCodes: body.backup_codes as string[] };
  }

  /** Somebody with an authenticator app whose codes are good. */
  async withApp(person?: Person): Promise<WithApp> {
    const begun = await this.withAppBegun(person);
    await this.done(begun.person.post('/mfa/totp/verify', { totp_code: this.codeOf(begun.app) }));
    this.service.clock.advance({ seconds: 60 });
    return begun;
  }

  /** The first step of a sign-in of somebody who has a second factor. */
  async aChallenge({ email }: Person): Promise<string> {
    const { body } = await this.done(this.service.client.login(email));
    return String(body.challenge_id);
  }

  codeOf(app: Authenticator): string {
    return app.codeAt(this.service.clock.now());
  }

  post(path: string, json: unknown, call: Call = {}): Promise<Answer> {
    return this.service.client.post(path, { ...call, json });
  }

  get(path: string): Promise<Answer> {
    return this.service.client.get(path);
  }

  /** What the newest mail or text of a kind to an address says. */
  told(to: string, template: MailTemplate | 'code'): Facts {
    const one = this.sent.findLast((each) => each.to === to && each.template === template);
    if (!one) throw new Error(`No ${template} went to ${to}`);
    return one.facts as Facts;
  }

  /** What the link of such a mail carries. */
  tokenTo(to: string, template: MailTemplate): string {
    return new URL(this.told(to, template).link ?? '').searchParams.get('token') ?? '';
  }

  /** What prepares a deed succeeds. */
  async done(answer: Promise<Answer>): Promise<Answer & { readonly body: AnswerBody }> {
    const { status, text, ...rest } = await answer;
    if (status >= 300) throw new Error(`${status}: ${text}`);
    return { status, text, ...rest };
  }

  /** What is left to be sent is read as it is left: whether and when it goes out does not matter here. */
  private listenTo(way: { enqueue(message: Sent): Promise<void> } | Outbox | TextMessages): void {
    const leave = way.enqueue.bind(way) as (message: Sent) => Promise<void>;
    const enqueue = (message: Sent): Promise<void> => {
      this.sent.push(message);
      return leave(message);
    };
    Object.assign(way, { enqueue });
  }
}
