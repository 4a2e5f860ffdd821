import { randomUUID } from 'node:crypto';
import { userId } from '../../src/kernel/ids';
import { PasswordHistory } from '../../src/modules/identity/application/passwords/password-history.port';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { Stored } from '../support/stored';

describe.each(DATABASES)('every store of former passwords (%s)', (database) => {
  let context: TestContext;
  let history: PasswordHistory;
  let work: UnitOfWork;

  beforeAll(async () => {
    context = await aContext({ database });
    [history, work] = [context.app.get(PasswordHistory), context.app.get(UnitOfWork)];
  });
  afterAll(() => context.stop());

  const aUser = async () => (await new Stored(context).user()).snapshot().id;
  const remember = (user: string, count: number, ...hashes: string[]): Promise<void> =>
    work.run(async () => {
      for (const hash of hashes) await history.remember(userId(user), hash, count);
    });

  it('gives back the latest first, and no more than it is asked for', async () => {
    const user = await aUser();
    await remember(user, 5, 'a', 'b', 'c');
    expect(await history.latestOf(user, 5)).toEqual(['c', 'b', 'a']);
    expect(await history.latestOf(user, 2)).toEqual(['c', 'b']);
    expect(await history.latestOf(user, 0)).toEqual([]);
  });

  it('keeps no more than so many', async () => {
    const user = await aUser();
    await remember(user, 3, 'a', 'b', 'c', 'd');
    expect(await history.latestOf(user, 24)).toEqual(['d', 'c', 'b']);
    await remember(user, 2, 'e');
    expect(await history.latestOf(user, 24)).toEqual(['e', 'd']);
  });

  it('keeps nothing where nothing is to be kept, not even what it has', async () => {
    const user = await aUser();
    await remember(user, 3, 'a', 'b');
    await remember(user, 0, 'c');
    expect(await history.latestOf(user, 24)).toEqual([]);
  });

  it('keeps the same hash as often as it comes', async () => {
    const user = await aUser();
    await remember(user, 3, 'a', 'a');
    expect(await history.latestOf(user, 24)).toEqual(['a', 'a']);
  });

  it('knows and forgets nothing of another user', async () => {
    const [mine, theirs] = [await aUser(), await aUser()];
    await remember(theirs, 3, 'a', 'b');
    await remember(mine, 1, 'c');
    await remember(mine, 0, 'd');
    expect(await history.latestOf(mine, 24)).toEqual([]);
    expect(await history.latestOf(theirs, 24)).toEqual(['b', 'a']);
  });

  it('forgets a user who is no more', async () => {
    const user = await aUser();
    await remember(user, 3, 'a');
    await context.source.query('DELETE FROM users WHERE id = $1', [user]);
    expect(await history.latestOf(user, 24)).toEqual([]);
  });

  it('remembers nothing of a unit of work that failed, and nothing of nobody', async () => {
    const user = await aUser();
    const failing = work.run(async () => {
      await history.remember(user, 'a', 3);
      throw new Error('failed');
    });
    await expect(failing).rejects.toThrow('failed');
    expect(await history.latestOf(user, 24)).toEqual([]);
    await expect(remember(randomUUID(), 3, 'a')).rejects.toThrow('password_history_user');
  });

  it('refuses to write outside a unit of work', async () => {
    await expect(history.remember(await aUser(), 'a', 3)).rejects.toThrow('outside UnitOfWork');
  });
});
