import type { TenantId, UserId } from '../../../src/kernel/ids';
import type { Principal } from '../../../src/kernel/principal';
import { RequestPasswordReset } from '../../../src/modules/identity/application/mailbox/request-password-reset';
import { SignIn } from '../../../src/modules/signin/application/sign-in';
import { IssueInvitation } from '../../../src/modules/tenancy/application/invitations/issue-invitation';
import { CountUsage } from '../../../src/modules/tenancy/application/limits/count-usage';
import { DailyStandings } from '../../../src/modules/tenancy/application/limits/daily-standings';
import { LimitsAdministration } from '../../../src/modules/tenancy/application/limits/limits-administration';
import { RemoveOldUsage } from '../../../src/modules/tenancy/application/limits/remove-old-usage';
import { WriteUsage } from '../../../src/modules/tenancy/application/limits/write-usage';
import { CreateMember } from '../../../src/modules/tenancy/application/members/create-member';
import { secondsLeftOf } from '../../../src/modules/tenancy/domain/limits/usage';
import type { TenantLimitsChange } from '../../../src/modules/tenancy/domain/limits/tenant-limits';
import { Tenants } from '../../../src/modules/tenancy/application/tenants.port';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { Outbox } from '../../../src/platform/mail/outbox';
import { aSignIn } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContextAt, type TestContext } from '../../support/context';
import { aDatabase, type TestDatabase } from '../../support/database';
import { aChallenge, FactorOwners } from '../../support/factor-owners';
import { gate, untilWaiting } from '../../support/gates';
import { anAddress, Inviting } from '../../support/inviting';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { sabotage } from '../../support/sabotage';
import { statementsOf } from '../../support/statements';
import { Stored } from '../../support/stored';
import { TestClock } from '../../support/test-clock';

const REQUESTS = 50;
const DAY_SECONDS = 86_400;

describe('what tenants use', () => {
  let database: TestDatabase;
  let context: TestContext;
  let inviting: Inviting;
  let stored: Stored;
  const get: TestContext['app']['get'] = (type: never) => context.app.get(type);

  const clock = new TestClock();
  const aReplica = (): Promise<TestContext> =>
    aContextAt(clock, {
      database,
      hasher: new PlainHasher(),
      variables: { EMAIL_VERIFICATION: 'required' },
    });
  beforeAll(async () => {
    database = await aDatabase();
    context = await aReplica();
    inviting = new Inviting(context);
    stored = new Stored(context);
  });
  afterAll(async () => {
    await context.stop();
    await database.drop();
  });

  const limit = ({ tenantId }: Principal, change: TenantLimitsChange, { app } = context): Promise<unknown> =>
    app.get(LimitsAdministration).changeAsOperator(tenantId, change);
  const request = (by: Principal, mayBeRefused = true, { app } = context): Promise<void> =>
    app.get(CountUsage).request(by, mayBeRefused);
  const requests = async (by: Principal, times: number, place = context): Promise<number> => {
    const outcomes = await Promise.allSettled(Array.from({ length: times }, () => request(by, true, place)));
    return outcomes.filter(({ status }) => status === 'fulfilled').length;
  };
  const write = ({ app } = context): Promise<void> => app.get(WriteUsage).execute();
  /** Of all days, as it is stored. */
  const usageOf = async (tenant: TenantId): Promise<Record<string, number>> => {
    const rows = await context.source.query<{ metric: string; amount: number }[]>(
      `SELECT metric, sum(amount)::int AS amount FROM tenant_usage WHERE tenant_id = $1 GROUP BY metric`,
      [tenant],
    );
    return Object.fromEntries(rows.map(({ metric, amount }) => [metric, amount]));
  };
  const activeIn = async (tenant: TenantId): Promise<UserId[]> => {
    const sql = 'SELECT user_id FROM tenant_active_users WHERE tenant_id = $1';
    return (await context.source.query<{ user_id: UserId }[]>(sql, [tenant])).map(({ user_id: user }) => user);
  };

  describe('in requests', () => {
    let other: TestContext;
    beforeAll(async () => {
      other = await aReplica();
    });
    afterAll(() => other.stop());

    it('is counted without a statement, and written all at once', async () => {
      const [ann, bob] = [await inviting.anInviter(), await inviting.anInviter()];
      await requests(ann, 1);
      const counting = await statementsOf(context.source, async () => {
        await requests(ann, REQUESTS);
      });
      expect(counting).toEqual([]);
      await requests(bob, 3);
      const writing = await statementsOf(context.source, () => write());
      expect(writing.filter((sql) => /^(INSERT|UPDATE|DELETE)/.test(sql))).toHaveLength(2);
      expect([await usageOf(ann.tenantId), await usageOf(bob.tenantId)]).toEqual([
        { requests: REQUESTS + 1 },
        { requests: 3 },
      ]);
      expect(await statementsOf(context.source, () => write())).toEqual([]);
    });

    it('names the users who were there, and no owner of a key', async () => {
      const ann = await inviting.anInviter();
      const bea = await inviting.anotherInviter(ann, 'viewer');
      await request({ ...bea, kind: 'api_key' });
      await request(ann);
      await write();
      expect(await activeIn(ann.tenantId)).toEqual([ann.userId]);
    });

    it('ends at the limit, to the last one of many at once', async () => {
      const ann = await inviting.anInviter();
      await limit(ann, { maxRequestsPerDay: 10 });
      expect(await requests(ann, REQUESTS)).toBe(10);
      await write();
      expect([await requests(ann, REQUESTS), await usageOf(ann.tenantId)]).toEqual([0, { requests: 10 }]);
    });

    it('ends at the limit while counts are written, too', async () => {
      const ann = await inviting.anInviter();
      await limit(ann, { maxRequestsPerDay: 200 });
      let through = 0;
      for (let round = 0; round < 10; round += 1) {
        const [, more] = await Promise.all([write(), requests(ann, 30), get(DailyStandings).refresh()]);
        through += more;
      }
      await write();
      expect([through, await usageOf(ann.tenantId)]).toEqual([200, { requests: 200 }]);
    });

    it('ends at the limit while a count waits for a tenant that somebody holds, and is kept when that takes long', async () => {
      const ann = await inviting.anInviter();
      await limit(ann, { maxRequestsPerDay: 4 });
      expect(await requests(ann, 3)).toBe(3);
      const [held, mayGo] = [gate(), gate()];
      const holding = get(UnitOfWork).run(async () => {
        await get(Tenants).hold(ann.tenantId);
        held.open();
        await mayGo.opened;
      });
      await held.opened;
      const writing = write();
      await Promise.all([
        expect(writing).rejects.toThrow('lock timeout'),
        untilWaiting(context, 1).then(async () => {
          expect(await requests(ann, 5)).toBe(1);
        }),
      ]);
      expect(await requests(ann, 5)).toBe(0);
      mayGo.open();
      await holding;
      await write();
      expect([await requests(ann, 5), await usageOf(ann.tenantId)]).toEqual([0, { requests: 4 }]);
    });

    it('begins anew with the day, in UTC, and says when that is', async () => {
      const ann = await inviting.anInviter();
      await limit(ann, { maxRequestsPerDay: 1 });
      clock.advance({ seconds: 3600 });
      await request(ann);
      const refusal = { code: 'QUOTA_EXCEEDED', retryAfterSeconds: DAY_SECONDS - 3600 };
      await expect(request(ann)).rejects.toMatchObject(refusal);
      clock.advance({ seconds: DAY_SECONDS - 3600 });
      await request(ann);
      await write();
      expect(await usageOf(ann.tenantId)).toEqual({ requests: 2 });
    });

    it('is refused to no system administrator, nor where everybody may come in', async () => {
      const ann = await inviting.anInviter();
      await limit(ann, { maxRequestsPerDay: 0 });
      await request(ann, false);
      await request({ ...ann, systemAdministrator: true });
      await expect(request(ann)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    });

    it('is limited at once where the limit was set, and elsewhere when that has read it', async () => {
      const ann = await inviting.anInviter();
      expect([await requests(ann, 1), await requests(ann, 1, other)]).toEqual([1, 1]);
      await limit(ann, { maxRequestsPerDay: 0 });
      expect([await requests(ann, 1), await requests(ann, 1, other)]).toEqual([0, 1]);
      await other.app.get(DailyStandings).refresh();
      expect(await requests(ann, 1, other)).toBe(0);
    });

    it('adds up over processes, each of which sees what the others wrote', async () => {
      const ann = await inviting.anInviter();
      await limit(ann, { maxRequestsPerDay: 25 });
      expect([await requests(ann, 10), await requests(ann, 10, other)]).toEqual([10, 10]);
      await Promise.all([write(), write(other)]);
      await get(DailyStandings).refresh();
      expect(await requests(ann, 10)).toBe(5);
      await write();
      expect(await usageOf(ann.tenantId)).toEqual({ requests: 25 });
    });

    it('that is not written when a process ends is written then', async () => {
      const ann = await inviting.anInviter();
      const ending = await aReplica();
      await requests(ann, 7, ending);
      await ending.stop();
      expect(await usageOf(ann.tenantId)).toEqual({ requests: 7 });
    });
  });

  it('is kept while it cannot be written, and written with what came after', async () => {
    const ann = await inviting.anInviter();
    await limit(ann, { maxRequestsPerDay: 10 });
    await requests(ann, 4);
    const repair = await sabotage(context.source, 'tenant_usage', 'INSERT');
    await expect(write()).rejects.toThrow('refused by the test');
    expect(await requests(ann, 4)).toBe(4);
    await expect(write()).rejects.toThrow('refused by the test');
    await repair();
    expect(await usageOf(ann.tenantId)).toEqual({});
    await write();
    expect(await usageOf(ann.tenantId)).toEqual({ requests: 8 });
    expect(await requests(ann, 4)).toBe(2);
  });

  it('of a tenant that is no more is forgotten, and holds up nobody else’s', async () => {
    const [ann, bob] = [await inviting.anInviter(), await inviting.anInviter()];
    await Promise.all([requests(ann, 5), requests(bob, 6)]);
    await context.source.query('DELETE FROM membership_roles WHERE tenant_id = $1', [ann.tenantId]);
    await context.source.query('DELETE FROM memberships WHERE tenant_id = $1', [ann.tenantId]);
    await context.source.query('DELETE FROM tenants WHERE id = $1', [ann.tenantId]);
    await write();
    expect([await usageOf(ann.tenantId), await usageOf(bob.tenantId)]).toEqual([{}, { requests: 6 }]);
    expect(await requests(ann, 1)).toBe(1);
    await write();
  });

  it('in sign-ins is those that led in, and who they let in was there', async () => {
    const email = anAddress();
    const member = await stored.newMember({ email, passwordHash: plainHash(PASSWORD), emailVerified: true });
    await get(SignIn).execute(aSignIn({ login: email }));
    await get(SignIn).execute(aSignIn({ login: email }));
    await expect(get(SignIn).execute(aSignIn({ login: email, password: 'not that one' }))).rejects.toThrow();
    await write();
    expect(await usageOf(member.tenantId)).toEqual({ sign_ins: 2 });
    expect(await activeIn(member.tenantId)).toEqual([member.userId]);
  });

  describe('in messages', () => {
    const create = (by: Principal) => {
      const names = { username: null, firstName: null, lastName: null };
      return get(CreateMember).execute(by, {
        email: anAddress(),
        password: `${PASSWORD} of nobody`,
        role: 'viewer',
        ...names,
      });
    };
    const invite = (by: Principal) => get(IssueInvitation).execute(by, anAddress(), 'viewer');

    it('is what it has sent: invitations, proofs of the addresses of accounts it makes; not what users ask for themselves', async () => {
      const email = anAddress();
      const ann = await inviting.anInviter('owner', { email });
      await invite(ann);
      await create(ann);
      await get(RequestPasswordReset).execute(email);
      await write();
      expect(await usageOf(ann.tenantId)).toEqual({ mails: 2 });
    });

    it('is codes, where they go to somebody', async () => {
      const owners = new FactorOwners(context);
      const owner = await owners.owner('sms');
      await owners.send(owner, 'sms', aChallenge());
      await owners.send(owner, 'email', aChallenge());
      await write();
      expect(await usageOf(owner.tenantId)).toEqual({ sms: 1 });
    });

    it('ends at the limit of the day', async () => {
      const ann = await inviting.anInviter('owner');
      await limit(ann, { maxMailsPerDay: 2 });
      await invite(ann);
      await create(ann);
      await expect(invite(ann)).rejects.toMatchObject({
        code: 'QUOTA_EXCEEDED',
        detail: 'The tenant has had as many mails sent today as it may. The day ends at midnight UTC.',
      });
      await expect(create(ann)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
      clock.advance({ seconds: DAY_SECONDS });
      await invite(ann);
    });

    it('ends at the limit of the day, to the last one of many at once', async () => {
      const ann = await inviting.anInviter('owner');
      await limit(ann, { maxMailsPerDay: 2 });
      await invite(ann);
      const outcomes = await Promise.allSettled(Array.from({ length: REQUESTS }, () => invite(ann)));
      const refusals = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
      expect(refusals).toHaveLength(REQUESTS - 1);
      for (const refusal of refusals) {
        expect(refusal).toMatchObject({ code: 'QUOTA_EXCEEDED', retryAfterSeconds: secondsLeftOf(clock.now()) });
      }
      await write();
      expect(await usageOf(ann.tenantId)).toEqual({ mails: 2 });
    });

    it('has room again, half a minute later, for those that were not sent after all', async () => {
      const ann = await inviting.anInviter('owner');
      await limit(ann, { maxMailsPerDay: 1 });
      const repair = await sabotage(context.source, 'invitations', 'INSERT');
      await expect(invite(ann)).rejects.toThrow('refused by the test');
      await repair();
      await expect(invite(ann)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
      clock.advance({ seconds: 30 });
      await invite(ann);
    });

    it('that was rolled back is not counted', async () => {
      const ann = await inviting.anInviter('owner');
      const facts = { at: clock.now().toISOString() };
      const mail = { to: anAddress(), template: 'account-deleted', facts, tenant: ann.tenantId } as const;
      const failing = get(UnitOfWork).run(async () => {
        await get(Outbox).enqueue(mail);
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      await write();
      expect(await usageOf(ann.tenantId)).toEqual({});
    });
  });

  it('is kept for as many days as the settings say, and not for one more', async () => {
    const ann = await inviting.anInviter();
    await request(ann);
    await write();
    clock.advance({ seconds: 400 * DAY_SECONDS });
    await get(RemoveOldUsage).execute();
    expect([await usageOf(ann.tenantId), await activeIn(ann.tenantId)]).toEqual([{ requests: 1 }, [ann.userId]]);
    clock.advance({ seconds: DAY_SECONDS });
    await get(RemoveOldUsage).execute();
    expect([await usageOf(ann.tenantId), await activeIn(ann.tenantId)]).toEqual([{}, []]);
  });
});
