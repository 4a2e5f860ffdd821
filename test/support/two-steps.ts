import { Authenticator } from './authenticator';
import { type Answer, type Client, PASSWORD, type Tokens } from './client';

/** What somebody holds who has set an authenticator app up. */
export type Enrolled = { readonly app: Authenticator; readonly backupCodes: readonly string[] };

/** Sets an authenticator app up in a session; the code that confirms it is the one of the step before this. */
export async function enrolled(client: Client, { access }: Tokens): Promise<Enrolled> {
  const setup = await client.post('/mfa/totp/setup', { token: access, json: {} });
  if (setup.status !== 200) throw new Error(`Setup answered ${setup.status}: ${setup.text}`);
  const app = new Authenticator(String(setup.body.otpauth_url));
  const verified = await client.post('/mfa/totp/verify', {
    token: access,
    json: { totp_code: app.codeAt(new Date(), -1) },
  });
  if (verified.status !== 200) throw new Error(`Verification answered ${verified.status}: ${verified.text}`);
  return { app, backupCodes: setup.body.backup_codes as string[] };
}

/** A sign-in by password of somebody who has a second factor: what is asked for then. */
export async function challenged(client: Client, username: string): Promise<string> {
  const answer = await client.login(username, PASSWORD);
  if (answer.body.mfa_required !== true) throw new Error(`No challenge but ${answer.status}: ${answer.text}`);
  return String(answer.body.challenge_id);
}

/** The second step of a sign-in. */
export function shown(
  client: Client,
  challenge: string,
  method: string,
  code: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  return client.post('/auth/mfa/challenge/verify', { json: { challenge_id: challenge, method, code, ...more } });
}
