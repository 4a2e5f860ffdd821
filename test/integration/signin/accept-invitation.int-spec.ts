import { ValidationFailed } from '../../../src/kernel/domain-error';
import { sessionId } from '../../../src/kernel/ids';
import type { Principal } from '../../../src/kernel/principal';
import { EmailTaken, InvalidCredentials } from '../../../src/modules/identity/domain/errors';
import type { NewUser } from '../../../src/modules/identity/domain/user';
import { MfaFacade } from '../../../src/modules/mfa/mfa.facade';
import {
  type AcceptanceInput,
  AcceptInvitation,
} from '../../../src/modules/signin/application/invited/accept-invitation';
import { VerifyChallenge } from '../../../src/modules/signin/application/challenges/verify-challenge';
import type { SignInResult } from '../../../src/modules/signin/application/entrance/entrance';
import { InvitedByPage } from '../../../src/modules/signin/application/invited/invited-by-page';
import { InvitedMember } from '../../../src/modules/signin/application/invited/invited-member';
import { SignIn } from '../../../src/modules/signin/application/sign-in';
import {
  InvitationOfSomebodyElse,
  InvitationRefused,
  InvitedMustSignIn,
  JoinedOutside,
} from '../../../src/modules/signin/domain/invitation-errors';
import { ResendInvitation } from '../../../src/modules/tenancy/application/invitations/resend-invitation';
import { RevokeInvitation } from '../../../src/modules/tenancy/application/invitations/revoke-invitation';
import { InvitationsFacade } from '../../../src/modules/tenancy/invitations.facade';
import { EndSession } from '../../../src/modules/tokens/application/sessions/end-session';
import { AccessTokenRefused, type TokenPair, TokensFacade } from '../../../src/modules/tokens/tokens.facade';
import { Database } from '../../../src/platform/database/database';
import { aClient } from '../../support/a-device';
import { aSignIn, letIn } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { anAddress, type Invitee, Inviting } from '../../support/inviting';
import { InMemoryFactors, RIGHT_CODE } from '../../support/in-memory-factors';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { counted, recorded, type Recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { type Member, Stored } from '../../support/stored';

const AT_ONCE = 20;

type Occasion = Invitee & { readonly by: Principal };
type OwnAccount = Member & { readonly email: string };

describe('accepting an invitation', () => {
  const factors = new InMemoryFactors();
  let context: TestContext;
  let inviting: Inviting;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({
      hasher: new PlainHasher(),
      variables: { HASHING_QUEUE: '1000' },
      overrides: [[MfaFacade, factors]],
    });
    [inviting, stored] = [new Inviting(context), new Stored(context)];
  });
  afterAll(() => context.stop());

  const anOccasion = async (email = anAddress(), role = 'analyst'): Promise<Occasion> => {
    const by = await inviting.anInviter();
    return { by, ...(await inviting.invited(by, email, role)) };
  };
  /** A user with the password of tests, in a tenant of their own. */
  const anAccount = async (overrides: Partial<NewUser> = {}): Promise<OwnAccount> => {
    const email = anAddress();
    return { ...(await stored.newMember({ email, passwordHash: plainHash(PASSWORD), ...overrides })), email };
  };
  const answerTo = ({ mail }: Pick<Invitee, 'mail'>, input: Partial<AcceptanceInput> = {}): Promise<SignInResult> =>
    context.app.get(AcceptInvitation).execute({
      proof: { kind: 'token', token: mail.token },
      password: null,
      firstName: null,
      lastName: null,
      by: null,
      disbelief: null,
      client: aClient(),
      deviceToken: null,
      ...input,
    });
  const accept = async (invitee: Pick<Invitee, 'mail'>, input: Partial<AcceptanceInput> = {}): Promise<TokenPair> =>
    letIn(await answerTo(invitee, input)).tokens;
  const callerOf = async ({ accessToken }: TokenPair): Promise<Principal> => {
    const tokens = context.app.get(TokensFacade);
    const caller = await tokens.authenticate(await tokens.verify(accessToken));
    if (!caller) throw new Error('The session is over');
    return caller;
  };
  const isPending = async ({ view }: Pick<Invitee, 'view'>): Promise<boolean> => {
    const row = await inviting.rowOf(view);
    return row?.accepted_at === null && row.revoked_at === null;
  };
  const rolesOf = (user: string): Promise<{ tenant: string; roles: string[] }[]> =>
    context.source.query('SELECT tenant_id AS tenant, roles FROM member_grants WHERE user_id = $1 ORDER BY roles', [
      user,
    ]);
  const refusalsOf = async ({ by }: Occasion): Promise<Recorded[]> =>
    (await recorded(context.source, 'user.invitation_accepted')).filter(
      ({ tenant_id, outcome }) => tenant_id === by.tenantId && outcome === 'failure',
    );
  const endRole = ({ userId }: Principal, role: string): Promise<unknown> =>
    update(
      'DELETE FROM membership_roles WHERE user_id = $1 AND role_id = (SELECT id FROM roles WHERE name = $2)',
      userId,
      role,
    );
  const update = (sql: string, ...values: unknown[]): Promise<unknown> => context.source.query(sql, values);

  describe('without an account', () => {
    it('makes one whose session is good for nothing but a second factor, where the tenant demands one', async () => {
      const occasion = await anOccasion();
      await update('UPDATE tenants SET second_factor_required = true WHERE id = $1', occasion.by.tenantId);
      const pair = await accept(occasion, { password: PASSWORD });
      expect(pair.confined).toBe(true);
      expect(await callerOf(pair)).toMatchObject({ confined: true, roles: [], permissions: [] });
    });

    it('makes one that is verified, with the role in that tenant and nothing else, and is signed in there', async () => {
      const occasion = await anOccasion();
      const pair = await accept(occasion, { password: PASSWORD, firstName: 'Bob', lastName: 'Example' });
      const caller = await callerOf(pair);
      expect(pair.tenantId).toBe(occasion.by.tenantId);
      expect(caller).toMatchObject({ tenantId: occasion.by.tenantId, roles: ['analyst'] });
      expect(await rolesOf(caller.userId)).toEqual([{ tenant: occasion.by.tenantId, roles: ['analyst'] }]);
      const [user] = await context.source.query<unknown[]>(
        'SELECT email, first_name, last_name, email_verified_at, password_change_required FROM users WHERE id = $1',
        [caller.userId],
      );
      expect(user).toEqual({
        email: occasion.mail.to,
        first_name: 'Bob',
        last_name: 'Example',
        email_verified_at: context.clock.now(),
        password_change_required: false,
      });
      expect(await inviting.rowOf(occasion.view)).toMatchObject({ accepted_by: caller.userId });
      const { tokens } = letIn(await context.app.get(SignIn).execute(aSignIn({ login: occasion.mail.to })));
      expect(tokens.tenantId).toBe(occasion.by.tenantId);
    });

    it('works by the code and the address too', async () => {
      const occasion = await anOccasion();
      const { to: email, code } = occasion.mail;
      const pair = await accept(occasion, { proof: { kind: 'code', email, code }, password: PASSWORD });
      expect(pair.tenantId).toBe(occasion.by.tenantId);
    });

    it('is on record as what it is, without the address', async () => {
      const occasion = await anOccasion();
      const { userId } = await callerOf(await accept(occasion, { password: PASSWORD }));
      const events = (await recorded(context.source)).filter(({ user_id }) => user_id === userId);
      expect(events.map(({ action, outcome, tenant_id }) => [action, outcome, tenant_id])).toEqual(
        ['role.granted', 'user.invitation_accepted', 'user.registered', 'auth.login'].map((action) => [
          action,
          'success',
          occasion.by.tenantId,
        ]),
      );
      expect(events[1]?.details).toEqual({ role: 'analyst', invited_by: occasion.by.userId });
      expect(JSON.stringify(events)).not.toContain(occasion.mail.to);
    });

    it.each([
      ['no password', null],
      ['a password that may be none', 'short'],
      ['the name of the tenant as password', 'Acme Acme Acme Acme'],
    ])('and with %s is refused, and changes nothing', async (_, password) => {
      const occasion = await anOccasion();
      const refusal = accept(occasion, { password });
      await expect(refusal).rejects.toThrow(ValidationFailed);
      const named = expect.arrayContaining([expect.objectContaining({ field: 'password' })]) as unknown;
      await expect(refusal).rejects.toMatchObject({ violations: named });
      expect(await isPending(occasion)).toBe(true);
    });

    it('does not take the address from somebody who registers with it in the same moment', async () => {
      const occasion = await anOccasion();
      const first = (): Promise<unknown> => stored.user({ email: occasion.mail.to });
      const settled = await interleaved(context, first, () => accept(occasion, { password: PASSWORD }));
      expect(settled).toMatchObject({ status: 'rejected', reason: expect.any(EmailTaken) as unknown });
      expect(await isPending(occasion)).toBe(true);
      expect((await refusalsOf(occasion)).map(({ details }) => details.reason)).toEqual(['email_taken']);
    });

    it('is signed in by somebody else or not, it is the address that counts', async () => {
      const occasion = await anOccasion();
      const by = await callerOf(await stored.signedIn(await anAccount()));
      const { userId } = await callerOf(await accept(occasion, { password: PASSWORD, by }));
      expect(userId).not.toBe(by.userId);
    });

    it.each([
      ['sessions', 'INSERT'],
      ['memberships', 'INSERT'],
      ['invitations', 'UPDATE'],
      ['audit_events', 'INSERT'],
    ] as const)('leaves everything as it was when %s cannot be written', async (table, operation) => {
      const occasion = await anOccasion();
      const before = await counted(context.source, 'users', 'memberships', 'sessions');
      const repair = await sabotage(context.source, table, operation);
      await expect(accept(occasion, { password: PASSWORD })).rejects.toThrow();
      await repair();
      expect(await counted(context.source, 'users', 'memberships', 'sessions')).toEqual(before);
      expect(await isPending(occasion)).toBe(true);
    });
  });

  describe('with an account', () => {
    it('and its password adds the membership, and opens a session there', async () => {
      const account = await anAccount();
      const occasion = await anOccasion(account.email);
      const pair = await accept(occasion, { password: PASSWORD, firstName: 'Not Bob' });
      expect(await callerOf(pair)).toMatchObject({ userId: account.userId, roles: ['analyst'] });
      expect(await rolesOf(account.userId)).toEqual([
        { tenant: occasion.by.tenantId, roles: ['analyst'] },
        { tenant: account.tenantId, roles: ['viewer'] },
      ]);
      const actions = (await recorded(context.source)).filter(({ user_id }) => user_id === account.userId);
      expect(actions.map(({ action }) => action)).toEqual(['role.granted', 'user.invitation_accepted', 'auth.login']);
      expect(await context.source.query('SELECT first_name FROM users WHERE id = $1', [account.userId])).toEqual([
        { first_name: null },
      ]);
    });

    it('and a wrong password is a wrong password, which counts, and leaves the invitation as it was', async () => {
      const account = await anAccount();
      const occasion = await anOccasion(account.email);
      for (let wrong = 1; wrong <= 5; wrong += 1) {
        await expect(accept(occasion, { password: `${PASSWORD}!` })).rejects.toThrow(InvalidCredentials);
      }
      await expect(accept(occasion, { password: PASSWORD })).rejects.toThrow(InvalidCredentials);
      const attempts = (await recorded(context.source, 'auth.login')).filter(
        ({ user_id }) => user_id === account.userId,
      );
      expect(attempts.map(({ details }) => details.reason)).toEqual([
        ...Array<string>(5).fill('wrong_password'),
        'locked',
      ]);
      expect(await isPending(occasion)).toBe(true);
      expect(await rolesOf(account.userId)).toHaveLength(1);
    });

    it('that is disabled is refused, and leaves the invitation as it was', async () => {
      const account = await anAccount();
      const occasion = await anOccasion(account.email);
      await update("UPDATE users SET status = 'disabled' WHERE id = $1", account.userId);
      await expect(accept(occasion, { password: PASSWORD })).rejects.toThrow(InvalidCredentials);
      expect(await isPending(occasion)).toBe(true);
    });

    it('is refused by a tenant that asks for a second factor it does not have, and a member of it all the same', async () => {
      const account = await anAccount();
      const occasion = await anOccasion(account.email);
      await context.app.get(SignIn).execute(aSignIn({ login: account.email }));
      await update('UPDATE tenants SET second_factor_above_risk = 1 WHERE id = $1', occasion.by.tenantId);
      const elsewhere = aClient({ ipAddress: '192.0.2.44', userAgent: 'another/1.0' });
      const { sessions } = await counted(context.source, 'sessions');
      const refusal = accept(occasion, { password: PASSWORD, client: elsewhere });
      await expect(refusal).rejects.toThrow(JoinedOutside);
      await expect(refusal).rejects.toMatchObject({ code: new InvalidCredentials().code });
      expect(await counted(context.source, 'sessions')).toEqual({ sessions });
      expect(await rolesOf(account.userId)).toHaveLength(2);
      const last = (await recorded(context.source, 'auth.login')).at(-1);
      expect(last).toMatchObject({ outcome: 'failure', details: { reason: 'second_factor_missing' } });
    });

    it('is told by the page that it is a member, though the tenant asks for a second factor it does not have', async () => {
      const account = await anAccount();
      const occasion = await anOccasion(account.email);
      await context.app.get(SignIn).execute(aSignIn({ login: account.email }));
      await update('UPDATE tenants SET second_factor_above_risk = 1 WHERE id = $1', occasion.by.tenantId);
      const client = aClient({ ipAddress: '192.0.2.45', userAgent: 'another/1.0' });
      const typed = { firstName: null, lastName: null, client, deviceToken: null };
      const enter = (password: string): Promise<string> =>
        context.app.get(InvitedByPage).accept(occasion.mail.token, { ...typed, password });
      await expect(enter(`${PASSWORD}!`)).rejects.toThrow(InvalidCredentials);
      expect(await enter(PASSWORD)).toBe('Acme');
      expect(await rolesOf(account.userId)).toHaveLength(2);
    });

    it('and a second factor has joined by its password, and goes on there once that is shown', async () => {
      const account = await anAccount();
      factors.enrol(account.userId);
      const occasion = await anOccasion(account.email);
      const { sessions } = await counted(context.source, 'sessions');
      const answer = await answerTo(occasion, { password: PASSWORD });
      expect(answer).toMatchObject({ kind: 'challenged', challenge: { methods: ['totp', 'backup_codes'] } });
      expect(await counted(context.source, 'sessions')).toEqual({ sessions });
      expect([await isPending(occasion), (await rolesOf(account.userId)).length]).toEqual([false, 2]);
      const token = answer.kind === 'challenged' ? answer.challenge.token : '';
      const shown = {
        challengeId: token,
        method: 'totp',
        code: RIGHT_CODE,
        rememberDevice: null,
        deviceToken: null,
        client: aClient(),
      };
      const { tokens } = await context.app.get(VerifyChallenge).execute(shown);
      expect(await callerOf(tokens)).toMatchObject({ userId: account.userId, tenantId: occasion.by.tenantId });
    });

    it('and a second factor is told by the page that it is a member, and nobody is signed in', async () => {
      const account = await anAccount();
      factors.enrol(account.userId);
      const occasion = await anOccasion(account.email);
      const { sessions } = await counted(context.source, 'sessions');
      const typed = { firstName: null, lastName: null, client: aClient(), deviceToken: null, password: PASSWORD };
      expect(await context.app.get(InvitedByPage).accept(occasion.mail.token, typed)).toBe('Acme');
      expect(await counted(context.source, 'sessions')).toEqual({ sessions });
      expect(await rolesOf(account.userId)).toHaveLength(2);
    });

    it('and a session of it goes on there in that session', async () => {
      const account = await anAccount();
      const occasion = await anOccasion(account.email);
      const own = await stored.signedIn(account);
      const pair = await accept(occasion, { by: await callerOf(own) });
      expect(pair).toMatchObject({ sessionId: own.sessionId, tenantId: occasion.by.tenantId });
      expect(await callerOf(pair)).toMatchObject({ userId: account.userId, roles: ['analyst'] });
    });

    it('and neither password nor session is asked to sign in, whatever the mail says', async () => {
      const occasion = await anOccasion((await anAccount()).email);
      await expect(accept(occasion)).rejects.toThrow(InvitedMustSignIn);
      await expect(accept(occasion, { disbelief: 'TOKEN_EXPIRED' })).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
      expect(await isPending(occasion)).toBe(true);
      expect((await refusalsOf(occasion)).map(({ user_id, details }) => [user_id, details.reason])).toEqual([
        [null, 'not_signed_in'],
        [null, 'not_signed_in'],
      ]);
    });

    it('is not joined by the session of somebody else, or by a key, which is on record', async () => {
      const account = await anAccount();
      const occasion = await anOccasion(account.email);
      const other = await callerOf(await stored.signedIn(await anAccount()));
      const own = await callerOf(await stored.signedIn(account));
      const key: Principal = { ...own, kind: 'api_key', sessionId: null };
      for (const by of [other, key, occasion.by]) {
        await expect(accept(occasion, { by })).rejects.toThrow(InvitationOfSomebodyElse);
      }
      expect(await isPending(occasion)).toBe(true);
      expect((await refusalsOf(occasion)).map(({ user_id, details }) => [user_id, details.reason])).toEqual(
        [other.userId, account.userId, occasion.by.userId].map((user) => [user, 'somebody_else']),
      );
    });

    it('is not joined by a session that has just ended', async () => {
      const account = await anAccount();
      const occasion = await anOccasion(account.email);
      const by = await callerOf(await stored.signedIn(account));
      await context.app.get(EndSession).executeById(sessionId(by.sessionId!));
      await expect(accept(occasion, { by })).rejects.toThrow(AccessTokenRefused);
      expect(await isPending(occasion)).toBe(true);
    });

    it('that is a member already by now holds both roles', async () => {
      const account = await anAccount();
      const occasion = await anOccasion(account.email);
      await stored.member({ userId: account.userId, tenantId: occasion.by.tenantId }, 'viewer');
      expect((await callerOf(await accept(occasion, { password: PASSWORD }))).roles).toEqual(['analyst', 'viewer']);
    });
  });

  it.each<['locked' | 'disabled', (account: OwnAccount) => Promise<Partial<AcceptanceInput>>]>([
    ['locked', () => Promise.resolve({ password: PASSWORD })],
    ['disabled', () => Promise.resolve({ password: PASSWORD })],
    ['disabled', async (account) => ({ by: await callerOf(await stored.signedIn(account)) })],
  ])('is refused to a member whom the tenant has %s, and gives no role, which is on record', async (status, input) => {
    const account = await anAccount();
    const occasion = await anOccasion(account.email);
    await stored.member({ userId: account.userId, tenantId: occasion.by.tenantId }, 'viewer');
    const inTenant = [account.userId, occasion.by.tenantId];
    await update(`UPDATE memberships SET status = '${status}' WHERE user_id = $1 AND tenant_id = $2`, ...inTenant);
    await expect(accept(occasion, await input(account))).rejects.toThrow(InvitationRefused);
    const held = await update('SELECT 1 FROM membership_roles WHERE user_id = $1 AND tenant_id = $2', ...inTenant);
    expect(held).toHaveLength(1);
    expect(await isPending(occasion)).toBe(true);
    expect((await refusalsOf(occasion)).map(({ user_id, details }) => [user_id, details.reason])).toEqual([
      [account.userId, `member_${status}`],
    ]);
  });

  it('is refused to who is signed in to an account that ends in the same moment, which is on record', async () => {
    const account = await anAccount();
    const occasion = await anOccasion(account.email);
    const by = await callerOf(await stored.signedIn(account));
    const end = async (): Promise<void> => {
      const { writer: manager } = context.app.get(Database);
      for (const table of ['sessions', 'memberships']) {
        await manager.query(`DELETE FROM ${table} WHERE user_id = $1`, [account.userId]);
      }
      await manager.query('DELETE FROM users WHERE id = $1', [account.userId]);
    };
    const settled = await interleaved(context, end, () => accept(occasion, { by }));
    expect(settled).toMatchObject({ status: 'rejected', reason: expect.any(InvitationRefused) as unknown });
    expect((await refusalsOf(occasion)).map(({ details }) => details.reason)).toEqual(['account_gone']);
  });

  describe('is refused, with one error for all of it and the true reason on record, when', () => {
    it.each<[string, string, (occasion: Occasion) => Promise<unknown>]>([
      ['it was accepted before', 'accepted', (occasion) => accept(occasion, { password: PASSWORD })],
      ['it was taken back', 'revoked', ({ by, view }) => context.app.get(RevokeInvitation).execute(by, view.id)],
      ['it was sent again', 'unknown', ({ by, view }) => context.app.get(ResendInvitation).execute(by, view.id)],
      [
        'its time is over',
        'expired',
        ({ view }) =>
          update(
            `UPDATE invitations SET sent_at = $2::timestamptz - interval '1 s', expires_at = $2, code_expires_at = $2
             WHERE id = $1`,
            view.id,
            context.clock.now(),
          ),
      ],
      [
        'the inviter is no member any more',
        'inviter_no_member',
        ({ by }) => update('DELETE FROM memberships WHERE user_id = $1', by.userId),
      ],
      [
        'the inviter may not invite any more, and do all that the role may all the same',
        'inviter_lost_rights',
        ({ by }) => endRole(by, 'admin').then(() => stored.member(by, 'analyst')),
      ],
      [
        'the account of the inviter was disabled',
        'inviter_not_active',
        ({ by }) => update("UPDATE users SET status = 'disabled' WHERE id = $1", by.userId),
      ],
      [
        'the inviter is no more',
        'inviter_gone',
        ({ view }) => update('UPDATE invitations SET invited_by = gen_random_uuid() WHERE id = $1', view.id),
      ],
      [
        'the tenant is suspended',
        'tenant_suspended',
        ({ by }) => update("UPDATE tenants SET status = 'suspended' WHERE id = $1", by.tenantId),
      ],
    ])('%s', async (_, reason, arrange) => {
      const account = await anAccount();
      const [newcomers, members] = [await anOccasion(), await anOccasion(account.email)];
      const by = await callerOf(await stored.signedIn(account));
      await arrange(newcomers);
      await arrange(members);
      // Whoever arranged it may have made the account.
      const password = reason === 'accepted' ? `${PASSWORD}, another` : PASSWORD;
      await expect(accept(newcomers, { password })).rejects.toEqual(new InvitationRefused());
      await expect(accept(members, { password })).rejects.toEqual(new InvitationRefused());
      await expect(accept(members, { by })).rejects.toEqual(new InvitationRefused());
      const last = (await recorded(context.source, 'user.invitation_accepted')).at(-1);
      expect(last).toMatchObject({ outcome: 'failure', details: { reason } });
      if (reason !== 'accepted') expect(await rolesOf(account.userId)).toHaveLength(1);
    });
  });

  it('is refused when the inviter holds less than the role by now, and may invite all the same', async () => {
    const by = await inviting.anInviter('owner');
    const occasion = { by, ...(await inviting.invited(by, anAddress(), 'owner')) };
    await endRole(by, 'owner');
    await stored.member(by, 'admin');
    await expect(accept(occasion, { password: PASSWORD })).rejects.toThrow(InvitationRefused);
    expect((await refusalsOf(occasion)).map(({ details }) => details.reason)).toEqual(['beyond_inviters_permissions']);
  });

  it('needs no membership of a system administrator who invited', async () => {
    const by = await inviting.anInviter('owner', { systemAdministrator: true });
    const occasion = { by, ...(await inviting.invited(by, anAddress(), 'owner')) };
    await update('DELETE FROM memberships WHERE user_id = $1', by.userId);
    expect((await callerOf(await accept(occasion, { password: PASSWORD }))).roles).toEqual(['owner']);
  });

  it('never gives a role in another tenant, or another role', async () => {
    const account = await anAccount();
    const [viewer, elsewhere] = [await anOccasion(account.email, 'viewer'), await anOccasion(account.email, 'admin')];
    const pair = await accept(viewer, { password: PASSWORD });
    expect([pair.tenantId, (await callerOf(pair)).roles]).toEqual([viewer.by.tenantId, ['viewer']]);
    expect((await rolesOf(account.userId)).map(({ tenant }) => tenant)).not.toContain(elsewhere.by.tenantId);
  });

  describe('many times at once', () => {
    const outcomesOf = async (attempts: readonly Promise<TokenPair>[]): Promise<{ won: number; lost: unknown[] }> => {
      const settled = await Promise.allSettled(attempts);
      const lost = settled.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
      return { won: settled.length - lost.length, lost };
    };
    const refusals = Array.from({ length: AT_ONCE - 1 }, () => expect.any(InvitationRefused) as unknown);

    it.each<[string, (account: OwnAccount) => Promise<Partial<AcceptanceInput>>]>([
      ['by the password', () => Promise.resolve({ password: PASSWORD })],
      ['in a session', async (account) => ({ by: await callerOf(await stored.signedIn(account)) })],
    ])('%s is accepted once', async (_, input) => {
      const account = await anAccount();
      const occasion = await anOccasion(account.email);
      const sent = await input(account);
      const { won, lost } = await outcomesOf(Array.from({ length: AT_ONCE }, () => accept(occasion, sent)));
      expect([won, lost]).toEqual([1, refusals]);
      const accepted = (await recorded(context.source, 'user.invitation_accepted')).filter(
        ({ tenant_id, outcome }) => tenant_id === occasion.by.tenantId && outcome === 'success',
      );
      expect(accepted).toHaveLength(1);
    });

    it('by a newcomer is accepted once, and makes one account', async () => {
      const occasion = await anOccasion();
      const { won, lost } = await outcomesOf(
        Array.from({ length: AT_ONCE }, () => accept(occasion, { password: PASSWORD })),
      );
      expect([won, lost]).toEqual([1, refusals]);
    });

    it('is not accepted while it is being taken back', async () => {
      const account = await anAccount();
      const occasion = await anOccasion(account.email);
      const settled = await interleaved(
        context,
        () => context.app.get(RevokeInvitation).execute(occasion.by, occasion.view.id),
        () => accept(occasion, { password: PASSWORD }),
      );
      expect(settled).toMatchObject({ status: 'rejected', reason: expect.any(InvitationRefused) as unknown });
    });

    it('is not accepted by a link whose successor was sent after it was shown', async () => {
      const account = await anAccount();
      const occasion = await anOccasion(account.email);
      const invited = await context.app.get(InvitationsFacade).present({ kind: 'token', token: occasion.mail.token });
      await context.app.get(ResendInvitation).execute(occasion.by, occasion.view.id);
      const late = { password: PASSWORD, client: aClient(), deviceToken: null };
      await expect(context.app.get(InvitedMember).enter(invited!, late)).rejects.toThrow(InvitationRefused);
      expect((await refusalsOf(occasion)).map(({ details }) => details.reason)).toEqual(['sent_again']);
    });
  });
});
