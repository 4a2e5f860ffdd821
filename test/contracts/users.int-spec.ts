import { randomUUID } from 'node:crypto';
import { userId } from '../../src/kernel/ids';
import { Users } from '../../src/modules/identity/application/users.port';
import { EmailTaken, UsernameTaken } from '../../src/modules/identity/domain/errors';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aUser } from '../support/a-user';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { interleaved } from '../support/gates';
import { Stored } from '../support/stored';

describe.each(DATABASES)('every store of users (%s)', (database) => {
  let context: TestContext;
  let users: Users;
  let work: UnitOfWork;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({ database });
    [users, work, stored] = [context.app.get(Users), context.app.get(UnitOfWork), new Stored(context)];
  });
  afterAll(() => context.stop());

  it('gives a user back as it was stored, found or taken', async () => {
    const user = await stored.user({ email: 'Ann@Example.com', username: 'Ann', firstName: 'Ann', lastName: 'Lee' });
    const { id } = user.snapshot();
    expect((await users.find(id))?.snapshot()).toEqual(user.snapshot());
    expect((await work.run(() => users.take(id)))?.snapshot()).toEqual(user.snapshot());
  });

  it('remembers when a user came in, and changes nothing else of them nor of others', async () => {
    const [user, other] = [await stored.user(), await stored.user()];
    const at = new Date('2026-01-01T00:00:00.000Z');
    await work.run(() => users.noteSignIn(user.snapshot().id, at));
    expect((await users.find(user.snapshot().id))?.snapshot()).toEqual({ ...user.snapshot(), lastLoginAt: at });
    expect((await users.find(other.snapshot().id))?.snapshot()).toEqual(other.snapshot());
  });

  it('knows nobody by an id, address or username that was never stored', async () => {
    const nobody = userId(randomUUID());
    expect(await users.find(nobody)).toBeNull();
    expect(await work.run(() => users.take(nobody))).toBeNull();
    expect(await users.findByLogin('nobody@example.com')).toBeNull();
    expect(await users.findByLogin('nobody')).toBeNull();
  });

  it.each(['bea@example.com', 'BEA@EXAMPLE.COM', 'bea.b', 'BEA.B'])('finds a user by the login %s', async (login) => {
    const known = (await users.findByLogin('bea@example.com')) ?? (await stored.user(bea));
    expect((await users.findByLogin(login))?.snapshot().id).toBe(known.snapshot().id);
  });

  it('never takes a username for an address', async () => {
    await stored.user({ email: 'cas@example.com', username: 'example.com' });
    expect(await users.findByLogin('example.com@')).toBeNull();
    expect(await users.findByLogin('@example.com')).toBeNull();
  });

  it('refuses an address that is taken, in whatever case', async () => {
    await stored.user({ email: 'dan@example.com' });
    await expect(stored.user({ email: 'DAN@example.COM' })).rejects.toThrow(EmailTaken);
  });

  it('refuses a username that is taken, in whatever case', async () => {
    await stored.user({ username: 'eva' });
    await expect(stored.user({ username: 'EVA' })).rejects.toThrow(UsernameTaken);
  });

  it('keeps any number of users without a username', async () => {
    const two = [await stored.user({ username: null }), await stored.user({ username: null })];
    for (const user of two) expect(await users.find(user.snapshot().id)).not.toBeNull();
  });

  it('stores nothing of a unit of work in which an address was refused', async () => {
    await stored.user({ email: 'fay@example.com' });
    const before = aUser();
    const refused = work.run(async () => {
      await users.add(before);
      await users.add(aUser({ email: 'Fay@example.com' }));
    });
    await expect(refused).rejects.toThrow(EmailTaken);
    expect(await users.find(before.snapshot().id)).toBeNull();
  });

  it('saves a changed user and nothing of another user', async () => {
    const [user, other] = [await stored.user({ firstName: 'Gus' }), await stored.user({ firstName: 'Hal' })];
    user.edit({ firstName: 'Gustav', username: 'gustav' }, context.clock.now());
    await work.run(() => users.save(user));
    expect((await users.find(user.snapshot().id))?.snapshot()).toEqual(user.snapshot());
    expect((await users.find(other.snapshot().id))?.snapshot()).toEqual(other.snapshot());
  });

  it('refuses to save the username of another user, and lets a user keep its own', async () => {
    const [user] = [await stored.user({ username: 'ida' }), await stored.user({ username: 'jon' })];
    user.edit({ username: 'IDA' }, context.clock.now());
    await work.run(() => users.save(user));
    user.edit({ username: 'Jon' }, context.clock.now());
    await expect(work.run(() => users.save(user))).rejects.toThrow(UsernameTaken);
    expect((await users.findByLogin('ida'))?.snapshot().username).toBe('IDA');
  });

  it('holds a taken user, so that of two changes at once neither is lost', async () => {
    const { id } = (await stored.user()).snapshot();
    const change = async (names: { firstName?: string; lastName?: string }): Promise<void> => {
      const user = (await users.take(id))!;
      user.edit(names, context.clock.now());
      await users.save(user);
    };
    await interleaved(
      context,
      () => change({ firstName: 'Kim' }),
      () => work.run(() => change({ lastName: 'Lund' })),
    );
    expect((await users.find(id))?.snapshot()).toMatchObject({ firstName: 'Kim', lastName: 'Lund' });
  });

  it('refuses to write or take outside a unit of work', async () => {
    const user = aUser();
    for (const attempt of [() => users.add(user), () => users.save(user), () => users.take(user.snapshot().id)]) {
      await expect(attempt()).rejects.toThrow('outside UnitOfWork');
    }
  });
});

const bea = { email: 'Bea@Example.com', username: 'Bea.B' };
