import { randomBytes, randomUUID } from 'node:crypto';
import type { Principal } from '../../src/kernel/principal';
import { ChangePassword } from '../../src/modules/identity/application/passwords/change-password';
import { RequestEmailChange } from '../../src/modules/identity/application/mailbox/request-email-change';
import { RequestPasswordReset } from '../../src/modules/identity/application/mailbox/request-password-reset';
import { SendVerification } from '../../src/modules/identity/application/mailbox/send-verification';
import { VerifyEmail } from '../../src/modules/identity/application/mailbox/verify-email';
import { LinkedIdentities } from '../../src/modules/federation/application/links/linked-identities.port';
import { OauthTransactions } from '../../src/modules/federation/application/transactions/oauth-transactions.port';
import { TrustedDevicesFacade } from '../../src/modules/mfa/trusted-devices.facade';
import { AcceptInvitation } from '../../src/modules/signin/application/invited/accept-invitation';
import { ConfirmFactor } from '../../src/modules/mfa/application/confirm-factor';
import { SetUpPhone } from '../../src/modules/mfa/application/sent-codes/set-up-phone';
import { MfaFacade } from '../../src/modules/mfa/mfa.facade';
import { SetUpTotp } from '../../src/modules/mfa/application/totp/set-up-totp';
import { Challenges } from '../../src/modules/signin/application/challenges/challenges.port';
import { SignIn } from '../../src/modules/signin/application/sign-in';
import { SignUp } from '../../src/modules/signin/application/sign-up';
import { WriteUsage } from '../../src/modules/tenancy/application/limits/write-usage';
import { MintApiKey } from '../../src/modules/tokens/application/api-keys/mint-api-key';
import { TokensFacade } from '../../src/modules/tokens/tokens.facade';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { RequestContext } from '../../src/platform/http/request-context';
import { aChallenge } from './a-challenge';
import { aClient } from './a-device';
import { aSignIn, aSignUp, letIn } from './a-sign-in';
import type { TestContext } from './context';
import { FactorOwners } from './factor-owners';
import { Inviting } from './inviting';
import { mailsOf } from './mails-of';
import { Stored } from './stored';

const FIRST_PASSWORD = 'a phrase that was the first of them';
const PASSWORD = 'a phrase that took the place of it';

/** Words that are nobody else's. */
export const ANN = {
  email: 'Ann.Confidential@example.com',
  wantedEmail: 'ann.elsewhere@example.org',
  username: 'annsecretly',
  firstName: 'Annabellina',
  lastName: 'Vertraulich',
  userAgent: 'Mozilla/5.0 (Confidential; rv:99.7) Gecko/20100101 Firefox/99.7',
  ipAddress: '198.51.100.77',
  phoneNumber: '+491709988776',
} as const;

/** Somebody else, whom Ann knows. */
export const BOB = { email: 'bob.thirdparty@example.com', firstName: 'Bobbington', lastName: 'Thirdparty' } as const;

export type LivedLife = {
  /** As she calls, signed in with `password`. */
  readonly ann: Principal;
  readonly password: string;
  /** Signed in to the tenant of Bob, who is its owner, and invited to one more. */
  readonly bob: Principal;
};

/** Leaves something of Ann in every table that can hold something of a user. */
export async function aPrivateLife(context: TestContext): Promise<LivedLife> {
  const { app, source } = context;
  const inviting = new Inviting(context);
  const client = aClient({ ipAddress: ANN.ipAddress, userAgent: ANN.userAgent });
  const signIn = async (password: string): Promise<Principal> => {
    const { tokens } = letIn(await app.get(SignIn).execute(aSignIn({ login: ANN.username, password, client })));
    const caller = await app.get(TokensFacade).authenticate(await app.get(TokensFacade).verify(tokens.accessToken));
    if (!caller) throw new Error('The session is over');
    return caller;
  };

  const live = async (): Promise<LivedLife> => {
    const { email, username, firstName, lastName } = ANN;
    await app.get(SignUp).execute(aSignUp({ email, username, firstName, lastName, password: FIRST_PASSWORD }));
    await app.get(SignIn).execute(aSignIn({ login: username, password: FIRST_PASSWORD, client }));
    await app.get(SendVerification).again(email);
    const [verification] = await mailsOf(context, 'email-verification');
    if (verification?.template !== 'email-verification') throw new Error('There is no mail with a link');
    const token = new URL(verification.facts.link).searchParams.get('token') ?? '';
    await app.get(VerifyEmail).execute({ kind: 'token', token });

    const bob = await inviting.anInviter('owner', BOB);
    const accepted = await inviting.invited(bob, email);
    await inviting.invited(await inviting.anInviter('owner'), email.toLowerCase());
    await app.get(AcceptInvitation).execute({
      proof: { kind: 'token', token: accepted.mail.token },
      password: FIRST_PASSWORD,
      firstName: null,
      lastName: null,
      by: null,
      disbelief: null,
      client,
      deviceToken: null,
    });

    await source.query('UPDATE tenants SET password_history = 3');
    await app.get(ChangePassword).execute(await signIn(FIRST_PASSWORD), FIRST_PASSWORD, PASSWORD);
    const ann = await signIn(PASSWORD);
    await app.get(SetUpTotp).execute(ann, null);
    await app.get(SetUpPhone).execute(ann, ANN.phoneNumber);
    const [code = ''] = await new FactorOwners(context).textedTo(ANN.phoneNumber);
    await app.get(ConfirmFactor).execute(ann, 'sms', code);
    const key = { name: 'pipeline', description: null, permissions: ['detector:read'], expiresAt: null };
    await app.get(MintApiKey).execute({ ...key, tenantId: ann.tenantId, ownerId: ann.userId, madeIn: ann.sessionId });
    const holder = { ...ann, securityStamp: await new Stored(context).stampOf(ann) };
    await app.get(UnitOfWork).run(() => app.get(TrustedDevicesFacade).trust(holder, 'dwdt_of_hers', client));
    await app.get(UnitOfWork).run(() => app.get(Challenges).add(aChallenge(ann)));
    await app.get(UnitOfWork).run((now) => elsewhere(context, ann, now));
    const use = { kind: 'challenge', id: randomUUID() } as const;
    await app.get(MfaFacade).send({ userId: ann.userId, tenantId: ann.tenantId, method: 'sms', use });
    await inviting.invited(ann, BOB.email);
    await app.get(RequestPasswordReset).execute(email);
    await app.get(RequestEmailChange).execute(ann, { newEmail: ANN.wantedEmail, ipAddress: ANN.ipAddress });
    await app
      .get(SignIn)
      .execute(aSignIn({ login: username, password: 'no password of hers', client }))
      .catch(() => undefined);
    await app.get(WriteUsage).execute();
    return { ann, password: PASSWORD, bob };
  };
  const { ipAddress, userAgent } = ANN;
  const origin = {
    requestId: null,
    ipAddress,
    userAgent,
    acceptLanguage: null,
    actor: 'user' as const,
    actorId: null,
    apiKeyId: null,
  };
  return app.get(RequestContext).run(origin, live);
}

/** She is somebody at a provider, and wants to be it at another one. */
async function elsewhere({ app }: TestContext, { userId, tenantId, sessionId }: Principal, now: Date): Promise<void> {
  const named = { issuer: 'https://acme.example', subject: 'annsecretly-there', email: ANN.wantedEmail };
  const identity = {
    id: randomUUID(),
    userId,
    provider: 'acme',
    ...named,
    linkedAt: now,
    lastLoginAt: now,
    madeAccount: false,
  };
  await app.get(LinkedIdentities).add(identity);
  const tokens = { accessToken: 'hers at the provider', refreshToken: null, expiresAt: null, scope: null };
  await app.get(LinkedIdentities).keepTokens(identity.id, tokens);
  if (sessionId === null) throw new Error('Nobody links an identity without a session');
  await app.get(OauthTransactions).add({
    ...{ id: randomUUID(), stateHash: randomBytes(32), browserHash: randomBytes(32), provider: 'other', kind: 'api' },
    ...{ secrets: { nonce: '', codeVerifier: '', deviceToken: null }, redirectUri: null, tenant: null },
    ...{ link: { userId, sessionId, tenantId }, createdAt: now, expiresAt: new Date(now.getTime() + 600_000) },
  });
}
