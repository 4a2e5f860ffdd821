import type { Principal } from '../../../src/kernel/principal';
import { RateLimitExceeded } from '../../../src/kernel/domain-error';
import { RegenerateBackupCodes } from '../../../src/modules/mfa/application/backup-codes/regenerate-backup-codes';
import { BackupCodeHasher } from '../../../src/modules/mfa/application/backup-codes/backup-code-hasher.port';
import { ConfirmFactor } from '../../../src/modules/mfa/application/confirm-factor';
import { Factors } from '../../../src/modules/mfa/application/factors.port';
import { FactorOverview } from '../../../src/modules/mfa/application/standing/factor-overview';
import { NoFactor, NothingToConfirm, WrongFactorCode } from '../../../src/modules/mfa/domain/errors';
import type { Method } from '../../../src/modules/mfa/domain/method';
import { MfaFacade } from '../../../src/modules/mfa/mfa.facade';
import { SealBroken } from '../../../src/platform/crypto/secret-box';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../../support/context';
import { mailsOf } from '../../support/mails-of';
import type { PlainBackupCodeHasher } from '../../support/plain-backup-code-hasher';
import { PlainHasher } from '../../support/plain-hasher';
import { recorded } from '../../support/recorded';
import { type Enrolled, SecondFactors } from '../../support/second-factors';

const QUARTER = { seconds: 900 };
const HALF_MINUTE = { seconds: 30 };

describe('codes of second factors', () => {
  let context: TestContext;
  let people: SecondFactors;

  beforeAll(async () => {
    context = await aContext({ hasher: new PlainHasher() });
    people = new SecondFactors(context);
  });
  afterAll(() => context.stop());

  const now = (): Date => context.clock.now();
  const verify = (by: Principal, code: string): Promise<void> =>
    context.app.get(ConfirmFactor).execute(by, 'totp', code);
  const kinds = async (codes: readonly string[], { by }: Enrolled): Promise<string[]> => {
    const verdicts: string[] = [];
    for (const code of codes) verdicts.push((await people.shown(by, code)).kind);
    return verdicts;
  };
  const standingOf = ({ userId }: Principal) => context.app.get(MfaFacade).standingOf(userId);
  const leftOf = async ({ userId }: Principal): Promise<number> =>
    (await context.app.get(FactorOverview).of(userId)).backupCodesRemaining;
  const eventsOf = async ({ userId }: Principal, action: string) =>
    (await recorded(context.source, action)).filter(({ user_id: id }) => id === userId);

  describe('of an authenticator', () => {
    it('are asked for once one of them was shown, and not before', async () => {
      const { by, authenticator } = await people.begun(await people.aCaller());
      expect(await standingOf(by)).toEqual({ enrolled: false, methods: [] });
      expect(await people.shown(by, authenticator.codeAt(now()))).toMatchObject({ kind: 'wrong' });
      await verify(by, authenticator.codeAt(now()));
      expect(await standingOf(by)).toEqual({ enrolled: true, methods: ['totp', 'backup_codes'] });
      expect(await context.app.get(MfaFacade).methodsOf(by.userId)).toEqual(['totp']);
      expect(await eventsOf(by, 'mfa.enrolled')).toMatchObject([
        { outcome: 'success', details: { method: 'totp', replaced: false, kept_session_id: by.sessionId } },
      ]);
    });

    it('leave on record that a factor was begun, and why it was not confirmed; nobody is told of that, and no session ends', async () => {
      const by = await people.aCaller();
      await expect(verify(by, '123456')).rejects.toThrow(NothingToConfirm);
      const { authenticator } = await people.begun(by);
      const [begun] = await eventsOf(by, 'mfa.setup_begun');
      expect(begun).toMatchObject({ outcome: 'success', tenant_id: by.tenantId, details: { method: 'totp' } });
      for (let count = 0; count < 10; count += 1) {
        await expect(verify(by, authenticator.wrongAt(now()))).rejects.toThrow(WrongFactorCode);
      }
      await expect(verify(by, authenticator.codeAt(now()))).rejects.toThrow(RateLimitExceeded);
      const failed = await eventsOf(by, 'mfa.enrolled');
      const reasons = ['nothing_to_confirm', ...Array<string>(10).fill('code_wrong'), 'too_many'];
      expect(failed.map(({ outcome, details }) => [outcome, details])).toEqual(
        reasons.map((reason) => ['failure', { method: 'totp', reason }]),
      );
      const added = await mailsOf(context, 'second-factor-added');
      expect(added.filter(({ to }) => to?.startsWith(by.userId))).toEqual([]);
      expect(await eventsOf(by, 'session.revoked')).toEqual([]);
      context.clock.advance(QUARTER);
      await verify(by, authenticator.codeAt(now()));
      expect((await eventsOf(by, 'mfa.enrolled')).at(-1)).toMatchObject({ outcome: 'success' });
    });

    it('prove the factor by what RFC 8176 calls it', async () => {
      const { by, authenticator } = await people.anEnrolled();
      const verdict = await people.shown(by, authenticator.codeAt(now()));
      expect(verdict).toEqual({ kind: 'proven', method: 'totp', amr: ['otp', 'mfa'] });
    });

    it.each([
      [-2, 'wrong'],
      [-1, 'proven'],
      [0, 'proven'],
      [1, 'wrong'],
      [2, 'wrong'],
    ])('are good in their own half minute and the next: %i steps from now', async (offset, kind) => {
      const enrolled = await people.anEnrolled();
      expect(await kinds([enrolled.authenticator.codeAt(now(), offset)], enrolled)).toEqual([kind]);
    });

    it('are good once, and so is none before one that was used', async () => {
      const enrolled = await people.anEnrolled();
      const { authenticator } = enrolled;
      const shown = [0, 0, -1].map((offset) => authenticator.codeAt(now(), offset));
      expect(await kinds(shown, enrolled)).toEqual(['proven', 'wrong', 'wrong']);
      context.clock.advance(HALF_MINUTE);
      expect(
        await kinds(
          [-1, 0].map((offset) => authenticator.codeAt(now(), offset)),
          enrolled,
        ),
      ).toEqual(['wrong', 'proven']);
    });

    it('are used up by the one that sets the factor up', async () => {
      const begun = await people.begun(await people.aCaller());
      const code = begun.authenticator.codeAt(now());
      await verify(begun.by, code);
      expect(await kinds([code], begun)).toEqual(['wrong']);
    });

    it('are used up once when they come many times at once', async () => {
      const { by, authenticator } = await people.anEnrolled();
      const code = authenticator.codeAt(now());
      const verdicts = await Promise.all(Array.from({ length: 8 }, () => people.shown(by, code)));
      expect(verdicts.filter(({ kind }) => kind === 'proven')).toHaveLength(1);
    });

    it('are not good for anybody else', async () => {
      const [ann, bob] = [await people.anEnrolled(), await people.anEnrolled()];
      expect(await kinds([ann.authenticator.codeAt(now())], bob)).toEqual(['wrong']);
    });

    it('leave a trace of when they were used last', async () => {
      const { by, authenticator } = await people.anEnrolled();
      await people.shown(by, authenticator.codeAt(now()));
      const { factors } = await context.app.get(FactorOverview).of(by.userId);
      expect(factors).toMatchObject([{ type: 'totp', label: 'Authenticator app', lastUsedAt: now() }]);
    });
  });

  describe('of an authenticator that is being set up', () => {
    it('confirm nothing where nothing was begun, or it took longer than an hour', async () => {
      const by = await people.aCaller();
      await expect(verify(by, '123456')).rejects.toThrow(NothingToConfirm);
      const { authenticator } = await people.begun(by);
      context.clock.advance({ seconds: 3600 });
      await expect(verify(by, authenticator.codeAt(now()))).rejects.toThrow(NothingToConfirm);
    });

    it('confirm the last one that was begun, and no other', async () => {
      const by = await people.aCaller();
      const [first, second] = [await people.begun(by), await people.begun(by)];
      await expect(verify(by, first.authenticator.codeAt(now()))).rejects.toThrow(WrongFactorCode);
      await verify(by, second.authenticator.codeAt(now()));
      await expect(verify(by, second.authenticator.codeAt(now()))).rejects.toThrow(NothingToConfirm);
    });

    it('take the place of the one there was, which is good until then', async () => {
      const old = await people.anEnrolled();
      const next = await people.begun(old.by);
      expect(await kinds([old.authenticator.codeAt(now())], old)).toEqual(['proven']);
      expect(await kinds([old.backupCodes[0]!, next.backupCodes[0]!], old)).toEqual(['proven', 'wrong']);
      await verify(old.by, next.authenticator.codeAt(now()));
      context.clock.advance(HALF_MINUTE);
      const shown = [old.authenticator, next.authenticator].map((each) => each.codeAt(now()));
      expect(await kinds(shown, old)).toEqual(['wrong', 'proven']);
      expect(await kinds([old.backupCodes[1]!, next.backupCodes[0]!], old)).toEqual(['wrong', 'proven']);
      expect(await eventsOf(old.by, 'mfa.enrolled')).toMatchObject([
        { details: { replaced: false } },
        { details: { replaced: true } },
      ]);
    });

    it('are another user’s to confirm in no case', async () => {
      const { authenticator } = await people.begun(await people.aCaller());
      await expect(verify(await people.aCaller(), authenticator.codeAt(now()))).rejects.toThrow(NothingToConfirm);
    });

    it('renew the security stamp of the account when they confirm', async () => {
      const { by, authenticator } = await people.begun(await people.aCaller());
      const before = await people.stored.stampOf(by);
      await verify(by, authenticator.codeAt(now()));
      expect(await people.stored.stampOf(by)).not.toBe(before);
    });
  });

  describe('from the list that was written down', () => {
    it('stand in for the factor once each, however they are typed, and say how many are left', async () => {
      const enrolled = await people.anEnrolled();
      const [first = '', second = ''] = enrolled.backupCodes;
      expect(enrolled.backupCodes).toHaveLength(10);
      expect(await people.shown(enrolled.by, first)).toEqual({
        kind: 'proven',
        method: 'backup_codes',
        amr: ['otp', 'mfa'],
      });
      expect(await kinds([first, second.replaceAll('-', ' ').toUpperCase(), second], enrolled)).toEqual([
        'wrong',
        'proven',
        'wrong',
      ]);
      expect(await leftOf(enrolled.by)).toBe(8);
    });

    it('are used up once when they come many times at once', async () => {
      const { by, backupCodes } = await people.anEnrolled();
      const verdicts = await Promise.all(Array.from({ length: 8 }, () => people.shown(by, backupCodes[0]!)));
      expect(verdicts.filter(({ kind }) => kind === 'proven')).toHaveLength(1);
      expect(await leftOf(by)).toBe(9);
    });

    it('are not good by their selector alone, nor for anybody else', async () => {
      const [ann, bob] = [await people.anEnrolled(), await people.anEnrolled()];
      const [code = ''] = ann.backupCodes;
      const guess = `${code.slice(0, 5)}00000-00000`;
      expect(await kinds([guess], ann)).toEqual(['wrong']);
      expect(await kinds([code], bob)).toEqual(['wrong']);
    });

    it('are not good as a code of another method', async () => {
      const { by, backupCodes } = await people.anEnrolled();
      expect(await people.shown(by, backupCodes[0]!, 'totp')).toMatchObject({ kind: 'wrong' });
      expect(await people.shown(by, backupCodes[0]!, 'backup_codes')).toMatchObject({ kind: 'proven' });
    });

    it('are offered no more when none is left', async () => {
      const { by, backupCodes } = await people.anEnrolled();
      for (const code of backupCodes) await people.shown(by, code);
      expect(await standingOf(by)).toEqual({ enrolled: true, methods: ['totp'] });
    });

    it('are good no more when there are new ones', async () => {
      const enrolled = await people.anEnrolled();
      const renewed = await context.app.get(RegenerateBackupCodes).execute(enrolled.by);
      expect(new Set([...renewed, ...enrolled.backupCodes]).size).toBe(20);
      expect(await kinds([enrolled.backupCodes[0]!, renewed[0]!], enrolled)).toEqual(['wrong', 'proven']);
    });

    it('are there for those alone who have a factor', async () => {
      const { by } = await people.begun(await people.aCaller());
      await expect(context.app.get(RegenerateBackupCodes).execute(by)).rejects.toThrow(NoFactor);
      expect(await leftOf(by)).toBe(0);
    });

    it('are not answered, and the old ones stay, where the session they were asked for in has ended meanwhile', async () => {
      const enrolled = await people.anEnrolled();
      const other = await people.callerOf(enrolled.by);
      await context.source.query("UPDATE sessions SET revoked_at = now(), revoked_for = 'signed_out' WHERE id = $1", [
        enrolled.by.sessionId,
      ]);
      const renewing = context.app.get(RegenerateBackupCodes).execute(enrolled.by);
      await expect(renewing).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
      expect(await kinds([enrolled.backupCodes[0]!], enrolled)).toEqual(['proven']);
      expect(await eventsOf(enrolled.by, 'mfa.backup_codes_renewed')).toEqual([]);
      expect(await context.app.get(RegenerateBackupCodes).execute(other)).toHaveLength(10);
    });

    it('cost no hash while no code of the account is looked at', async () => {
      const enrolled = await people.anEnrolled();
      const hasher = context.app.get<PlainBackupCodeHasher>(BackupCodeHasher);
      expect(
        await kinds(
          Array.from({ length: 10 }, () => '000000'),
          enrolled,
        ),
      ).toContain('wrong');
      const before = [hasher.compared, hasher.comparedWithNothing];
      const shown = [enrolled.backupCodes[0]!, '0000-00000-00000'];
      expect(await kinds(shown, enrolled)).toEqual(['too_many', 'too_many']);
      expect([hasher.compared, hasher.comparedWithNothing]).toEqual(before);
      context.clock.advance(QUARTER);
      expect(await kinds(shown, enrolled)).toEqual(['proven', 'wrong']);
    });

    it.each<[string, (enrolled: Enrolled) => string, Method | null, readonly [number, number]]>([
      ['one that is right', ({ backupCodes }) => backupCodes[0]!, null, [1, 0]],
      ['one whose selector there is', ({ backupCodes }) => `${backupCodes[0]!.slice(0, 5)}00000-00000`, null, [1, 0]],
      ['one whose selector there is not', () => '0000-00000-00000', null, [0, 1]],
      ['one whose selector there is not, by name', () => '0000-00000-00000', 'backup_codes', [0, 1]],
      ['six digits', () => '123456', null, [0, 0]],
      ['what cannot be one, by name', () => '123456', 'backup_codes', [0, 0]],
      ['one that is shown as another method', ({ backupCodes }) => backupCodes[0]!, 'totp', [0, 0]],
    ])('cost one hash, or none where it cannot be one: %s', async (_, codeOf, method, hashes) => {
      const enrolled = await people.anEnrolled();
      const hasher = context.app.get<PlainBackupCodeHasher>(BackupCodeHasher);
      const [compared, withNothing] = [hasher.compared, hasher.comparedWithNothing];
      await people.shown(enrolled.by, codeOf(enrolled), method);
      expect([hasher.compared - compared, hasher.comparedWithNothing - withNothing]).toEqual(hashes);
    });
  });

  describe('that are wrong', () => {
    const WAITS = { kind: 'too_many', retryAfterSeconds: expect.any(Number) as number };

    it('keep everybody waiting from the tenth on, right ones too, for a quarter of an hour', async () => {
      const { by, authenticator, backupCodes } = await people.anEnrolled();
      const wrong = authenticator.wrongAt(now());
      for (let count = 0; count < 9; count += 1) await people.shown(by, wrong);
      expect(await people.shown(by, authenticator.codeAt(now()))).toMatchObject({ kind: 'proven' });
      for (let count = 0; count < 10; count += 1) {
        expect(await people.shown(by, wrong)).toEqual({ kind: 'wrong', reason: 'code_wrong' });
      }
      context.clock.advance(HALF_MINUTE);
      const waiting = { ...WAITS, retryAfterSeconds: 870 };
      expect(await people.shown(by, authenticator.codeAt(now()))).toEqual(waiting);
      expect(await people.shown(by, backupCodes[0]!)).toEqual(waiting);
      context.clock.advance({ seconds: 870 });
      expect(await people.shown(by, backupCodes[0]!)).toMatchObject({ kind: 'proven' });
    });

    it('count together wherever they are shown, and by whatever method', async () => {
      const { by, authenticator } = await people.anEnrolled();
      const { authenticator: next } = await people.begun(by);
      for (let count = 0; count < 4; count += 1) await people.shown(by, authenticator.wrongAt(now()));
      for (let count = 0; count < 3; count += 1) await people.shown(by, '0000-00000-00000');
      for (let count = 0; count < 3; count += 1) {
        await expect(verify(by, next.wrongAt(now()))).rejects.toThrow(WrongFactorCode);
      }
      expect(await people.shown(by, authenticator.codeAt(now()))).toEqual({ ...WAITS, retryAfterSeconds: 900 });
      await expect(verify(by, next.codeAt(now()))).rejects.toMatchObject({ retryAfterSeconds: 900 });
      await expect(verify(by, next.codeAt(now()))).rejects.toThrow(RateLimitExceeded);
    });

    it('are counted each when they come at once', async () => {
      const { by, authenticator } = await people.anEnrolled();
      const wrong = authenticator.wrongAt(now());
      const verdicts = await Promise.all(Array.from({ length: 14 }, () => people.shown(by, wrong)));
      expect(verdicts.filter(({ kind }) => kind === 'wrong')).toHaveLength(10);
      expect(verdicts.filter(({ kind }) => kind === 'too_many')).toHaveLength(4);
    });

    it('are of the account they were shown for, and of no other', async () => {
      const [ann, bob] = [await people.anEnrolled(), await people.anEnrolled()];
      for (let count = 0; count < 10; count += 1) await people.shown(ann.by, ann.authenticator.wrongAt(now()));
      expect(await kinds([bob.authenticator.codeAt(now())], bob)).toEqual(['proven']);
    });

    it('stop a method at the hundredth in a row, until it is set up anew', async () => {
      const { by, authenticator, backupCodes } = await people.anEnrolled();
      const missUpTo = async (last: number, first = 1): Promise<void> => {
        for (let count = first; count <= last; count += 1) {
          expect(await people.shown(by, authenticator.wrongAt(now()), 'totp')).toMatchObject({ kind: 'wrong' });
          if (count % 10 === 0) context.clock.advance(QUARTER);
        }
      };
      await missUpTo(99);
      expect((await standingOf(by)).methods).toContain('totp');
      await missUpTo(100, 100);
      expect(await standingOf(by)).toEqual({ enrolled: true, methods: ['backup_codes'] });
      expect(await eventsOf(by, 'mfa.factor_stopped')).toMatchObject([{ details: { method: 'totp', failures: 100 } }]);
      const refused = { kind: 'wrong', reason: 'not_available' };
      expect(await people.shown(by, authenticator.codeAt(now()))).toEqual(refused);
      expect(await people.shown(by, backupCodes[0]!)).toMatchObject({ kind: 'proven' });

      // The session of before has ended by itself meanwhile.
      const next = await people.enrolled({ ...by, sessionId: null });
      expect(await people.shown(by, next.authenticator.codeAt(now()))).toMatchObject({ kind: 'proven' });
    });

    it.each<[string, (by: Principal) => Promise<unknown>]>([
      ['made anew', (by) => context.app.get(RegenerateBackupCodes).execute(by)],
      ['made with another authenticator', (by) => people.enrolled(by)],
    ])('stop backup codes until there are new ones: %s', async (_, renew) => {
      const { by } = await people.anEnrolled();
      await context.app.get(UnitOfWork).run(async (at) => {
        const guesses = await context.app.get(Factors).take(by.userId);
        for (let count = 0; count < 100; count += 1) guesses.wrong('backup_codes', new Date(at.getTime() - 3_600_000));
        await context.app.get(Factors).saveGuesses(guesses);
      });
      expect((await standingOf(by)).methods).toEqual(['totp']);
      await renew(by);
      expect((await standingOf(by)).methods).toEqual(['totp', 'backup_codes']);
    });

    it('may be of a kind that nobody offers', async () => {
      const { by } = await people.anEnrolled();
      expect(await people.shown(by, '123456', 'sms')).toEqual({ kind: 'wrong', reason: 'not_available' });
    });
  });

  it('prove nothing by a secret that is another user’s, and say that it was altered', async () => {
    const [ann, bob] = [await people.anEnrolled(), await people.anEnrolled()];
    await context.source.query(
      `UPDATE factors f SET secret = o.secret FROM factors o
       WHERE f.user_id = ANY ($1) AND o.user_id = ANY ($1) AND f.id <> o.id`,
      [[ann.by.userId, bob.by.userId]],
    );
    for (const { by } of [ann, bob]) {
      for (const { authenticator } of [ann, bob]) {
        await expect(people.shown(by, authenticator.codeAt(now()))).rejects.toThrow(SealBroken);
      }
    }
    // Who needs not open it still sees that there is one: nobody gets in without.
    expect(await standingOf(ann.by)).toMatchObject({ enrolled: true });
  });
});
