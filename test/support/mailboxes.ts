import type { DataSource } from 'typeorm';
import type { Principal } from '../../src/kernel/principal';
import type { MailboxProof } from '../../src/modules/identity/application/mailbox/redeem-secret';
import { SignIn } from '../../src/modules/signin/application/sign-in';
import { AuthenticateAccessToken } from '../../src/modules/tokens/application/authenticate-access-token';
import type { TokenPair } from '../../src/modules/tokens/tokens.facade';
import type { Mail, MailTemplate } from '../../src/platform/mail/mails';
import { aSignIn, letIn } from './a-sign-in';
import type { TestContext } from './context';
import { mailsOf } from './mails-of';

type Facts = Readonly<Record<string, string>>;

/** What reached mailboxes, read as their owners would read it. */
export class Mailboxes {
  constructor(private readonly context: TestContext) {}

  /** The mails of a kind to an address, oldest first if time went by between them. */
  async of(address: string, template: MailTemplate): Promise<Mail[]> {
    return (await mailsOf(this.context, template)).filter(({ to }) => to === address);
  }

  /** How many mails went to somebody. */
  async sent(template: MailTemplate): Promise<number> {
    return (await mailsOf(this.context, template)).filter(({ to }) => to !== null).length;
  }

  /** The newest of a kind to an address. */
  async last(address: string, template: MailTemplate): Promise<Facts> {
    const mail = (await this.of(address, template)).at(-1);
    if (!mail) throw new Error(`No ${template} for ${address}`);
    return mail.facts as unknown as Facts;
  }

  /** The link of the newest. */
  async link(address: string, template: MailTemplate): Promise<MailboxProof & { readonly kind: 'token' }> {
    return { kind: 'token', token: tokenOf((await this.last(address, template)).link) };
  }

  /** The code of the newest. */
  async code(address: string, template: MailTemplate): Promise<MailboxProof & { readonly kind: 'code' }> {
    return { kind: 'code', email: address, code: (await this.last(address, template)).code ?? '' };
  }
}

/** What a mailed link carries. */
export function tokenOf(link: string | undefined): string {
  return new URL(link ?? '').searchParams.get('token') ?? '';
}

/** Other codes than the right one. */
export function wrongCodes(right: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => String((Number(right) + 1 + n) % 1_000_000).padStart(6, '0'));
}

export type SignedIn = { readonly by: Principal; readonly tokens: TokenPair };

/** Somebody who signed in with the password of tests, or another. */
export async function signedIn({ app }: TestContext, login: string, password?: string): Promise<SignedIn> {
  const wish = aSignIn({ login, ...(password !== undefined && { password }) });
  const { tokens } = letIn(await app.get(SignIn).execute(wish));
  const access = app.get(AuthenticateAccessToken);
  const by = await access.execute(await access.verify(tokens.accessToken));
  if (!by) throw new Error('The access token is good for nothing');
  return { by, tokens };
}

export async function accountOf(
  source: DataSource,
  email: string,
): Promise<{ readonly id: string; readonly email: string; readonly isVerified: boolean } | undefined> {
  const sql = `SELECT id, email, email_verified_at IS NOT NULL AS "isVerified" FROM users WHERE email_key = lower($1)`;
  return (await source.query<{ id: string; email: string; isVerified: boolean }[]>(sql, [email]))[0];
}
