import { randomBytes, randomUUID } from 'node:crypto';
import type { UserId } from '../../src/kernel/ids';
import { type SentCode, SentCodes } from '../../src/modules/mfa/application/sent-codes.port';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { interleaved } from '../support/gates';
import { Stored } from '../support/stored';

const NOW = Date.UTC(2026, 0, 1);
const at = (seconds: number): Date => new Date(NOW + seconds * 1000);
/** The same whatever kind of bytes a store gives back. */
const plain = (code: SentCode | null): unknown =>
  code && { ...code, codeHash: Buffer.from(code.codeHash).toString('hex') };

describe.each(DATABASES)('every store of sent codes (%s)', (database) => {
  let context: TestContext;
  let codes: SentCodes;
  let work: UnitOfWork;
  let ann: UserId;
  let bob: UserId;

  beforeAll(async () => {
    context = await aContext({ database });
    [codes, work] = [context.app.get(SentCodes), context.app.get(UnitOfWork)];
    const stored = new Stored(context);
    [ann, bob] = [(await stored.user()).snapshot().id, (await stored.user()).snapshot().id];
  });
  afterAll(() => context.stop());
  beforeEach(() => context.source.query('DELETE FROM factor_codes'));

  const aCode = (change: Partial<SentCode> = {}): SentCode => ({
    id: randomUUID(),
    userId: ann,
    method: 'sms',
    use: { kind: 'challenge', id: randomUUID() },
    codeHash: randomBytes(32),
    createdAt: at(0),
    expiresAt: at(300),
    ...change,
  });
  const put = async (change: Partial<SentCode> = {}): Promise<SentCode> => {
    const code = aCode(change);
    await work.run(() => codes.put(code));
    return code;
  };
  const found = ({ userId, method, use }: SentCode): Promise<SentCode | null> => codes.find(userId, method, use);
  const areThere = (...each: SentCode[]): Promise<boolean[]> =>
    Promise.all(each.map(async (code) => (await found(code))?.id === code.id));
  const spend = (code: SentCode): Promise<boolean> => work.run(() => codes.spend(code));

  it.each(['challenge', 'session', 'factor'] as const)('gives back what was put for a %s', async (kind) => {
    const code = await put({ use: { kind, id: randomUUID() } });
    expect(plain(await found(code))).toEqual(plain(code));
  });

  it('finds a code for its own user, method and use alone', async () => {
    const code = await put();
    const { id } = code.use;
    for (const other of [
      { ...code, userId: bob },
      { ...code, method: 'email' as const },
      { ...code, use: { kind: 'session', id } as const },
      { ...code, use: { kind: 'challenge', id: randomUUID() } as const },
    ]) {
      expect(await found(other)).toBeNull();
    }
  });

  it('keeps one of a use and method: the newest', async () => {
    const older = await put();
    const newer = await put({ use: older.use, codeHash: randomBytes(32), createdAt: at(60), expiresAt: at(360) });
    expect(plain(await found(older))).toEqual(plain(newer));
    expect(await spend(older)).toBe(false);
    expect(await areThere(newer)).toEqual([true]);
  });

  it('keeps those of other uses and methods beside each other', async () => {
    const one = await put();
    const others = [await put({ use: one.use, method: 'email' }), await put(), await put({ userId: bob })];
    expect(await areThere(one, ...others)).toEqual([true, true, true, true]);
  });

  it('spends a code once, of two at once too', async () => {
    const code = await put();
    const settled = await interleaved(
      context,
      () => codes.spend(code),
      () => spend(code),
    );
    expect(settled).toEqual({ status: 'fulfilled', value: false });
    expect(await areThere(code)).toEqual([false]);
  });

  it('removes those of a user, of both methods or of one', async () => {
    const [sms, email, others] = [await put(), await put({ method: 'email' }), await put({ userId: bob })];
    await work.run(() => codes.removeAllOf(ann, 'email'));
    expect(await areThere(sms, email, others)).toEqual([true, false, true]);
    await work.run(() => codes.removeAllOf(ann));
    expect(await areThere(sms, email, others)).toEqual([false, false, true]);
  });

  it('forgets so many that ended, and none that has not', async () => {
    const ended = [await put({ expiresAt: at(1) }), await put({ expiresAt: at(2) }), await put({ expiresAt: at(3) })];
    const good = await put({ expiresAt: at(10) });
    const remove = (limit: number): Promise<number> => work.run(() => codes.removeEnded(at(10), limit));
    expect(await remove(2)).toBe(2);
    expect(await areThere(...ended, good)).toEqual([false, false, true, true]);
    expect([await remove(2), await remove(2)]).toEqual([1, 0]);
    expect(await areThere(good)).toEqual([true]);
  });

  it('forgets a user’s with the user', async () => {
    const { id } = (await new Stored(context).user()).snapshot();
    const code = await put({ userId: id });
    await context.source.query('DELETE FROM users WHERE id = $1', [id]);
    expect(await areThere(code)).toEqual([false]);
  });
});
