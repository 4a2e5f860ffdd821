import { randomUUID } from 'node:crypto';
import type { UserId } from '../../src/kernel/ids';
import { BackupCodes, type NewBackupCode } from '../../src/modules/mfa/application/backup-codes.port';
import { Factors } from '../../src/modules/mfa/application/factors.port';
import { Factor } from '../../src/modules/mfa/domain/factor';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { interleaved } from '../support/gates';
import { counted } from '../support/recorded';
import { Stored } from '../support/stored';

const AT = new Date('2026-01-01T00:00:00.000Z');

describe.each(DATABASES)('every store of backup codes (%s)', (database) => {
  let context: TestContext;
  let codes: BackupCodes;
  let work: UnitOfWork;
  let ann: UserId;
  let bob: UserId;

  beforeAll(async () => {
    context = await aContext({ database });
    [codes, work] = [context.app.get(BackupCodes), context.app.get(UnitOfWork)];
    const stored = new Stored(context);
    [ann, bob] = [(await stored.user()).snapshot().id, (await stored.user()).snapshot().id];
  });
  afterAll(() => context.stop());
  beforeEach(async () => {
    await context.source.query('DELETE FROM backup_codes');
    await context.source.query('DELETE FROM factors');
  });

  const aCode = (selector: string): NewBackupCode => ({
    id: randomUUID(),
    selector,
    hash: `$argon2id$v=19$m=19456,t=2,p=1$${selector}`,
  });
  const put = async (user: UserId, selectors: readonly string[], factorId: string | null = null) => {
    const set = selectors.map(aCode);
    await work.run(() => codes.put(user, set, factorId, AT));
    return set;
  };
  const aFactorBeingSetUp = async (user = ann): Promise<string> => {
    const id = randomUUID();
    const factor = Factor.setUp({ id, userId: user, type: 'totp', label: 'An app', secret: new Uint8Array(20) }, AT);
    await work.run(() => context.app.get(Factors).begin(factor));
    return id;
  };
  const spend = (user: UserId, id: string): Promise<boolean> => work.run(() => codes.spend(user, id, AT));
  const activate = (user: UserId, factorId: string): Promise<boolean> => work.run(() => codes.activate(user, factorId));

  it('finds a code by its selector, of its own user alone', async () => {
    const [code] = await put(ann, ['aaaa', 'bbbb']);
    expect(await codes.find(ann, 'aaaa')).toEqual({ id: code!.id, hash: code!.hash });
    expect(await codes.find(ann, 'cccc')).toBeNull();
    expect(await codes.find(bob, 'aaaa')).toBeNull();
  });

  it('lets two users have the same selector', async () => {
    const [[anns], [bobs]] = [await put(ann, ['aaaa']), await put(bob, ['aaaa'])];
    expect([(await codes.find(ann, 'aaaa'))?.id, (await codes.find(bob, 'aaaa'))?.id]).toEqual([anns!.id, bobs!.id]);
  });

  it('lets one user have it once', async () => {
    await expect(put(ann, ['aaaa', 'aaaa'])).rejects.toThrow('backup_codes_selector_unique');
  });

  it('keeps nothing but a hash of argon2id', async () => {
    const set = [{ ...aCode('aaaa'), hash: 'in plain sight' }];
    await expect(work.run(() => codes.put(ann, set, null, AT))).rejects.toThrow('backup_codes_hash_is_argon2id');
  });

  describe('a code', () => {
    it('is used up once, and found no more', async () => {
      const [code] = await put(ann, ['aaaa', 'bbbb']);
      expect([await spend(ann, code!.id), await spend(ann, code!.id)]).toEqual([true, false]);
      expect(await codes.find(ann, 'aaaa')).toBeNull();
      expect(await codes.countOf(ann)).toBe(1);
    });

    it('is used up by one of two at once', async () => {
      const [code] = await put(ann, ['aaaa']);
      const second = await interleaved(
        context,
        () => codes.spend(ann, code!.id, AT),
        () => spend(ann, code!.id),
      );
      expect(second).toEqual({ status: 'fulfilled', value: false });
    });

    it('is used up by nobody else', async () => {
      const [code] = await put(ann, ['aaaa']);
      expect(await spend(bob, code!.id)).toBe(false);
      expect(await codes.countOf(ann)).toBe(1);
    });
  });

  describe('a new set', () => {
    it('takes the place of the old one, used codes and all, and of no other user’s', async () => {
      const [used] = await put(ann, ['aaaa', 'bbbb']);
      await spend(ann, used!.id);
      await put(bob, ['aaaa']);
      await put(ann, ['cccc', 'dddd', 'eeee']);
      expect([await codes.countOf(ann), await codes.countOf(bob)]).toEqual([3, 1]);
      expect(await codes.find(ann, 'bbbb')).toBeNull();
      expect(await counted(context.source, 'backup_codes')).toEqual({ backup_codes: 4 });
    });

    it('may be empty', async () => {
      await put(ann, ['aaaa']);
      await put(ann, []);
      expect(await codes.countOf(ann)).toBe(0);
    });

    describe('made with a factor being set up', () => {
      it('is good for nothing before', async () => {
        const factorId = await aFactorBeingSetUp();
        await put(ann, ['aaaa']);
        const [pending] = await put(ann, ['bbbb'], factorId);
        expect(await codes.find(ann, 'bbbb')).toBeNull();
        expect(await spend(ann, pending!.id)).toBe(false);
        expect(await codes.countOf(ann)).toBe(1);
      });

      it('takes the place of the one in force with it, even by the same selectors', async () => {
        const factorId = await aFactorBeingSetUp();
        await put(ann, ['aaaa', 'bbbb']);
        await put(bob, ['aaaa']);
        const [pending] = await put(ann, ['aaaa'], factorId);
        expect(await activate(ann, factorId)).toBe(true);
        expect((await codes.find(ann, 'aaaa'))?.id).toBe(pending!.id);
        expect([await codes.countOf(ann), await codes.countOf(bob)]).toEqual([1, 1]);
      });

      it('leaves the one in force where there is none', async () => {
        await put(ann, ['aaaa']);
        expect(await activate(ann, randomUUID())).toBe(false);
        expect(await codes.countOf(ann)).toBe(1);
      });

      it('is nobody else’s to bring into force', async () => {
        const factorId = await aFactorBeingSetUp();
        await put(ann, ['aaaa'], factorId);
        expect(await activate(bob, factorId)).toBe(false);
        expect(await codes.countOf(ann)).toBe(0);
      });

      it('goes with the factor', async () => {
        const factorId = await aFactorBeingSetUp();
        await put(ann, ['aaaa'], factorId);
        await aFactorBeingSetUp();
        expect(await counted(context.source, 'backup_codes')).toEqual({ backup_codes: 0 });
      });
    });
  });

  it('takes all of a user away, and nothing of another', async () => {
    await put(ann, ['aaaa']);
    await put(ann, ['bbbb'], await aFactorBeingSetUp());
    await put(bob, ['aaaa']);
    await work.run(() => codes.removeAll(ann));
    expect(await counted(context.source, 'backup_codes')).toEqual({ backup_codes: 1 });
    expect(await codes.countOf(bob)).toBe(1);
  });

  it('goes with the account', async () => {
    const { id } = (await new Stored(context).user()).snapshot();
    await put(id, ['aaaa']);
    await context.source.query('DELETE FROM users WHERE id = $1', [id]);
    expect(await codes.countOf(id)).toBe(0);
  });

  it('is written nowhere but in a unit of work', async () => {
    const attempts = [
      () => codes.spend(ann, randomUUID(), AT),
      () => codes.put(ann, [], null, AT),
      () => codes.activate(ann, randomUUID()),
      () => codes.removeAll(ann),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow('outside UnitOfWork');
  });
});
