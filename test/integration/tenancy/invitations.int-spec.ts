import { NotFound, RateLimitExceeded, ValidationFailed } from '../../../src/kernel/domain-error';
import type { Principal } from '../../../src/kernel/principal';
import { DailyStandings } from '../../../src/modules/tenancy/application/limits/daily-standings';
import { IssueInvitation } from '../../../src/modules/tenancy/application/invitations/issue-invitation';
import { PeekInvitation } from '../../../src/modules/tenancy/application/invitations/peek-invitation';
import {
  type Invited,
  PresentInvitation,
} from '../../../src/modules/tenancy/application/invitations/present-invitation';
import { PutInvitation } from '../../../src/modules/tenancy/application/invitations/put-invitation';
import { RemoveEndedInvitations } from '../../../src/modules/tenancy/application/invitations/remove-ended-invitations';
import { ResendInvitation } from '../../../src/modules/tenancy/application/invitations/resend-invitation';
import { RevokeInvitation } from '../../../src/modules/tenancy/application/invitations/revoke-invitation';
import { InvitationRoles } from '../../../src/modules/tenancy/application/invitations/invitation-roles.port';
import { TenantAdministration } from '../../../src/modules/tenancy/application/tenants/tenant-administration';
import { AlreadyMember, RoleBeyondOwnPermissions } from '../../../src/modules/tenancy/domain/invitation-errors';
import { Tenants } from '../../../src/modules/tenancy/application/tenants.port';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { anAddress, type Invitee, Inviting } from '../../support/inviting';
import { mailsOf } from '../../support/mails-of';
import { counted, recorded, type Recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { statementsOf } from '../../support/statements';
import { Stored } from '../../support/stored';

const PUBLIC_URL = 'https://auth.example.com';
const WEEK = 604_800;
const CODE_LIFE = 900;

describe('invitations', () => {
  let context: TestContext;
  let inviting: Inviting;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({ variables: { PUBLIC_URL } });
    [inviting, stored] = [new Inviting(context), new Stored(context)];
  });
  afterAll(() => context.stop());

  const invite = (by: Principal, email: string, role = 'analyst') =>
    context.app.get(IssueInvitation).execute(by, email, role);
  const resend = (by: Principal, { view }: Pick<Invitee, 'view'>) =>
    context.app.get(ResendInvitation).execute(by, view.id);
  const revoke = (by: Principal, { view }: Pick<Invitee, 'view'>) =>
    context.app.get(RevokeInvitation).execute(by, view.id);
  const presentToken = (token: string): Promise<Invited | null> =>
    context.app.get(PresentInvitation).execute({ kind: 'token', token });
  const presentCode = (email: string, code: string): Promise<Invited | null> =>
    context.app.get(PresentInvitation).execute({ kind: 'code', email, code });
  const eventsOf = async ({ tenantId }: Principal, action: string): Promise<Recorded[]> =>
    (await recorded(context.source, action)).filter(({ tenant_id }) => tenant_id === tenantId);
  /** Leaves the inviter a role that is not enough to invite anybody. */
  const demote = async ({ userId, tenantId }: Principal, role = 'viewer'): Promise<void> => {
    await context.source.query('DELETE FROM membership_roles WHERE user_id = $1 AND tenant_id = $2', [
      userId,
      tenantId,
    ]);
    await stored.member({ userId, tenantId }, role);
  };
  const wrongFor = ({ mail }: Invitee): string => (mail.code === '000000' ? '000001' : '000000');

  describe('when they are made', () => {
    it('go to the address, with a link below PUBLIC_URL, a code, and who invites to what until when', async () => {
      const by = await inviting.anInviter();
      const { view, mail } = await inviting.invited(by);
      const until = new Date(context.clock.now().getTime() + WEEK * 1000);
      expect(mail).toMatchObject({
        tenant: 'Acme',
        inviter: 'Ann Example',
        role: 'analyst',
        until: until.toISOString(),
        codeUntil: new Date(context.clock.now().getTime() + CODE_LIFE * 1000).toISOString(),
      });
      expect(mail.link).toBe(`${PUBLIC_URL}/accept-invitation?token=${mail.token}`);
      expect(mail.token).toMatch(/^[\w-]{43}$/);
      expect(mail.code).toMatch(/^\d{6}$/);
      expect(view).toMatchObject({ role: 'analyst', invitedBy: by.userId, status: 'pending', expiresAt: until });
    });

    it('are on record without the address, and nothing that is kept opens them', async () => {
      const by = await inviting.anInviter();
      const { view, mail } = await inviting.invited(by);
      const events = await eventsOf(by, 'user.invited');
      expect(events).toMatchObject([{ outcome: 'success', user_id: by.userId, details: { role: 'analyst' } }]);
      expect(JSON.stringify(events)).not.toContain(mail.to);
      const [row] = await context.source.query<{ row: string }[]>(
        'SELECT to_jsonb(i)::text AS row FROM invitations i WHERE id = $1',
        [view.id],
      );
      const token = Buffer.from(mail.token, 'base64url').toString('hex');
      for (const secret of [mail.token, token, Buffer.from(mail.token).toString('hex'), `"${mail.code}"`]) {
        expect(row!.row).not.toContain(secret);
      }
    });

    it.each<[string, string, (by: Principal) => Promise<string>]>([
      ['above the own one', 'beyond_inviters_permissions', () => Promise.resolve('owner')],
      [
        'by somebody who may not invite any more',
        'inviter_lost_rights',
        async (by) => {
          await demote(by);
          return 'viewer';
        },
      ],
      [
        'that the own one was enough for until a moment ago',
        'inviter_no_member',
        async ({ userId }) => {
          await context.source.query('DELETE FROM memberships WHERE user_id = $1', [userId]);
          return 'viewer';
        },
      ],
      [
        'by somebody whose account was disabled a moment ago',
        'inviter_not_active',
        async ({ userId }) => {
          await context.source.query("UPDATE users SET status = 'disabled' WHERE id = $1", [userId]);
          return 'viewer';
        },
      ],
    ])('are not made to a role %s, which is on record', async (_, reason, roleFor) => {
      const by = await inviting.anInviter();
      const role = await roleFor(by);
      const before = await counted(context.source, 'invitations', 'outbox');
      await expect(invite(by, anAddress(), role)).rejects.toThrow(RoleBeyondOwnPermissions);
      expect(await counted(context.source, 'invitations', 'outbox')).toEqual(before);
      expect(await eventsOf(by, 'user.invited')).toMatchObject([{ outcome: 'failure', details: { reason, role } }]);
    });

    it.each(['suspended', 'deleted'] as const)('are not made to a tenant that is being %s', async (status) => {
      const by = await inviting.anInviter('owner', { systemAdministrator: true });
      const administrator = { ...by, systemAdministrator: true };
      const administration = context.app.get(TenantAdministration);
      const role = (await context.app.get(InvitationRoles).named(by.tenantId, 'analyst'))!;
      const put = () => context.app.get(PutInvitation).execute(by, anAddress(), role);
      const close = async (): Promise<unknown> =>
        status === 'suspended'
          ? administration.suspend(administrator, by.tenantId, null)
          : administration.delete(administrator, by.tenantId);
      const before = await counted(context.source, 'invitations', 'outbox');
      // It was admitted when nobody had closed the tenant.
      const late = await interleaved(context, close, put);
      expect(late).toMatchObject({ status: 'rejected', reason: expect.any(NotFound) as NotFound });
      expect(await counted(context.source, 'invitations', 'outbox')).toEqual(before);
    });

    it('are gone with a tenant that was deleted while they were made', async () => {
      const by = await inviting.anInviter('owner');
      const email = anAddress();
      await interleaved(
        context,
        () => invite(by, email),
        () => context.app.get(TenantAdministration).delete(by, by.tenantId),
      );
      const sql = 'SELECT id FROM invitations WHERE tenant_id = $1';
      expect(await context.source.query(sql, [by.tenantId])).toEqual([]);
    });

    it('are made to every role by system administrators', async () => {
      const by = await inviting.anInviter('viewer', { systemAdministrator: true });
      expect((await inviting.invited(by, anAddress(), 'owner')).view.role).toBe('owner');
    });

    it('are not made to a role there is not', async () => {
      const refusal = invite(await inviting.anInviter(), anAddress(), 'emperor');
      await expect(refusal).rejects.toThrow(ValidationFailed);
      await expect(refusal).rejects.toMatchObject({ violations: [{ field: 'role' }] });
    });

    it.each(['active', 'locked', 'disabled'])(
      'are not made for a member of the tenant who is %s there, however the address is spelt',
      async (status) => {
        const by = await inviting.anInviter();
        const email = anAddress();
        const { id } = (await stored.user({ email })).snapshot();
        await stored.member({ userId: id, tenantId: by.tenantId });
        await context.source.query('UPDATE memberships SET status = $2 WHERE user_id = $1', [id, status]);
        await expect(invite(by, email.toUpperCase())).rejects.toThrow(AlreadyMember);
        expect(await eventsOf(by, 'user.invited')).toMatchObject([{ details: { reason: 'already_member' } }]);
      },
    );

    it('come as the mails of the inviting tenant do, whatever else the inviter belongs to', async () => {
      const by = await inviting.anInviter();
      const older = await stored.tenant();
      await stored.member({ userId: by.userId, tenantId: older.id }, 'viewer', new Date('2020-01-01T00:00:00Z'));
      await context.source.query("UPDATE tenants SET mail_name = 'Elsewhere' WHERE id = $1", [older.id]);
      const brandOf = async (address: string) =>
        (await mailsOf(context, 'invitation')).find(({ to }) => to === address)?.brand;
      const plain = await inviting.invited(by);
      expect(await brandOf(plain.mail.to)).toBeNull();
      await context.source.query(
        "UPDATE tenants SET mail_name = 'Acme', mail_sender = 'hi@acme.example' WHERE id = $1",
        [by.tenantId],
      );
      const branded = await inviting.invited(by);
      expect(await brandOf(branded.mail.to)).toEqual({ name: 'Acme', sender: 'hi@acme.example' });
    });

    it('are not made into a tenant that ends in the same moment', async () => {
      const by = await inviting.anInviter('viewer', { systemAdministrator: true });
      await context.source.query('DELETE FROM memberships WHERE tenant_id = $1', [by.tenantId]);
      const end = () => context.app.get(Tenants).remove(by.tenantId);
      const settled = await interleaved(context, end, () => invite(by, anAddress()));
      expect(settled).toMatchObject({ status: 'rejected', reason: expect.any(NotFound) as unknown });
    });

    it('take the same statements whether the address has an account elsewhere or not', async () => {
      const by = await inviting.anInviter();
      const [email, nobodys] = [anAddress(), anAddress()];
      const { id } = (await stored.user({ email })).snapshot();
      await stored.member({ userId: id, tenantId: (await stored.tenant()).id });
      // Known by then of every tenant that somebody calls from.
      await context.app.get(DailyStandings).of(by.tenantId);
      const known = await statementsOf(context.source, () => invite(by, email));
      expect(await statementsOf(context.source, () => invite(by, nobodys))).toEqual(known);
    });

    it('replace an older one of the address in the tenant, whose link is good for nothing then', async () => {
      const by = await inviting.anInviter();
      const former = await inviting.invited(by);
      const next = await inviting.invited(by, former.mail.to.toUpperCase(), 'viewer');
      const elsewhere = await inviting.invited(await inviting.anInviter(), former.mail.to);
      expect(await presentToken(former.mail.token)).toBeNull();
      expect(await presentToken(next.mail.token)).toMatchObject({ id: next.view.id });
      expect(await presentToken(elsewhere.mail.token)).toMatchObject({ id: elsewhere.view.id });
      expect(await eventsOf(by, 'user.invitation_revoked')).toMatchObject([{ details: { reason: 'replaced' } }]);
    });

    it('leave one that is open, however many are made at once', async () => {
      const by = await inviting.anInviter();
      const email = anAddress();
      const role = (await context.app.get(InvitationRoles).named(by.tenantId, 'viewer'))!;
      const put = () => context.app.get(PutInvitation).execute(by, email, role);
      await Promise.all(Array.from({ length: 8 }, put));
      const tokens = (await inviting.mailsTo(email)).map(({ token }) => token);
      const presented = await Promise.all(tokens.map(presentToken));
      expect([tokens.length, presented.filter((invited) => invited !== null).length]).toEqual([8, 1]);
    });

    it.each(['outbox', 'audit_events'])('are not made when %s cannot be written', async (table) => {
      const by = await inviting.anInviter();
      const former = await inviting.invited(by);
      const repair = await sabotage(context.source, table, 'INSERT');
      await expect(invite(by, former.mail.to)).rejects.toThrow();
      await repair();
      expect(await presentToken(former.mail.token)).not.toBeNull();
    });

    it('are refused when the mailbox was sent three within a quarter of an hour, and nothing is kept', async () => {
      const by = await inviting.anInviter();
      const email = anAddress();
      const last = [await invite(by, email), await invite(by, email), await inviting.invited(by, email)][2] as Invitee;
      await expect(invite(by, email)).rejects.toThrow(RateLimitExceeded);
      expect(await inviting.mailsTo(email)).toHaveLength(3);
      expect(await presentToken(last.mail.token)).not.toBeNull();
      context.clock.advance({ seconds: 900 });
      expect((await invite(by, email)).status).toBe('pending');
    });
  });

  describe('when they are sent again', () => {
    it('have another link and code, for their whole time, and the ones of before are good for nothing', async () => {
      const by = await inviting.anInviter();
      const former = await inviting.invited(by);
      context.clock.advance({ seconds: WEEK + 1 });
      await resend(by, former);
      const [, mail] = await inviting.mailsTo(former.mail.to);
      expect(await presentToken(former.mail.token)).toBeNull();
      expect(await presentToken(mail!.token)).toMatchObject({ id: former.view.id });
      expect(await presentCode(mail!.to, mail!.code)).toMatchObject({ id: former.view.id });
      const expiresAt = new Date(context.clock.now().getTime() + WEEK * 1000);
      expect([mail!.until, (await inviting.rowOf(former.view))?.expires_at]).toEqual([
        expiresAt.toISOString(),
        expiresAt,
      ]);
      expect(await eventsOf(by, 'user.invitation_resent')).toMatchObject([{ outcome: 'success', user_id: by.userId }]);
    });

    it('keep the count of wrong codes, and take over that of another tenant', async () => {
      const by = await inviting.anInviter();
      const invitee = await inviting.invited(by);
      await presentCode(invitee.mail.to, wrongFor(invitee));
      await resend(by, invitee);
      expect((await inviting.rowOf(invitee.view))?.code_failures).toBe(1);
      await inviting.invited(await inviting.anInviter(), invitee.mail.to);
      await context.source.query('UPDATE invitations SET code_failures = 4 WHERE email = $1 AND tenant_id <> $2', [
        invitee.mail.to,
        by.tenantId,
      ]);
      context.clock.advance({ seconds: 901 });
      await resend(by, invitee);
      expect((await inviting.rowOf(invitee.view))?.code_failures).toBe(4);
    });

    it('rest on the rights of whoever sent them last', async () => {
      const by = await inviting.anInviter('owner');
      const invitee = await inviting.invited(by, anAddress(), 'admin');
      const other = await inviting.anotherInviter(by, 'admin');
      context.clock.advance({ seconds: 1 });
      await resend(other, invitee);
      expect(await inviting.rowOf(invitee.view)).toMatchObject({ invited_by: other.userId });
      expect((await inviting.mailsTo(invitee.mail.to)).at(-1)).toMatchObject({ inviter: 'Bea Example' });
    });

    it.each<[string, string, string, (by: Principal) => Promise<void>]>([
      ['to a role above the own one', 'beyond_inviters_permissions', 'owner', () => Promise.resolve()],
      ['by who may not invite any more', 'inviter_lost_rights', 'viewer', (by) => demote(by)],
    ])('are not sent %s, which is on record, and stay as they were', async (_, reason, role, arrange) => {
      const by = await inviting.anInviter('owner');
      const invitee = await inviting.invited(by, anAddress(), role);
      const other = await inviting.anotherInviter(by, 'admin');
      await arrange(other);
      const before = await inviting.rowOf(invitee.view);
      await expect(resend(other, invitee)).rejects.toThrow(RoleBeyondOwnPermissions);
      expect(await inviting.rowOf(invitee.view)).toEqual(before);
      expect(await inviting.mailsTo(invitee.mail.to)).toHaveLength(1);
      expect(await eventsOf(by, 'user.invitation_resent')).toMatchObject([
        { outcome: 'failure', user_id: other.userId, details: { reason } },
      ]);
    });

    it('more often than a mailbox has to bear are not sent and not changed, and nobody is told', async () => {
      const by = await inviting.anInviter();
      const invitee = await inviting.invited(by);
      await resend(by, invitee);
      await resend(by, invitee);
      const before = await inviting.rowOf(invitee.view);
      await expect(resend(by, invitee)).resolves.toBeUndefined();
      expect(await inviting.mailsTo(invitee.mail.to)).toHaveLength(3);
      expect(await inviting.rowOf(invitee.view)).toEqual(before);
    });
  });

  describe.each([
    ['sent again', resend],
    ['taken back', revoke],
  ])('cannot be %s', (_, act) => {
    it('by another tenant', async () => {
      const invitee = await inviting.invited(await inviting.anInviter());
      await expect(act(await inviting.anInviter('owner'), invitee)).rejects.toThrow(NotFound);
      expect(await presentToken(invitee.mail.token)).not.toBeNull();
    });

    it('once they were taken back', async () => {
      const by = await inviting.anInviter();
      const invitee = await inviting.invited(by);
      await revoke(by, invitee);
      await expect(act(by, invitee)).rejects.toThrow(NotFound);
      expect(await inviting.mailsTo(invitee.mail.to)).toHaveLength(1);
    });

    it('once they were accepted', async () => {
      const by = await inviting.anInviter();
      const invitee = await inviting.invited(by);
      await context.source.query(
        'UPDATE invitations SET accepted_at = sent_at, accepted_by = invited_by WHERE id = $1',
        [invitee.view.id],
      );
      await expect(act(by, invitee)).rejects.toThrow(NotFound);
    });
  });

  it('that were taken back are good for nothing, which is on record', async () => {
    const by = await inviting.anInviter();
    const { view, mail } = await inviting.invited(by);
    await revoke(by, { view });
    expect(await presentToken(mail.token)).toBeNull();
    expect(await presentCode(mail.to, mail.code)).toBeNull();
    expect(await eventsOf(by, 'user.invitation_revoked')).toMatchObject([
      { user_id: by.userId, details: { reason: 'revoked' } },
    ]);
    expect(await eventsOf(by, 'user.invitation_accepted')).toMatchObject([
      { outcome: 'failure', details: { reason: 'revoked' } },
    ]);
  });

  describe('their codes', () => {
    it('are good with the address they were mailed to, however it is spelt, and with no other', async () => {
      const { view, mail } = await inviting.invited(await inviting.anInviter());
      expect(await presentCode(mail.to.toUpperCase(), mail.code)).toMatchObject({ id: view.id, email: mail.to });
      expect(await presentCode(anAddress(), mail.code)).toBeNull();
    });

    it('are good for nothing after five wrong ones, and the link is good all the same', async () => {
      const by = await inviting.anInviter();
      const invitee = await inviting.invited(by);
      for (let wrong = 1; wrong <= 5; wrong += 1) {
        expect(await presentCode(invitee.mail.to, wrongFor(invitee))).toBeNull();
      }
      expect(await presentCode(invitee.mail.to, invitee.mail.code)).toBeNull();
      expect(await presentToken(invitee.mail.token)).toMatchObject({ id: invitee.view.id });
      const failures = await eventsOf(by, 'user.invitation_accepted');
      expect(failures.map(({ details }) => details.reason)).toEqual([
        ...Array.from({ length: 5 }, () => 'wrong_code'),
        'too_many_wrong_codes',
      ]);
    });

    it('are good for a quarter of an hour, and the link is good all the same', async () => {
      const by = await inviting.anInviter();
      const { mail, view } = await inviting.invited(by);
      context.clock.advance({ seconds: CODE_LIFE - 1 });
      expect(await presentCode(mail.to, mail.code)).toMatchObject({ id: view.id });
      context.clock.advance({ seconds: 1 });
      expect(await presentCode(mail.to, mail.code)).toBeNull();
      expect(await eventsOf(by, 'user.invitation_accepted')).toMatchObject([{ details: { reason: 'code_expired' } }]);
      expect(await presentToken(mail.token)).toMatchObject({ id: view.id });
    });

    it.each<[string, (by: Principal) => Promise<Principal>]>([
      ['by the same tenant', (by) => Promise.resolve(by)],
      ['by another tenant', () => inviting.anInviter()],
    ])('are not bought anew by inviting once more %s within a day', async (_, next) => {
      const by = await inviting.anInviter();
      const invitee = await inviting.invited(by);
      const email = invitee.mail.to;
      for (let wrong = 1; wrong <= 5; wrong += 1) await presentCode(email, wrongFor(invitee));
      context.clock.advance({ seconds: 86_399 });
      const again = await inviting.invited(await next(by), email);
      expect(await presentCode(email, again.mail.code)).toBeNull();
      expect(await presentToken(again.mail.token)).toMatchObject({ id: again.view.id });
    });

    it('are forgiven those of more than a day ago', async () => {
      const by = await inviting.anInviter();
      const invitee = await inviting.invited(by);
      for (let wrong = 1; wrong <= 5; wrong += 1) await presentCode(invitee.mail.to, wrongFor(invitee));
      context.clock.advance({ seconds: 86_400 });
      const again = await inviting.invited(by, invitee.mail.to);
      expect(await presentCode(again.mail.to, again.mail.code)).toMatchObject({ id: again.view.id });
    });

    it('are counted before they are carried over, when somebody is invited while one is being looked at', async () => {
      const by = await inviting.anInviter();
      const invitee = await inviting.invited(by);
      const elsewhere = await inviting.anInviter();
      const settled = await interleaved(
        context,
        () => presentCode(invitee.mail.to, wrongFor(invitee)),
        () => invite(elsewhere, invitee.mail.to),
      );
      if (settled.status !== 'fulfilled') throw settled.reason;
      expect((await inviting.rowOf(settled.value))?.code_failures).toBe(1);
    });

    it('are counted one by one when they are guessed at once', async () => {
      const invitee = await inviting.invited(await inviting.anInviter());
      const guess = () => presentCode(invitee.mail.to, wrongFor(invitee));
      await Promise.all(Array.from({ length: 12 }, guess));
      expect((await inviting.rowOf(invitee.view))?.code_failures).toBe(5);
      expect(await presentCode(invitee.mail.to, invitee.mail.code)).toBeNull();
    });

    it('are counted after a guess that is still being looked at', async () => {
      const invitee = await inviting.invited(await inviting.anInviter());
      const guess = () => presentCode(invitee.mail.to, wrongFor(invitee));
      await interleaved(context, guess, guess);
      expect((await inviting.rowOf(invitee.view))?.code_failures).toBe(2);
    });

    it('of two tenants open each its own invitation, and a wrong one counts for both', async () => {
      const one = await inviting.invited(await inviting.anInviter());
      const two = await inviting.invited(await inviting.anInviter(), one.mail.to);
      const codes = [one.mail.code, two.mail.code];
      const wrong = ['000000', '000001', '000002'].find((code) => !codes.includes(code))!;
      expect(await presentCode(one.mail.to, wrong)).toBeNull();
      expect(await presentCode(two.mail.to, two.mail.code)).toMatchObject({ tenantName: 'Acme' });
      const failures = await Promise.all([one, two].map(({ view }) => inviting.rowOf(view)));
      expect(failures.map((row) => row?.code_failures)).toEqual([1, 1]);
    });
  });

  it.each(['', 'x', 'A'.repeat(43), "' OR 1=1 --"])(
    'are not opened by the token %p, which is on record',
    async (token) => {
      expect(await presentToken(token)).toBeNull();
      const last = (await recorded(context.source, 'user.invitation_accepted')).at(-1);
      expect(last).toMatchObject({ outcome: 'failure', tenant_id: null, details: { reason: 'unknown' } });
    },
  );

  it('show what they invite to, and whether there is an account, as often as somebody looks', async () => {
    const by = await inviting.anInviter();
    const { mail } = await inviting.invited(by);
    const peek = () => context.app.get(PeekInvitation).execute(mail.token);
    const sight = { tenantName: 'Acme', role: 'analyst', inviterName: 'Ann Example', email: mail.to };
    expect(await peek()).toEqual({ ...sight, hasAccount: false });
    await stored.user({ email: mail.to });
    expect(await peek()).toEqual({ ...sight, hasAccount: true });
    expect(await presentToken(mail.token)).not.toBeNull();
    expect(await context.app.get(PeekInvitation).execute('A'.repeat(43))).toBeNull();
  });

  it('are forgotten thirty days after their end', async () => {
    await context.source.query('DELETE FROM invitations');
    const by = await inviting.anInviter();
    const [expiring, revoked] = [await inviting.invited(by), await inviting.invited(by)];
    await revoke(by, revoked);
    const remove = () => context.app.get(RemoveEndedInvitations).execute();
    context.clock.advance({ seconds: 30 * 86_400 });
    expect(await remove()).toBe(0);
    context.clock.advance({ seconds: 1 });
    expect(await remove()).toBe(1);
    expect(await inviting.rowOf(expiring.view)).toBeDefined();
    context.clock.advance({ seconds: WEEK });
    expect(await remove()).toBe(1);
  });
});
