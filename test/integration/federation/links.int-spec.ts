import { randomUUID } from 'node:crypto';
import type { UserId } from '../../../src/kernel/ids';
import type { Principal } from '../../../src/kernel/principal';
import { FinishLink } from '../../../src/modules/federation/application/finish/finish-link';
import { type Entered, FinishSignIn } from '../../../src/modules/federation/application/finish/finish-sign-in';
import { DropProviderTokens } from '../../../src/modules/federation/application/links/drop-provider-tokens';
import { LinkedIdentities } from '../../../src/modules/federation/application/links/linked-identities.port';
import { OwnLinks } from '../../../src/modules/federation/application/links/own-links';
import { UnlinkIdentity } from '../../../src/modules/federation/application/links/unlink-identity';
import type { ProviderTokens } from '../../../src/modules/federation/application/providers/identity-provider.port';
import { Providers } from '../../../src/modules/federation/application/providers/providers.port';
import type { ProvenIdentity } from '../../../src/modules/federation/domain/proven-identity';
import { AccountsFacade } from '../../../src/modules/identity/accounts.facade';
import { RequestPasswordReset } from '../../../src/modules/identity/application/mailbox/request-password-reset';
import { ResetPassword } from '../../../src/modules/identity/application/mailbox/reset-password';
import { VerifyEmail } from '../../../src/modules/identity/application/mailbox/verify-email';
import type { NewUser } from '../../../src/modules/identity/domain/user';
import { EraseAccount } from '../../../src/modules/tenancy/application/members/erase-account';
import { Members } from '../../../src/modules/tenancy/application/members/members.port';
import { FederationSettings } from '../../../src/platform/config/settings';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { aClient } from '../../support/a-device';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { gate, interleaved, untilWaiting } from '../../support/gates';
import { Mailboxes } from '../../support/mailboxes';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { PROVIDER_TOKENS, ScriptedProviders } from '../../support/scripted-providers';
import { type Member, Stored } from '../../support/stored';

const LINK =
  'INSERT INTO linked_identities (id, user_id, provider, issuer, subject, linked_at) VALUES ($1, $2, $3, $4, $5, now())';
const NEXT = 'a wholly new phrase to remember';
/** PostgreSQL looks for circles after a second; whoever waits for less was in none. */
const NO_CIRCLE_MS = 900;

/** Identities and the accounts they open, when more than one thing happens to them. */
describe('an identity that opens an account', () => {
  const providers = new ScriptedProviders();
  const { acme, other } = providers;
  const settings = { providers: [], redirectTargets: [], keepProviderTokens: true };
  let context: TestContext;
  let stored: Stored;

  beforeAll(async () => {
    const variables = { EMAIL_VERIFICATION: 'optional', RATE_LIMITS: 'off' };
    const overrides = [
      [Providers, providers],
      [FederationSettings, settings],
    ] as const;
    context = await aContext({ hasher: new PlainHasher(), variables, overrides });
    stored = new Stored(context);
  });
  afterAll(() => context.stop());

  const aMember = (user: Partial<NewUser> = {}): Promise<Member> =>
    stored.newMember({ passwordHash: plainHash(PASSWORD), ...user });
  const emailOf = ({ userId }: Pick<Member, 'userId'>): string => `${userId}@example.com`;
  const comes = (
    identity: ProvenIdentity,
    { tenant = null, tokens = PROVIDER_TOKENS }: { tenant?: string | null; tokens?: ProviderTokens } = {},
  ): Promise<Entered> => {
    const wish = { tenant, client: aClient(), deviceToken: null };
    return context.app.get(FinishSignIn).execute(acme.id, { identity, tokens }, wish);
  };
  const accountOf = (entered: Entered): UserId => {
    if (entered.kind === 'refused') throw new Error(`Refused: ${entered.reason}`);
    return entered.account.userId;
  };
  const linked = (
    userId: UserId,
    issuer: string,
    provider = 'acme',
    subject: string = randomUUID(),
  ): Promise<unknown> => context.source.query(LINK, [randomUUID(), userId, provider, issuer, subject]);
  const linksOf = async (userId: UserId): Promise<string[]> =>
    (await context.app.get(LinkedIdentities).listOf(userId)).map(({ issuer }) => issuer);
  const by = (userId: UserId): Principal => ({ userId, tenantId: null }) as unknown as Principal;
  const unlink = (userId: UserId, provider: string): Promise<void> =>
    context.app.get(UnlinkIdentity).execute(by(userId), provider);
  /** A new password for who reads the mailbox of the account. */
  const aReset = async (member: Pick<Member, 'userId'>): Promise<() => Promise<void>> => {
    await context.app.get(RequestPasswordReset).execute(emailOf(member));
    const link = await new Mailboxes(context).link(emailOf(member), 'password-reset');
    return () => context.app.get(ResetPassword).execute(link, NEXT);
  };

  describe('before anybody has proven the address', () => {
    it('alone stays once it is, when the account was made with it', async () => {
      const identity = acme.identity({ emailProven: false });
      const userId = accountOf(await comes(identity));
      await linked(userId, other.issuer, 'other');
      const withPassword = await aMember({ emailVerified: false });
      await linked(withPassword.userId, acme.issuer);
      for (const user of [userId, withPassword.userId]) {
        await context.app.get(UnitOfWork).run(() => context.app.get(VerifyEmail).prove(user));
      }
      expect([await linksOf(userId), await linksOf(withPassword.userId)]).toEqual([[acme.issuer], []]);
    });

    it('goes with the first password that is set by mail, even if the account was made with it', async () => {
      const { issuer, subject } = acme.identity();
      const member = await aMember({ emailVerified: false });
      await linked(member.userId, issuer, 'acme', subject);
      await context.source.query('UPDATE linked_identities SET made_account = true WHERE subject = $1', [subject]);
      await (
        await aReset(member)
      )();
      expect(await linksOf(member.userId)).toEqual([]);
    });
  });

  describe('and what its provider gave', () => {
    const tokensOf = (userId: UserId) => context.app.get(OwnLinks).tokens(by(userId), 'acme');
    const keptOf = async (userId: UserId): Promise<unknown> => {
      const sql = 'SELECT tokens_sealed AS sealed, tokens_expire_at AS until FROM linked_identities WHERE user_id = $1';
      return (await context.source.query<unknown[]>(sql, [userId]))[0];
    };
    afterEach(() => {
      settings.keepProviderTokens = true;
    });

    it('keeps its refresh token until it is given another one (RFC 6749, 6)', async () => {
      const identity = acme.identity();
      const userId = accountOf(await comes(identity));
      await comes(identity, { tokens: { ...PROVIDER_TOKENS, accessToken: 'the next', refreshToken: null } });
      expect(await tokensOf(userId)).toMatchObject({
        accessToken: 'the next',
        refreshToken: PROVIDER_TOKENS.refreshToken,
      });
      await comes(identity, { tokens: { ...PROVIDER_TOKENS, refreshToken: 'another' } });
      expect(await tokensOf(userId)).toMatchObject({ refreshToken: 'another' });
    });

    it('loses that once it is no longer kept: at the next sign-in, or when the chore comes', async () => {
      const [identity, elses] = [acme.identity(), acme.identity()];
      const [userId, another] = [accountOf(await comes(identity)), accountOf(await comes(elses))];
      expect(await context.app.get(DropProviderTokens).execute()).toBe(0);
      settings.keepProviderTokens = false;
      await expect(tokensOf(userId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await comes(identity);
      expect(await keptOf(userId)).toEqual({ sealed: null, until: null });
      expect(await context.app.get(DropProviderTokens).execute()).toBeGreaterThan(0);
      expect(await keptOf(another)).toEqual({ sealed: null, until: null });
    });
  });

  it('leads a newcomer into their own tenant, whichever they asked for', async () => {
    const { tenantId } = await aMember();
    const entered = await comes(acme.identity(), { tenant: tenantId });
    expect(entered).toMatchObject({ kind: 'found', entry: { kind: 'granted' } });
  });

  it('is the last way in where the others are of issuers that are set up no more', async () => {
    const { userId } = await aMember({ passwordHash: null });
    await linked(userId, acme.issuer);
    await linked(userId, 'https://gone.example', 'gone');
    await expect(unlink(userId, 'acme')).rejects.toMatchObject({ code: 'CONFLICT' });
    await unlink(userId, 'gone');
    expect(await linksOf(userId)).toEqual([acme.issuer]);
  });

  it('goes by what its issuer is called now, and by what it was called then', async () => {
    const [{ userId: one }, { userId: two }] = [await aMember(), await aMember()];
    for (const user of [one, two]) await linked(user, acme.issuer, 'formerly');
    await unlink(one, 'acme');
    await unlink(two, 'formerly');
    expect([await linksOf(one), await linksOf(two)]).toEqual([[], []]);
  });

  // The embedded database has one session: nobody waits for a row there.
  if (!DATABASES.includes('postgres')) return;

  describe('at the same moment as', () => {
    /** Somebody without a password who came by an identity that is known from then on. */
    const aNewcomer = async (): Promise<{ identity: ProvenIdentity; userId: UserId }> => {
      const identity = acme.identity();
      return { identity, userId: accountOf(await comes(identity)) };
    };
    const tenantOf = async (userId: UserId): Promise<Member> => {
      const sql = 'SELECT tenant_id AS "tenantId", user_id AS "userId" FROM memberships WHERE user_id = $1';
      return (await context.source.query<Member[]>(sql, [userId]))[0]!;
    };
    const hold = (userId: UserId): Promise<unknown> => context.app.get(AccountsFacade).hold(userId);
    const holdIdentities = (userId: UserId): Promise<unknown> => context.app.get(LinkedIdentities).takeAllOf(userId);
    /** Holds by `first` until `second` waits for it, and goes `on`: neither begins anew, and none waits in a circle. */
    const inOneOrder = async <T>(
      first: () => Promise<unknown>,
      second: () => Promise<T>,
      on: () => Promise<unknown>,
    ): Promise<T> => {
      const [held, mayGoOn] = [gate(), gate()];
      let attempts = 0;
      const holding = context.app.get(UnitOfWork).run(async () => {
        attempts += 1;
        await first();
        held.open();
        await mayGoOn.opened;
        await on();
      });
      await held.opened;
      const settling = Promise.all([second(), holding]);
      await untilWaiting(context, 1);
      const since = performance.now();
      mayGoOn.open();
      const [outcome] = await settling;
      expect([attempts, performance.now() - since < NO_CIRCLE_MS]).toEqual([1, true]);
      return outcome;
    };

    it('a reset of the password: it is not linked in a session of before', async () => {
      const member = await aMember();
      const { id: sessionId } = (await stored.session(member)).snapshot();
      const link = () =>
        context.app
          .get(FinishLink)
          .execute(acme.id, { identity: acme.identity(), tokens: PROVIDER_TOKENS }, { ...member, sessionId });
      const second = await interleaved(context, await aReset(member), link);
      expect(second).toMatchObject({ status: 'fulfilled', value: { kind: 'refused', reason: 'session_over' } });
      expect(await linksOf(member.userId)).toEqual([]);
    });

    it('a change of its account, which goes on to the identities: who signs in by it waits behind', async () => {
      const { identity, userId } = await aNewcomer();
      const entered = await inOneOrder(
        () => hold(userId),
        () => comes(identity),
        () => holdIdentities(userId),
      );
      expect(entered).toMatchObject({ entry: { kind: 'granted' } });
    });

    it('a change of its account, which goes on to the identities: who unlinks it waits behind', async () => {
      const { userId } = await aMember();
      await linked(userId, acme.issuer);
      await inOneOrder(
        () => hold(userId),
        () => unlink(userId, 'acme'),
        () => holdIdentities(userId),
      );
      expect(await linksOf(userId)).toEqual([]);
    });

    it.each(['known', 'found by its address'])(
      'a change of the membership, which goes on to the account: who signs in waits behind (%s)',
      async (how) => {
        const { identity, userId } = await aNewcomer();
        if (how !== 'known') await unlinked(userId);
        const { tenantId } = await tenantOf(userId);
        const entered = await inOneOrder(
          () => context.app.get(Members).take(tenantId, userId),
          () => comes(identity),
          () => hold(userId),
        );
        expect(entered).toMatchObject({ entry: { kind: 'granted' }, account: { userId } });
      },
    );

    const unlinked = (userId: UserId): Promise<unknown> =>
      context.source.query('DELETE FROM linked_identities WHERE user_id = $1', [userId]);

    it('the end of its account: whoever signs in finds that it opens none any more, and has an account of their own', async () => {
      const { identity, userId } = await aNewcomer();
      const second = await interleaved(
        context,
        () => context.app.get(EraseAccount).execute(userId, userId),
        () => comes(identity),
      );
      expect(second).toMatchObject({ status: 'rejected', reason: { name: 'LinkedMeanwhile' } });
      expect(accountOf(await comes(identity))).not.toBe(userId);
    });

    it('a sign-in by it: the end of the account comes behind, and nothing is left', async () => {
      const { identity, userId } = await aNewcomer();
      const second = await interleaved(
        context,
        () => comes(identity),
        () => context.app.get(EraseAccount).execute(userId, userId),
      );
      expect(second.status).toBe('fulfilled');
      expect(await linksOf(userId)).toEqual([]);
    });

    it('the first password by mail: it opens the account of before no more', async () => {
      const member = await aMember({ emailVerified: false });
      const identity = acme.identity();
      await linked(member.userId, identity.issuer, 'acme', identity.subject);
      const second = await interleaved(context, await aReset(member), () => comes(identity));
      expect(second).toMatchObject({ status: 'rejected', reason: { name: 'LinkedMeanwhile' } });
    });
  });
});
