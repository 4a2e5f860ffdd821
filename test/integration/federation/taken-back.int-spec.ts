import type { SessionId } from '../../../src/kernel/ids';
import type { Principal } from '../../../src/kernel/principal';
import { RequestEmailChange } from '../../../src/modules/identity/application/mailbox/request-email-change';
import { RequestPasswordReset } from '../../../src/modules/identity/application/mailbox/request-password-reset';
import { ResetPassword } from '../../../src/modules/identity/application/mailbox/reset-password';
import { ChangePassword } from '../../../src/modules/identity/application/passwords/change-password';
import { FederatedUsersFacade } from '../../../src/modules/identity/federated-users.facade';
import { SetUpMailbox } from '../../../src/modules/mfa/application/sent-codes/set-up-mailbox';
import { SetUpPhone } from '../../../src/modules/mfa/application/sent-codes/set-up-phone';
import { SetUpTotp } from '../../../src/modules/mfa/application/totp/set-up-totp';
import { IssueInvitation } from '../../../src/modules/tenancy/application/invitations/issue-invitation';
import { PresentInvitation } from '../../../src/modules/tenancy/application/invitations/present-invitation';
import { ResendInvitation } from '../../../src/modules/tenancy/application/invitations/resend-invitation';
import { MintApiKey } from '../../../src/modules/tokens/application/api-keys/mint-api-key';
import { RotateApiKey } from '../../../src/modules/tokens/application/api-keys/rotate-api-key';
import { ConfirmFactor } from '../../../src/modules/mfa/application/confirm-factor';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { aNumber } from '../../support/factor-owners';
import { interleaved } from '../../support/gates';
import { anAddress, type Invitee, Inviting } from '../../support/inviting';
import { Mailboxes } from '../../support/mailboxes';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { recorded } from '../../support/recorded';
import { SecondFactors } from '../../support/second-factors';
import { Stored } from '../../support/stored';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';

/** What somebody leaves in an account, once it is all prepared. */
type Deed = () => Promise<unknown>;

/** All that acts for whoever left it, though no session of theirs goes on. */
const LEFT = `SELECT (SELECT count(*)::int FROM sessions WHERE user_id = $1 AND revoked_at IS NULL) AS sessions,
  (SELECT count(*)::int FROM api_keys WHERE owner_id = $1 AND revoked_at IS NULL) AS keys,
  (SELECT count(*)::int FROM factors WHERE user_id = $1) AS factors,
  (SELECT count(*)::int FROM mailed_secrets WHERE user_id = $1) AS mailed,
  (SELECT count(*)::int FROM invitations WHERE invited_by = $1 AND accepted_at IS NULL AND revoked_at IS NULL) AS invitations`;
const NOTHING = { sessions: 0, keys: 0, factors: 0, mailed: 0, invitations: 0 };

describe.each(['by a provider', 'by mail'])('an account that its owner takes back %s (RC-09)', (way) => {
  let context: TestContext;
  let people: SecondFactors;
  let inviting: Inviting;

  beforeAll(async () => {
    context = await aContext({ hasher: new PlainHasher(), variables: { RATE_LIMIT_MAIL: '1000/60' } });
    [people, inviting] = [new SecondFactors(context), new Inviting(context)];
  });
  afterAll(() => context.stop());

  const get: TestContext['app']['get'] = (type: never) => context.app.get(type);
  const aThief = async (): Promise<Principal> => {
    const stored = new Stored(context);
    const member = await stored.newMember({ passwordHash: plainHash(PASSWORD), emailVerified: false });
    await stored.member(member, 'owner');
    return people.callerOf(member);
  };
  /** Made ready: the mail is there, where it takes one. */
  const takingBack = async ({ userId }: Principal): Promise<Deed> => {
    if (way === 'by a provider') {
      return () => get(UnitOfWork).run(() => get(FederatedUsersFacade).reclaim(userId, 'google'));
    }
    const address = `${userId}@example.com`;
    await get(RequestPasswordReset).execute(address);
    const link = await new Mailboxes(context).link(address, 'password-reset');
    return () => get(ResetPassword).execute(link, 'a wholly new phrase to remember');
  };
  const aKey = ({ userId: ownerId, tenantId }: Principal, madeIn: SessionId | null) => {
    const input = { ownerId, tenantId, madeIn, name: 'a key', description: null, expiresAt: null };
    return get(MintApiKey).execute({ ...input, permissions: ['detector:read'] });
  };
  const left = (by: Principal): Promise<unknown[]> => context.source.query(LEFT, [by.userId]);

  const deeds: readonly [string, string, (by: Principal) => Promise<Deed>][] = [
    [
      'a wish for another address',
      'TOKEN_INVALID',
      (by) => {
        const change = { newEmail: `${by.userId}@thief.example`, ipAddress: null };
        return Promise.resolve(() => get(RequestEmailChange).execute(by, change));
      },
    ],
    ['an authenticator app', 'TOKEN_INVALID', (by) => Promise.resolve(() => get(SetUpTotp).execute(by, null))],
    ['a telephone', 'TOKEN_INVALID', (by) => Promise.resolve(() => get(SetUpPhone).execute(by, aNumber()))],
    ['codes by mail', 'TOKEN_INVALID', (by) => Promise.resolve(() => get(SetUpMailbox).execute(by))],
    ['an API key', 'TOKEN_INVALID', (by) => Promise.resolve(() => aKey(by, by.sessionId))],
    [
      'a key in the place of another',
      'TOKEN_INVALID',
      async (by) => {
        const { id } = await aKey(by, null);
        return () => get(RotateApiKey).execute({ by, id, overlapSeconds: 60 });
      },
    ],
    [
      'an invitation',
      'TOKEN_INVALID',
      (by) => Promise.resolve(() => get(IssueInvitation).execute(by, anAddress(), 'analyst')),
    ],
    [
      'an invitation of somebody else, sent again',
      'TOKEN_INVALID',
      async (by) => {
        const { view } = await inviting.invited(await inviting.anotherInviter(by, 'owner'));
        return () => get(ResendInvitation).execute(by, view.id);
      },
    ],
    // What these change is gone, or not what it was, by the time it is their turn.
    [
      'a factor that is confirmed',
      'CONFLICT',
      async (by) => {
        const { authenticator } = await people.begun(by);
        return () => get(ConfirmFactor).execute(by, 'totp', authenticator.codeAt(context.clock.now()));
      },
    ],
    [
      'a password',
      'INVALID_CREDENTIALS',
      (by) => Promise.resolve(() => get(ChangePassword).execute(by, PASSWORD, 'a phrase of somebody else')),
    ],
  ];

  it.each(deeds)('is left without %s that was on its way', async (_, code, prepare) => {
    const by = await aThief();
    const [takeBack, deed] = [await takingBack(by), await prepare(by)];
    const late = await interleaved(context, takeBack, deed);
    expect(late).toMatchObject({ status: 'rejected', reason: { code } });
    expect(await left(by)).toEqual([NOTHING]);
  });

  it.each(deeds)('is left without %s that came just before', async (_, __, prepare) => {
    const by = await aThief();
    const [takeBack, deed] = [await takingBack(by), await prepare(by)];
    const { status } = await interleaved(context, deed, takeBack);
    // A new password ends the link of before, and so the owner asks for another.
    context.clock.advance({ seconds: 1 });
    if (status === 'rejected') await (await takingBack(by))();
    expect(await left(by)).toEqual([NOTHING]);
  });

  it('invites nobody any more by what was sent before, in whichever tenant, which is on record', async () => {
    const by = await aThief();
    const stored = new Stored(context);
    const elsewhere = { userId: by.userId, tenantId: (await stored.tenant()).id };
    await stored.member(elsewhere, 'owner');
    const sent: Invitee[] = [await inviting.invited(by)];
    context.clock.advance({ seconds: 1 });
    sent.push(await inviting.invited(await people.callerOf(elsewhere)));
    const others = await inviting.invited(await inviting.anotherInviter(by, 'owner'), anAddress());
    await (
      await takingBack(by)
    )();
    const present = ({ mail: { token } }: Invitee) => get(PresentInvitation).execute({ kind: 'token', token });
    expect(await Promise.all(sent.map(present))).toEqual([null, null]);
    expect(await present(others)).toMatchObject({ id: others.view.id });
    const details = { reason: way === 'by mail' ? 'password_reset' : 'account_reclaimed' };
    const ended = (await recorded(context.source, 'user.invitation_revoked')).filter(
      ({ user_id }) => user_id === by.userId,
    );
    expect(ended).toMatchObject([by, elsewhere].map(({ tenantId }) => ({ tenant_id: tenantId, details })));
  });
});
