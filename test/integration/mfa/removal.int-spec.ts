import { randomUUID } from 'node:crypto';
import { NotFound, RateLimitExceeded } from '../../../src/kernel/domain-error';
import type { Principal } from '../../../src/kernel/principal';
import { EventLog } from '../../../src/platform/events/event-log';
import { Users } from '../../../src/modules/identity/application/users.port';
import { InvalidCredentials } from '../../../src/modules/identity/domain/errors';
import { passwordReset } from '../../../src/modules/identity/mailbox.events';
import { type TenantDemands, TenantRules } from '../../../src/modules/identity/tenant-rules.facade';
import { Factors } from '../../../src/modules/mfa/application/factors.port';
import { RemoveAbandonedFactors } from '../../../src/modules/mfa/application/removal/remove-abandoned-factors';
import { type RemovalTarget } from '../../../src/modules/mfa/application/removal/factor-removal';
import { RemoveFactors } from '../../../src/modules/mfa/application/removal/remove-factors';
import { LastFactor, WrongFactorCode } from '../../../src/modules/mfa/domain/errors';
import { Factor } from '../../../src/modules/mfa/domain/factor';
import { MfaFacade } from '../../../src/modules/mfa/mfa.facade';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { PersonalData } from '../../../src/platform/privacy/personal-data';
import { TextMessages } from '../../../src/platform/sms/text-messages';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { FactorOwners } from '../../support/factor-owners';
import { interleaved } from '../../support/gates';
import { mailsOf } from '../../support/mails-of';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { type Enrolled, SecondFactors } from '../../support/second-factors';

const KEPT_OF_FACTORS = ['factors', 'backup_codes', 'factor_codes', 'trusted_devices'];

describe('taking second factors away', () => {
  let context: TestContext;
  let people: SecondFactors;
  let work: UnitOfWork;
  const demanding = new Set<string>();

  beforeAll(async () => {
    context = await aContext({ hasher: new PlainHasher() });
    [people, work] = [new SecondFactors(context), context.app.get(UnitOfWork)];
    const rules = context.app.get(TenantRules);
    const asked = rules.of.bind(rules);
    // Some tenants demand a factor of their members: which, is for other tests.
    Object.assign(rules, {
      of: async (user: string): Promise<TenantDemands> => ({
        ...(await asked(user as never)),
        secondFactorDemanded: demanding.has(user),
      }),
    });
  });
  afterAll(() => context.stop());

  const now = (): Date => context.clock.now();
  const anEnrolled = (): Promise<Enrolled> => people.anEnrolled({ passwordHash: plainHash(PASSWORD) });
  const remove = (by: Principal, code: string, target: RemovalTarget = 'all', password = PASSWORD): Promise<void> =>
    context.app.get(RemoveFactors).execute(by, target, { password, code });
  const typesOf = ({ userId }: Principal) => context.app.get(MfaFacade).methodsOf(userId);
  const alsoByMail = async ({ userId }: Principal): Promise<void> => {
    const id = randomUUID();
    const factor = Factor.setUp({ id, userId, type: 'email', label: 'a•••@example.com', secret: null }, now());
    await work.run(async () => {
      await context.app.get(Factors).begin(factor);
      factor.confirm(now());
      await context.app.get(Factors).confirm(factor);
    });
  };
  /** Something of every kind that stands in for a factor. */
  const alsoStandIns = async ({ userId, tenantId }: Principal): Promise<void> => {
    await context.source.query(
      `INSERT INTO factor_codes (bound_to, method, id, user_id, code_hash, created_at, expires_at)
       VALUES ('session:' || gen_random_uuid(), 'email', gen_random_uuid(), $1, sha256(''), now(), now())`,
      [userId],
    );
    await context.source.query(
      `INSERT INTO trusted_devices (id, user_id, tenant_id, token_hash, security_stamp, name, created_at, expires_at)
       VALUES (gen_random_uuid(), $1, $2, sha256(gen_random_uuid()::text::bytea), gen_random_uuid(), 'Firefox', now(), now())`,
      [userId, tenantId],
    );
  };
  const rowsOf = async ({ userId }: Principal): Promise<number[]> => {
    const counts = KEPT_OF_FACTORS.map(
      (table) => `(SELECT count(*)::int FROM ${table} WHERE user_id = '${userId}') AS ${table}`,
    );
    const [row] = await context.source.query<Record<string, number>[]>(`SELECT ${counts.join(', ')}`);
    return KEPT_OF_FACTORS.map((table) => row?.[table] ?? -1);
  };
  const eventsOf = async ({ userId }: Principal) =>
    (await recorded(context.source, 'mfa.disabled')).filter(({ user_id: id }) => id === userId);
  const changePassword = async ({ userId }: Principal): Promise<void> => {
    const user = (await context.app.get(Users).take(userId))!;
    const old = { hash: plainHash(PASSWORD), securityStamp: '' };
    user.changePassword(old, plainHash('another phrase'), randomUUID(), now());
    await context.app.get(Users).save(user);
  };
  const failuresOf = async ({ userId }: Principal): Promise<number> => {
    const sql = 'SELECT failures FROM lockouts WHERE account = $1';
    return (await context.source.query<{ failures: number }[]>(sql, [userId]))[0]?.failures ?? 0;
  };
  const wrongCodesOf = async ({ userId }: Principal): Promise<number> =>
    (await context.app.get(Factors).guessesOf(userId)).snapshot().recent.length;

  it('takes one of several and the codes that were sent, and leaves the others and the backup codes', async () => {
    const { by, authenticator } = await anEnrolled();
    await alsoByMail(by);
    await alsoStandIns(by);
    const stamp = await people.stored.stampOf(by);
    await remove(by, authenticator.codeAt(now()), 'totp');
    expect(await typesOf(by)).toEqual(['email']);
    expect(await rowsOf(by)).toEqual([1, 10, 0, 1]);
    expect(await people.stored.stampOf(by)).not.toBe(stamp);
    expect(await eventsOf(by)).toMatchObject([
      { outcome: 'success', details: { reason: 'user', methods: ['totp'], left: 1, kept_session_id: by.sessionId } },
    ]);
  });

  it.each(['all', 'totp'] as const)('takes all that stands in for a factor with the last one: %s', async (target) => {
    const { by, authenticator } = await anEnrolled();
    const others = await anEnrolled();
    await alsoStandIns(by);
    await people.begun(by);
    await remove(by, authenticator.codeAt(now()), target);
    expect(await rowsOf(by)).toEqual([0, 0, 0, 0]);
    expect(await context.app.get(MfaFacade).standingOf(by.userId)).toEqual({ enrolled: false, methods: [] });
    expect(await typesOf(others.by)).toEqual(['totp']);
  });

  it('takes every factor there is, by a backup code as well', async () => {
    const { by, backupCodes } = await anEnrolled();
    await alsoByMail(by);
    await remove(by, backupCodes[0]!);
    expect(await typesOf(by)).toEqual([]);
    expect(await eventsOf(by)).toMatchObject([{ details: { methods: ['totp', 'email'], factors: 2, left: 0 } }]);
  });

  it('asks for the password first: with a wrong one the code is not looked at, nor counted', async () => {
    const { by, authenticator } = await anEnrolled();
    const code = authenticator.codeAt(now());
    await expect(remove(by, code, 'all', 'not the password')).rejects.toThrow(InvalidCredentials);
    await expect(remove(by, authenticator.wrongAt(now()), 'all', 'not the password')).rejects.toThrow(
      InvalidCredentials,
    );
    expect([await failuresOf(by), await wrongCodesOf(by)]).toEqual([2, 0]);
    expect(await eventsOf(by)).toMatchObject([
      { outcome: 'failure', details: { reason: 'wrong_password' } },
      { outcome: 'failure', details: { reason: 'wrong_password' } },
    ]);
    await remove(by, code);
  });

  it('counts a wrong code, and takes nothing', async () => {
    const { by, authenticator } = await anEnrolled();
    await expect(remove(by, authenticator.wrongAt(now()))).rejects.toThrow(WrongFactorCode);
    expect([await failuresOf(by), await wrongCodesOf(by)]).toEqual([0, 1]);
    expect(await typesOf(by)).toEqual(['totp']);
    expect(await eventsOf(by)).toMatchObject([{ outcome: 'failure', details: { reason: 'code_wrong' } }]);
  });

  it('looks at no code after ten wrong ones', async () => {
    const { by, authenticator } = await anEnrolled();
    for (let count = 0; count < 10; count += 1) {
      await expect(remove(by, authenticator.wrongAt(now()))).rejects.toThrow(WrongFactorCode);
    }
    await expect(remove(by, authenticator.codeAt(now()))).rejects.toThrow(RateLimitExceeded);
    expect(await typesOf(by)).toEqual(['totp']);
  });

  it.each(['sms', 'email'] as const)('finds none of a kind there is not, and uses no code up: %s', async (target) => {
    const { by, authenticator } = await anEnrolled();
    const code = authenticator.codeAt(now());
    await expect(remove(by, code, target)).rejects.toThrow(NotFound);
    expect(await people.shown(by, code)).toMatchObject({ kind: 'proven' });
  });

  it('finds none where none was confirmed', async () => {
    const { by, authenticator } = await people.begun(await people.aCaller({ passwordHash: plainHash(PASSWORD) }));
    for (const target of ['all', 'totp'] as const) {
      await expect(remove(by, authenticator.codeAt(now()), target)).rejects.toThrow(NotFound);
    }
  });

  describe('where a tenant demands a second factor', () => {
    it.each(['all', 'totp'] as const)('leaves the last one, and uses no code up: %s', async (target) => {
      const { by, authenticator } = await anEnrolled();
      demanding.add(by.userId);
      const code = authenticator.codeAt(now());
      await expect(remove(by, code, target)).rejects.toThrow(LastFactor);
      expect(await typesOf(by)).toEqual(['totp']);
      expect(await eventsOf(by)).toMatchObject([{ outcome: 'failure', details: { reason: 'last_factor' } }]);
      expect(await people.shown(by, code)).toMatchObject({ kind: 'proven' });
    });

    it('takes one of two, and not both', async () => {
      const { by, authenticator } = await anEnrolled();
      demanding.add(by.userId);
      await alsoByMail(by);
      const code = authenticator.codeAt(now());
      await expect(remove(by, code, 'all')).rejects.toThrow(LastFactor);
      await remove(by, code, 'email');
      expect(await typesOf(by)).toEqual(['totp']);
    });

    it('leaves one when both are taken at once', async () => {
      const { by, authenticator, backupCodes } = await anEnrolled();
      demanding.add(by.userId);
      await alsoByMail(by);
      const settled = await Promise.allSettled([
        remove(by, authenticator.codeAt(now()), 'totp'),
        remove(by, backupCodes[0]!, 'email'),
      ]);
      expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await typesOf(by)).toHaveLength(1);
    });
  });

  it('is no proof by a password that is another one by the time it counts', async () => {
    const { by, authenticator } = await anEnrolled();
    const settled = await interleaved(
      context,
      () => changePassword(by),
      () => remove(by, authenticator.codeAt(now())),
    );
    expect(settled.status).toBe('rejected');
    expect(await typesOf(by)).toEqual(['totp']);
  });

  it.each([
    ['users', 'UPDATE'],
    ['audit_events', 'INSERT'],
  ] as const)('leaves everything as it was when %s cannot be written', async (table, operation) => {
    const { by, authenticator } = await anEnrolled();
    const code = authenticator.codeAt(now());
    const repair = await sabotage(context.source, table, operation);
    await expect(remove(by, code)).rejects.toThrow();
    await repair();
    expect(await rowsOf(by)).toEqual([1, 10, 0, 0]);
    await remove(by, code);
  });

  describe('without a code', () => {
    const removeAll = ({ userId }: Principal): Promise<number> =>
      work.run(() => context.app.get(MfaFacade).removeAll(userId));
    const reset = ({ userId }: Principal, isFirstProof: boolean): Promise<void> =>
      work.run(() => context.app.get(EventLog).append(passwordReset(userId, isFirstProof)));

    it('takes all there is, wrong codes too, and says how many factors there were', async () => {
      const { by } = await anEnrolled();
      await alsoByMail(by);
      await alsoStandIns(by);
      for (let count = 0; count < 10; count += 1) await people.shown(by, '0000-00000-00000');
      const stamp = await people.stored.stampOf(by);
      expect(await removeAll(by)).toBe(2);
      expect(await rowsOf(by)).toEqual([0, 0, 0, 0]);
      expect(await wrongCodesOf(by)).toBe(0);
      expect(await people.stored.stampOf(by)).not.toBe(stamp);
      expect(await removeAll(by)).toBe(0);
    });

    it('renews the security stamp where there was nothing, too', async () => {
      const by = await people.aCaller();
      const stamp = await people.stored.stampOf(by);
      expect(await removeAll(by)).toBe(0);
      expect(await people.stored.stampOf(by)).not.toBe(stamp);
    });

    it('forgets what was sent to the telephone, and nothing that a number is sent that was never confirmed', async () => {
      const owners = new FactorOwners(context);
      const [owner, stranger] = [await owners.owner('sms'), await owners.owner()];
      const pending = Factor.setUp(
        { id: randomUUID(), userId: owner.userId, type: 'sms', label: '+49', secret: Buffer.from(stranger.number) },
        now(),
      );
      const texts = context.app.get(TextMessages);
      await work.run(async () => {
        await context.app.get(Factors).begin(pending);
        for (const { number: to } of [owner, stranger]) {
          const facts = { code: '123456', minutes: 5, brand: null };
          await texts.enqueue({ to, template: 'code', facts, uselessAfter: null });
        }
      });
      expect(await work.run(() => context.app.get(MfaFacade).removeAll(owner.userId))).toBe(1);
      expect(await texts.keptOf(owner.number)).toEqual([]);
      expect(await texts.keptOf(stranger.number)).toHaveLength(1);
    });

    it('happens when the owner of an account shows for the first time (RC-09)', async () => {
      const { by } = await anEnrolled();
      await alsoStandIns(by);
      await reset(by, true);
      expect(await rowsOf(by)).toEqual([0, 0, 0, 0]);
      expect(await eventsOf(by)).toMatchObject([
        { outcome: 'success', details: { reason: 'first_proof', methods: ['totp'], kept_session_id: null } },
      ]);
      const told = (await mailsOf(context, 'second-factors-removed')).filter(({ to }) => to?.startsWith(by.userId));
      expect(told).toMatchObject([{ facts: { why: 'first_proof' } }]);
    });

    it('does not happen when the owner was there before', async () => {
      const { by } = await anEnrolled();
      await reset(by, false);
      expect(await typesOf(by)).toEqual(['totp']);
    });

    it('is not told where there was nothing', async () => {
      const by = await people.aCaller();
      await reset(by, true);
      expect(await eventsOf(by)).toEqual([]);
    });
  });

  it('is seen in an export with the number of a telephone, and no secret of an authenticator', async () => {
    const { by, authenticator } = await anEnrolled();
    const { userId } = by;
    const secret = Buffer.from('+4915112345678');
    const phone = Factor.setUp({ id: randomUUID(), userId, type: 'sms', label: '+49 ••• 78', secret }, now());
    await work.run(() => context.app.get(Factors).begin(phone));
    const { second_factors: exported, ...others } = await context.app.get(PersonalData).of(userId);
    expect(exported).toMatchObject([
      { type: 'totp', label: 'Authenticator app', phone_number: null },
      { type: 'sms', label: '+49 ••• 78', phone_number: '+4915112345678', confirmed_at: null },
    ]);
    expect(others.backup_codes).toEqual(Array(10).fill({ created_at: expect.any(Date) as Date, used_at: null }));
    expect(JSON.stringify([exported, others])).not.toContain(authenticator.secret);
  });

  it('forgets what was begun an hour ago and never confirmed', async () => {
    const old = await people.begun(await people.aCaller());
    context.clock.advance({ seconds: 3600 });
    const fresh = await people.begun(await people.aCaller());
    context.clock.advance({ seconds: 1 });
    expect(await context.app.get(RemoveAbandonedFactors).execute()).toBeGreaterThan(0);
    expect([(await rowsOf(old.by))[0], (await rowsOf(fresh.by))[0]]).toEqual([0, 1]);
  });
});
