import { randomUUID } from 'node:crypto';
import { tenantId, type UserId } from '../../../src/kernel/ids';
import { AuditQueries } from '../../../src/modules/audit/application/audit-queries';
import { AccountsFacade } from '../../../src/modules/identity/accounts.facade';
import type { NewUser } from '../../../src/modules/identity/domain/user';
import { AcceptInvitation } from '../../../src/modules/signin/application/invited/accept-invitation';
import { SignIn } from '../../../src/modules/signin/application/sign-in';
import { SignUp } from '../../../src/modules/signin/application/sign-up';
import { EraseAccount } from '../../../src/modules/tenancy/application/members/erase-account';
import { Members } from '../../../src/modules/tenancy/application/members/members.port';
import { LastOwner } from '../../../src/modules/tenancy/domain/member-errors';
import { TenancyFacade } from '../../../src/modules/tenancy/tenancy.facade';
import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import { Sessions } from '../../../src/modules/tokens/application/sessions/sessions.port';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { TextMessages } from '../../../src/platform/sms/text-messages';
import { aClient, aRefresh } from '../../support/a-device';
import { aSignIn, aSignUp } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { spellingsOfText, tableOf } from '../../support/dump';
import { gate, interleaved, untilWaiting } from '../../support/gates';
import { anAddress, type Invitee, Inviting } from '../../support/inviting';
import { mailsOf } from '../../support/mails-of';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { ANN, aPrivateLife, type LivedLife } from '../../support/private-life';
import { counted, recorded } from '../../support/recorded';
import { type Member, Stored } from '../../support/stored';

type Dump = ReadonlyMap<string, string>;
/** A tenant that comes behind all others, whose turn is in the order of their ids. */
const LAST_OF_ALL = tenantId('ffffffff-ffff-4fff-bfff-ffffffffffff');
const AUDIT = 'audit_events';
/** What refers to a user, by the column that does. */
const REFERRING = {
  users: 'id',
  sessions: 'user_id',
  api_keys: 'owner_id',
  memberships: 'user_id',
  membership_roles: 'user_id',
  mailed_secrets: 'user_id',
  password_history: 'user_id',
  familiar_places: 'user_id',
  trusted_devices: 'user_id',
  factors: 'user_id',
  factor_guesses: 'user_id',
  backup_codes: 'user_id',
  factor_codes: 'user_id',
  challenges: 'user_id',
  lockouts: 'account',
  invitations: 'accepted_by',
  tenant_active_users: 'user_id',
} as const;

describe.each(DATABASES)('the erasure of an account (%s)', (database) => {
  let context: TestContext;
  let stored: Stored;
  beforeAll(async () => {
    context = await aContext({ database, hasher: new PlainHasher() });
    stored = new Stored(context);
  });
  afterAll(() => context.stop());

  const erase = (id: UserId, by: UserId | null = id): Promise<void> => context.app.get(EraseAccount).execute(id, by);
  /** How many rows refer to a user, of tables in which any do. */
  const leftOf = async (id: UserId): Promise<Record<string, number>> => {
    const counts = Object.entries(REFERRING).map(
      ([table, column]) => `(SELECT count(*)::int FROM ${table} WHERE ${column} = '${id}') AS ${table}`,
    );
    const [row] = await context.source.query<Record<string, number>[]>(`SELECT ${counts.join(', ')}`);
    return Object.fromEntries(Object.entries(row ?? {}).filter(([, count]) => count > 0));
  };
  const tables = async (): Promise<Dump> => {
    const names = await context.source.query<{ name: string }[]>(
      `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
         AND table_name NOT IN (SELECT relname FROM pg_class WHERE relispartition)`,
    );
    const dump = new Map<string, string>();
    for (const { name } of names) dump.set(name.replace('public.', ''), await tableOf(context.source, name));
    return dump;
  };
  /** In which tables a text is found, however it is spelled. */
  const hits = (dump: Dump, text: string): string[] => {
    const spelled = spellingsOfText(text.toLowerCase()).map((spelling) => spelling.toLowerCase());
    const found = [...dump].filter(([, rows]) => spelled.some((spelling) => rows.toLowerCase().includes(spelling)));
    return found.map(([name]) => name).sort();
  };

  describe('of somebody who left something everywhere', () => {
    let life: LivedLife;
    let before: Dump;
    let after: Dump;
    let personalTenant: { name: string; slug: string };
    const textsOfAnn = (): string[] => [
      ANN.email,
      ANN.wantedEmail,
      ANN.username,
      ANN.firstName,
      ANN.lastName,
      personalTenant.name,
      personalTenant.slug,
    ];

    beforeAll(async () => {
      life = await aPrivateLife(context);
      const sql = 'SELECT name, slug FROM tenants WHERE id = $1';
      const [opened] = await context.source.query<{ name: string; slug: string }[]>(sql, [life.ann.tenantId]);
      personalTenant = opened!;
      before = await tables();
      expect(Object.keys(await leftOf(life.ann.userId)).sort()).toEqual(Object.keys(REFERRING).sort());
      await erase(life.ann.userId);
      after = await tables();
    });

    it('leaves no row that refers to the user but in the audit log', async () => {
      expect(await leftOf(life.ann.userId)).toEqual({});
      // What is left of their key is that there is none.
      expect(hits(after, life.ann.userId)).toEqual([AUDIT, 'audit_person_keys']);
    });

    it('leaves no address, name, username or tenant of theirs anywhere', () => {
      for (const text of textsOfAnn()) {
        expect([text, hits(before, text).length > 0]).toEqual([text, true]);
        expect([text, hits(after, text)]).toEqual([text, []]);
      }
    });

    it('leaves no device and no network address anywhere', () => {
      expect(hits(before, ANN.userAgent)).toEqual(['sessions']);
      for (const text of [ANN.userAgent, ANN.ipAddress]) expect(hits(after, text)).toEqual([]);
    });

    it('leaves nothing in the audit log from which anybody could tell where they were', async () => {
      const wholeLog = { limit: 1000, before: null };
      const { items } = await context.app.get(AuditQueries).page({ kind: 'everybody' }, {}, wholeLog);
      const theirs = items.filter(({ userId, actorId }) => [userId, actorId].includes(life.ann.userId));
      expect(theirs.length).toBeGreaterThan(10);
      expect(theirs.filter(({ ipAddress, userAgent }) => ipAddress !== null || userAgent !== null)).toEqual([]);
    });

    it('alters no event, and adds what happened', () => {
      const [earlier, later] = [before, after].map((dump) => dump.get(AUDIT)!.split('\n'));
      expect(later!.slice(0, earlier!.length)).toEqual(earlier);
      const added = later!.slice(earlier!.length);
      // One of the account, and one of the tenant others go on in.
      expect(added.filter((line) => line.includes('user.deleted'))).toHaveLength(2);
      expect(added.filter((line) => line.includes('tenant.deleted'))).toHaveLength(1);
    });

    it('ends the tenant nobody else belongs to, and not that of others', async () => {
      const left = 'SELECT id FROM tenants WHERE id = ANY ($1)';
      const ids = [life.ann.tenantId, life.bob.tenantId];
      expect(await context.source.query(left, [ids])).toEqual([{ id: life.bob.tenantId }]);
    });

    it('leaves one mail to the address, which says so', async () => {
      const kinds = ['account-deleted', 'password-reset', 'email-change-requested', 'invitation'] as const;
      const mails = (await Promise.all(kinds.map((kind) => mailsOf(context, kind)))).flat();
      const toAnn = mails.filter(({ to }) => to?.toLowerCase() === ANN.email.toLowerCase());
      expect(toAnn).toMatchObject([{ template: 'account-deleted', to: ANN.email }]);
    });

    it('leaves no text message to the number', async () => {
      const textsOf = (): Promise<unknown> => context.app.get(TextMessages).keptOf(ANN.phoneNumber);
      expect([await textsOf(), after.get('outbox')]).toEqual([[], expect.not.stringContaining('sms')]);
    });

    it('ends the links that were mailed', async () => {
      expect(await counted(context.source, 'mailed_secrets')).toEqual({ mailed_secrets: 0 });
    });

    it('frees address and username for whoever comes next, who finds nothing of it', async () => {
      const { user } = await context.app
        .get(SignUp)
        .execute(aSignUp({ email: ANN.email.toLowerCase(), username: ANN.username }));
      expect(user.id).not.toBe(life.ann.userId);
      expect(await leftOf(user.id)).toEqual({ users: 1, memberships: 1, membership_roles: 1 });
    });
  });

  describe('is refused, and nothing is done,', () => {
    const expectRefused = async (id: UserId): Promise<void> => {
      const [before, events] = [await tables(), await recorded(context.source)];
      await expect(erase(id)).rejects.toThrow(LastOwner);
      const after = await tables();
      for (const [name, rows] of before) if (name !== AUDIT) expect(after.get(name)).toBe(rows);
      const added = (await recorded(context.source)).slice(events.length);
      expect(added).toMatchObject([{ action: 'user.deleted', outcome: 'failure', user_id: id }]);
    };

    it('to the last owner of a tenant that others belong to', async () => {
      const owner = await stored.newMember();
      await stored.member(owner, 'owner');
      const another = { userId: (await stored.user()).snapshot().id, tenantId: owner.tenantId };
      await stored.member(another);
      await expectRefused(owner.userId);
      await stored.member(another, 'owner');
      await erase(owner.userId);
      expect(await leftOf(owner.userId)).toEqual({});
    });

    it('to the last system administrator', async () => {
      const { id } = (await stored.user({ systemAdministrator: true })).snapshot();
      await expectRefused(id);
      await stored.user({ systemAdministrator: true });
      await erase(id);
      expect(await leftOf(id)).toEqual({});
    });

    it('to nobody: an account there is not is not found', async () => {
      await expect(erase(randomUUID() as UserId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  // The embedded database has one session: nobody waits for a row there.
  if (database === 'postgres') {
    describe('at the same moment as', () => {
      let inviting: Inviting;
      beforeAll(async () => {
        inviting = new Inviting(context);
        await stored.tenant({ id: LAST_OF_ALL });
        await stored.member({ userId: (await stored.user()).snapshot().id, tenantId: LAST_OF_ALL }, 'owner');
      });

      const anAccount = async (overrides: Partial<NewUser> = {}): Promise<Member & { email: string }> => {
        const email = anAddress();
        return { ...(await stored.newMember({ email, passwordHash: plainHash(PASSWORD), ...overrides })), email };
      };
      const accept = ({ mail }: Invitee): Promise<unknown> =>
        context.app.get(AcceptInvitation).execute({
          proof: { kind: 'token', token: mail.token },
          password: PASSWORD,
          firstName: null,
          lastName: null,
          by: null,
          disbelief: null,
          client: aClient(),
          deviceToken: null,
        });
      const signIn = ({ email }: { email: string }) => context.app.get(SignIn).execute(aSignIn({ login: email }));
      const rotate = (token: string) => context.app.get(RotateRefreshToken).execute(aRefresh(token));
      /** Who was about to sign in has an attempt on record, of an id that is nobody's by then. */
      const leftButAttempts = async (id: UserId): Promise<Record<string, number>> => {
        const { lockouts: _attempts, ...left } = await leftOf(id);
        return left;
      };
      const tenantOf = (user: string): Promise<{ tenant_id: string }[]> =>
        context.source.query('SELECT tenant_id FROM memberships WHERE user_id = $1', [user]);

      it('a sign-in, a moment before it: the session ends with the account', async () => {
        const ann = await anAccount();
        const erased = await interleaved(
          context,
          () => signIn(ann),
          () => erase(ann.userId),
        );
        expect([erased.status, await leftOf(ann.userId)]).toEqual(['fulfilled', {}]);
      });

      it('a sign-in, a moment after it: it is refused as every other', async () => {
        const ann = await anAccount();
        const signed = await interleaved(
          context,
          () => erase(ann.userId),
          () => signIn(ann),
        );
        expect(signed).toMatchObject({ status: 'rejected', reason: { code: 'INVALID_CREDENTIALS' } });
        expect(await leftButAttempts(ann.userId)).toEqual({});
      });

      it('a refresh, a moment before it: the tokens are worth nothing', async () => {
        const ann = await anAccount();
        const { refreshToken } = await stored.signedIn(ann);
        const erased = await interleaved(
          context,
          () => rotate(refreshToken),
          () => erase(ann.userId),
        );
        expect([erased.status, await leftOf(ann.userId)]).toEqual(['fulfilled', {}]);
        await expect(rotate(refreshToken)).rejects.toMatchObject({ code: 'REFRESH_TOKEN_INVALID' });
      });

      it('a refresh, a moment after it: there is no session any more', async () => {
        const ann = await anAccount();
        const { refreshToken } = await stored.signedIn(ann);
        const refreshed = await interleaved(
          context,
          () => erase(ann.userId),
          () => rotate(refreshToken),
        );
        expect(refreshed).toMatchObject({ status: 'rejected', reason: { code: 'REFRESH_TOKEN_INVALID' } });
      });

      it('somebody accepts an invitation into the tenant, a moment before: its owner is needed there', async () => {
        const owner = await inviting.anInviter('owner');
        const [invited, bob] = [await inviting.invited(owner), await anAccount()];
        const erased = await interleaved(
          context,
          () => accept(invited),
          () => erase(owner.userId),
        );
        expect(erased).toMatchObject({ status: 'rejected', reason: expect.any(LastOwner) as Error });
        expect(await tenantOf(owner.userId)).toEqual([{ tenant_id: owner.tenantId }]);
        expect(await leftOf(bob.userId)).toMatchObject({ users: 1 });
      });

      it('somebody accepts an invitation into the tenant, a moment after: there is nothing to join', async () => {
        const owner = await inviting.anInviter('owner');
        const bob = await anAccount();
        const invited = await inviting.invited(owner, bob.email);
        const accepted = await interleaved(
          context,
          () => erase(owner.userId),
          () => accept(invited),
        );
        expect(accepted).toMatchObject({ status: 'rejected', reason: { code: 'TOKEN_INVALID_OR_EXPIRED' } });
        expect(await tenantOf(bob.userId)).toEqual([{ tenant_id: bob.tenantId }]);
        expect(await leftOf(owner.userId)).toEqual({});
      });

      it('the user accepts an invitation, a moment before: that membership ends too', async () => {
        const [bob, ann] = [await inviting.anInviter('owner'), await anAccount()];
        const invited = await inviting.invited(bob, ann.email);
        const erased = await interleaved(
          context,
          () => accept(invited),
          () => erase(ann.userId),
        );
        expect([erased.status, await leftOf(ann.userId)]).toEqual(['fulfilled', {}]);
        expect(await inviting.rowOf(invited.view)).toBeUndefined();
      });

      it('the user accepts an invitation, a moment after: it is gone', async () => {
        const [bob, ann] = [await inviting.anInviter('owner'), await anAccount()];
        const invited = await inviting.invited(bob, ann.email);
        const accepted = await interleaved(
          context,
          () => erase(ann.userId),
          () => accept(invited),
        );
        expect(accepted).toMatchObject({ status: 'rejected', reason: { code: 'TOKEN_INVALID_OR_EXPIRED' } });
        expect(await leftOf(ann.userId)).toEqual({});
      });

      it('the other owner’s, one of the two stays', async () => {
        const ann = await inviting.anInviter('owner');
        const bob = { userId: (await stored.user()).snapshot().id, tenantId: ann.tenantId };
        await stored.member(bob, 'owner');
        await stored.member({ userId: (await stored.user()).snapshot().id, tenantId: ann.tenantId });
        const second = await interleaved(
          context,
          () => erase(ann.userId),
          () => erase(bob.userId),
        );
        expect(second).toMatchObject({ status: 'rejected', reason: expect.any(LastOwner) as Error });
        expect(await context.app.get(TenancyFacade).membershipOf(bob.userId, bob.tenantId)).not.toBeNull();
      });

      it('another one of the same account: the second finds nothing', async () => {
        const ann = await anAccount();
        const second = await interleaved(
          context,
          () => erase(ann.userId),
          () => erase(ann.userId),
        );
        expect(second.status).toBe('rejected');
        expect((second as PromiseRejectedResult).reason).toMatchObject({ code: 'NOT_FOUND' });
      });

      it.each<[string, (ann: Member) => Promise<unknown>, (ann: Member) => Promise<unknown>]>([
        [
          'a sign-in holds the membership, and goes on to the tenant',
          (ann) => context.app.get(TenancyFacade).membershipOf(ann.userId, ann.tenantId),
          (ann) => stored.signedIn(ann),
        ],
        [
          'a change of the password holds the account, and goes on to the sessions',
          ({ userId }) => context.app.get(AccountsFacade).hold(userId),
          ({ userId }) => context.app.get(Sessions).holdAllOf(userId),
        ],
        [
          'an administrator holds another tenant, and goes on to the sessions',
          () => context.app.get(Members).holdTenant(LAST_OF_ALL),
          ({ userId }) => context.app.get(Sessions).holdAllOf(userId),
        ],
      ])('%s: neither waits for the other in a circle', async (_, first, next) => {
        const ann = await anAccount();
        await stored.signedIn(ann);
        await stored.member({ userId: ann.userId, tenantId: LAST_OF_ALL });
        const [held, mayGoOn] = [gate(), gate()];
        const other = context.app.get(UnitOfWork).run(async () => {
          await first(ann);
          held.open();
          await mayGoOn.opened;
          await next(ann);
        });
        await held.opened;
        const settling = Promise.allSettled([other, erase(ann.userId)]);
        await untilWaiting(context, 1);
        mayGoOn.open();
        expect(await settling).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
        expect(await leftOf(ann.userId)).toEqual({});
      });

      it('everything at once, many times over: each comes to an end that is foreseen', async () => {
        const ROUNDS = 8;
        const foreseen = ['INVALID_CREDENTIALS', 'REFRESH_TOKEN_INVALID', 'TOKEN_INVALID_OR_EXPIRED', 'LAST_OWNER'];
        for (let round = 0; round < ROUNDS; round += 1) {
          const [bob, ann] = [await inviting.anInviter('owner'), await anAccount()];
          const [invited, { refreshToken }] = [await inviting.invited(bob, ann.email), await stored.signedIn(ann)];
          const outcomes = await Promise.allSettled([
            erase(ann.userId),
            erase(bob.userId),
            accept(invited),
            signIn(ann),
            rotate(refreshToken),
          ]);
          const codes = outcomes.flatMap((outcome) =>
            outcome.status === 'rejected' ? [(outcome.reason as { code?: string }).code ?? String(outcome.reason)] : [],
          );
          expect(codes.filter((code) => !foreseen.includes(code))).toEqual([]);
          expect([outcomes[0].status, await leftButAttempts(ann.userId)]).toEqual(['fulfilled', {}]);
        }
      });
    });
  }
});
