import type { UserId } from '../../../src/kernel/ids';
import { Factors } from '../../../src/modules/mfa/application/factors.port';
import { ProveFactor } from '../../../src/modules/mfa/application/prove-factor';
import { type CodeUse, MfaFacade } from '../../../src/modules/mfa/mfa.facade';
import { passwordReset } from '../../../src/modules/identity/mailbox.events';
import { EraseAccount } from '../../../src/modules/tenancy/application/members/erase-account';
import { SealBroken } from '../../../src/platform/crypto/secret-box';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { EventLog } from '../../../src/platform/events/event-log';
import { PersonalData } from '../../../src/platform/privacy/personal-data';
import { aContext, type TestContext } from '../../support/context';
import { aChallenge, FactorOwners, type Owner } from '../../support/factor-owners';
import { PlainHasher } from '../../support/plain-hasher';
import { type Enrolled, SecondFactors } from '../../support/second-factors';

/** `mailed` is a code that was sent for `use`. */
type Person = Owner & Enrolled & { readonly mailed: string; readonly use: CodeUse };

describe('a second factor that does not open any more', () => {
  let context: TestContext;
  let work: UnitOfWork;
  let owners: FactorOwners;
  let people: SecondFactors;

  beforeAll(async () => {
    context = await aContext({ hasher: new PlainHasher() });
    work = context.app.get(UnitOfWork);
    [owners, people] = [new FactorOwners(context), new SecondFactors(context)];
  });
  afterAll(() => context.stop());

  /** Somebody with every kind of factor, of which none opens that has a secret. */
  const aPerson = async (): Promise<Person> => {
    const owner = await owners.owner('sms', 'email');
    const enrolled = await people.enrolled(await people.callerOf(owner));
    const use = aChallenge();
    const mailed = await owners.sent(owner, 'email', use);
    await spoil(owner.userId);
    return { ...owner, ...enrolled, mailed, use };
  };
  const spoil = (user: UserId): Promise<unknown> =>
    context.source.query(
      'UPDATE factors SET secret = set_byte(secret, 1, get_byte(secret, 1) # 1) WHERE user_id = $1',
      [user],
    );
  const typesOf = ({ userId }: Owner) => context.app.get(MfaFacade).methodsOf(userId);
  const reset = ({ userId }: Owner, isFirstProof: boolean): Promise<void> =>
    work.run(() => context.app.get(EventLog).append(passwordReset(userId, isFirstProof)));
  const heldUntil = async ({ userId }: Owner): Promise<Date | null> =>
    (await context.app.get(Factors).confirmedOne(userId, 'email'))!.snapshot().heldUntil;

  it('keeps nobody from a backup code, nor from a code by mail', async () => {
    const { by, backupCodes, userId, mailed, use } = await aPerson();
    expect(await people.shown(by, backupCodes[0]!)).toMatchObject({ kind: 'proven', method: 'backup_codes' });
    const prepared = { userId, method: null, code: mailed, backupCodeId: null };
    expect(await context.app.get(ProveFactor).execute(prepared, use)).toMatchObject({
      kind: 'proven',
      method: 'email',
    });
  });

  it('leaves wrong codes counted that another factor could have had', async () => {
    const person = await aPerson();
    expect(await people.shown(person.by, '000000')).toEqual({ kind: 'wrong', reason: 'code_wrong' });
    expect(await owners.guessesAt(person)).toBe(1);
  });

  it('proves nothing itself, and says why', async () => {
    const { by, authenticator } = await aPerson();
    const code = authenticator.codeAt(context.clock.now());
    await expect(people.shown(by, code, 'totp')).rejects.toThrow(SealBroken);
  });

  it('goes when all go', async () => {
    const person = await aPerson();
    expect(await work.run(() => context.app.get(MfaFacade).removeAll(person.userId))).toBe(3);
    expect(await typesOf(person)).toEqual([]);
  });

  it('goes when the owner of the account shows for the first time (RC-09)', async () => {
    const person = await aPerson();
    await reset(person, true);
    expect(await typesOf(person)).toEqual([]);
  });

  it('goes with the account', async () => {
    const { userId } = await aPerson();
    await context.app.get(EraseAccount).execute(userId, userId);
    expect(await context.source.query('SELECT id FROM factors WHERE user_id = $1', [userId])).toEqual([]);
  });

  it('keeps nobody from a new password, after which the mailbox is held', async () => {
    const person = await aPerson();
    await reset(person, false);
    expect(await heldUntil(person)).toEqual(expect.any(Date));
  });

  it('is in an export without its number', async () => {
    const { userId } = await aPerson();
    const { second_factors: exported } = await context.app.get(PersonalData).of(userId);
    expect(exported).toHaveLength(3);
    const closed = { type: 'sms', label: expect.stringContaining('•••') as string, phone_number: null };
    expect(exported).toContainEqual(expect.objectContaining(closed));
  });
});
