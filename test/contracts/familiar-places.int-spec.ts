import { randomUUID } from 'node:crypto';
import { Users } from '../../src/modules/identity/application/users.port';
import {
  type Familiarity,
  FamiliarPlaces,
  type Place,
} from '../../src/modules/signin/application/familiar-places.port';
import { RemoveForgottenPlaces } from '../../src/modules/signin/application/remove-forgotten-places';
import type { UserId } from '../../src/kernel/ids';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { gate, interleaved, untilWaiting } from '../support/gates';
import { Stored } from '../support/stored';

const DAY = 86_400;
const [LAPTOP, PHONE] = ['1.laptop', '1.phone'];
const [HOME, CAFE] = ['203.0.113.0/24', '2001:db8:1:2::/64'];
const AT_HOME: Place = { device: LAPTOP, network: HOME };
const NOTHING: Familiarity = {
  hasHistory: false,
  deviceIsKnown: false,
  networkIsKnown: false,
  otherNetworkSecondsAgo: null,
};
const EVERYTHING: Familiarity = {
  hasHistory: true,
  deviceIsKnown: true,
  networkIsKnown: true,
  otherNetworkSecondsAgo: null,
};

describe.each(DATABASES)('every store of familiar places (%s)', (database) => {
  let context: TestContext;
  let places: FamiliarPlaces;
  let work: UnitOfWork;

  beforeAll(async () => {
    context = await aContext({ database });
    [places, work] = [context.app.get(FamiliarPlaces), context.app.get(UnitOfWork)];
  });
  afterAll(() => context.stop());
  // Of the other tests nothing is there to be cleaned up.
  beforeEach(() => context.source.query('DELETE FROM familiar_places'));

  const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
  const aUser = async (): Promise<UserId> => (await new Stored(context).user()).snapshot().id;
  const remember = (user: string, place: Place, seconds = 0): Promise<void> =>
    work.run(() => places.remember(user, place, at(seconds)));
  const recall = (user: string, place: Place, seconds = 0): Promise<Familiarity> =>
    places.recall(user, place, at(seconds));
  const rows = (user: string): Promise<{ kind: string; value: string; first: Date; last: Date }[]> =>
    context.source.query(
      `SELECT kind, value, first_seen_at AS first, last_seen_at AS last FROM familiar_places
       WHERE user_id = $1 ORDER BY kind, value`,
      [user],
    );
  const valuesOf = async (user: string, kind: string): Promise<string[]> =>
    (await rows(user)).filter((row) => row.kind === kind).map(({ value }) => value);

  /** The statements something takes, by their first word. */
  async function statements(something: () => Promise<unknown>): Promise<string[]> {
    const asked: string[] = [];
    const create = context.source.createQueryRunner.bind(context.source);
    const creating = jest.spyOn(context.source, 'createQueryRunner').mockImplementation((mode) => {
      const runner = create(mode);
      const query = runner.query.bind(runner) as (sql: string, ...rest: unknown[]) => Promise<unknown>;
      jest.spyOn(runner, 'query').mockImplementation((sql: string, ...rest: unknown[]) => {
        asked.push(/\w+/.exec(sql)?.[0] ?? '');
        return query(sql, ...rest);
      });
      return runner;
    });
    await something();
    creating.mockRestore();
    return asked;
  }

  describe('recalling a place', () => {
    it('knows nothing of a user who never signed in, and of nobody', async () => {
      expect(await recall(await aUser(), AT_HOME)).toEqual(NOTHING);
      expect(await recall(randomUUID(), AT_HOME)).toEqual(NOTHING);
    });

    it('knows device and network of a sign-in', async () => {
      const user = await aUser();
      await remember(user, AT_HOME);
      expect(await recall(user, AT_HOME)).toEqual(EVERYTHING);
    });

    it.each<[string, Place, Partial<Familiarity>]>([
      ['another device', { device: PHONE, network: HOME }, { deviceIsKnown: false }],
      [
        'another network, and when the known one was seen',
        { device: LAPTOP, network: CAFE },
        { networkIsKnown: false, otherNetworkSecondsAgo: 60 },
      ],
      ['a network that is called like the device', { device: HOME, network: HOME }, { deviceIsKnown: false }],
      ['no network', { device: LAPTOP, network: null }, { networkIsKnown: false }],
    ])('tells from it %s', async (_, place, different) => {
      const user = await aUser();
      await remember(user, AT_HOME);
      expect(await recall(user, place, 60)).toEqual({ ...EVERYTHING, ...different });
    });

    it('knows nothing of what another user did', async () => {
      const [user, other] = [await aUser(), await aUser()];
      await remember(other, AT_HOME);
      expect(await recall(user, AT_HOME)).toEqual(NOTHING);
      await remember(user, { device: PHONE, network: CAFE });
      expect(await recall(user, AT_HOME)).toMatchObject({ deviceIsKnown: false, networkIsKnown: false });
      expect(await recall(other, AT_HOME)).toEqual(EVERYTHING);
    });

    it('calls no network new to a user of whom no network is known', async () => {
      const user = await aUser();
      await remember(user, { device: LAPTOP, network: null });
      expect(await recall(user, { device: LAPTOP, network: null })).toEqual(EVERYTHING);
      expect(await recall(user, AT_HOME)).toEqual(EVERYTHING);
    });

    it('counts the seconds since the latest of the other networks, whole ones', async () => {
      const user = await aUser();
      await remember(user, AT_HOME, 0);
      await remember(user, { device: LAPTOP, network: CAFE }, 100);
      await remember(user, { device: LAPTOP, network: '198.51.100.0/24' }, 50);
      expect((await recall(user, AT_HOME, 219.9)).otherNetworkSecondsAgo).toBe(119);
      expect((await recall(user, AT_HOME, 220)).otherNetworkSecondsAgo).toBe(120);
      expect((await recall(user, { device: LAPTOP, network: CAFE }, 220)).otherNetworkSecondsAgo).toBe(170);
    });

    it('says of another network that a faster clock has seen that it was just now', async () => {
      const user = await aUser();
      await remember(user, AT_HOME, 10);
      expect((await recall(user, { device: LAPTOP, network: CAFE }, 9)).otherNetworkSecondsAgo).toBe(0);
    });

    it('forgets what was not seen for 90 days, as if it had never been', async () => {
      const user = await aUser();
      await remember(user, AT_HOME);
      expect(await recall(user, AT_HOME, 90 * DAY - 1)).toEqual(EVERYTHING);
      expect(await recall(user, AT_HOME, 90 * DAY)).toEqual(NOTHING);
    });

    it('keeps what was seen again, and forgets the rest', async () => {
      const user = await aUser();
      await remember(user, AT_HOME);
      await remember(user, { device: LAPTOP, network: CAFE }, 30 * DAY);
      const place = { device: LAPTOP, network: HOME };
      expect(await recall(user, place, 100 * DAY)).toEqual({
        ...EVERYTHING,
        networkIsKnown: false,
        otherNetworkSecondsAgo: 70 * DAY,
      });
    });

    it('takes one statement, whoever it is', async () => {
      const user = await aUser();
      await remember(user, AT_HOME);
      expect(await statements(() => recall(user, AT_HOME))).toEqual(['START', 'SELECT', 'COMMIT']);
      expect(await statements(() => recall(randomUUID(), AT_HOME))).toEqual(['START', 'SELECT', 'COMMIT']);
    });
  });

  describe('remembering a place', () => {
    it('keeps when it was seen first and last', async () => {
      const user = await aUser();
      await remember(user, AT_HOME, 1);
      await remember(user, AT_HOME, 5);
      expect(await rows(user)).toEqual([
        { kind: 'device', value: LAPTOP, first: at(1), last: at(5) },
        { kind: 'network', value: HOME, first: at(1), last: at(5) },
      ]);
    });

    it('never goes back to an earlier time', async () => {
      const user = await aUser();
      await remember(user, AT_HOME, 5);
      await remember(user, AT_HOME, 1);
      expect((await rows(user)).map(({ last }) => last)).toEqual([at(5), at(5)]);
    });

    it('keeps no network where there is none', async () => {
      const user = await aUser();
      await remember(user, { device: LAPTOP, network: null });
      expect((await rows(user)).map(({ kind }) => kind)).toEqual(['device']);
    });

    it('keeps the last 50 of each kind, the one just seen among them however old its name', async () => {
      const user = await aUser();
      const named = (index: number): Place => ({ device: `d${100 + index}`, network: `n${100 + index}` });
      for (let index = 0; index < 50; index++) await remember(user, named(index), index);
      await remember(user, named(49), 50);
      expect(await valuesOf(user, 'device')).toHaveLength(50);
      await remember(user, named(0), 50);
      expect(await valuesOf(user, 'device')).toHaveLength(50);
      await remember(user, named(50), 51);
      await remember(user, { device: named(51).device, network: null }, 52);
      const devices = await valuesOf(user, 'device');
      expect(devices).toHaveLength(50);
      expect([devices[0], devices[1], devices[49]]).toEqual(['d100', 'd103', 'd151']);
      const networks = await valuesOf(user, 'network');
      expect([networks.length, networks[0], networks[1], networks[49]]).toEqual([50, 'n100', 'n102', 'n150']);
    });

    it('keeps the one just seen, even by a clock that is behind', async () => {
      const user = await aUser();
      for (let index = 0; index < 50; index++) await remember(user, { device: `d${100 + index}`, network: null }, 1000);
      await remember(user, AT_HOME, 0);
      const devices = await valuesOf(user, 'device');
      expect([devices.length, devices.includes(LAPTOP)]).toEqual([50, true]);
    });

    it('takes nothing from another user', async () => {
      const [user, other] = [await aUser(), await aUser()];
      await remember(other, { device: 'd100', network: HOME }, -1000);
      for (let index = 0; index < 51; index++)
        await remember(user, { device: `d${100 + index}`, network: null }, index);
      expect(await rows(other)).toHaveLength(2);
    });

    it('keeps nothing for nobody', async () => {
      const nobody = randomUUID();
      await remember(nobody, AT_HOME);
      expect(await rows(nobody)).toEqual([]);
    });

    it('takes one statement', async () => {
      const user = await aUser();
      expect(await statements(() => remember(user, AT_HOME))).toEqual(['START', 'WITH', 'COMMIT']);
    });

    it('is undone with the unit of work it is part of', async () => {
      const user = await aUser();
      const undone = work.run(async (now) => {
        await places.remember(user, AT_HOME, now);
        throw new Error('undo');
      });
      await expect(undone).rejects.toThrow('undo');
      expect(await recall(user, AT_HOME)).toEqual(NOTHING);
    });

    it('goes with its user', async () => {
      const user = await aUser();
      await remember(user, AT_HOME);
      await context.source.query('DELETE FROM users WHERE id = $1', [user]);
      expect(await rows(user)).toEqual([]);
    });

    it('is refused outside a unit of work', async () => {
      const user = await aUser();
      await expect(places.remember(user, AT_HOME, at(0))).rejects.toThrow('outside UnitOfWork');
      await expect(places.removeForgotten(at(0), 1)).rejects.toThrow('outside UnitOfWork');
    });
  });

  describe('two sign-ins at the same moment', () => {
    it('leave each place once, and seen when it was seen last', async () => {
      const user = await aUser();
      const second = await interleaved(
        context,
        () => places.remember(user, AT_HOME, at(5)),
        () => remember(user, AT_HOME, 3),
      );
      expect(second.status).toBe('fulfilled');
      expect((await rows(user)).map(({ last }) => last)).toEqual([at(5), at(5)]);
    });

    it('do not wait in a circle, each in the place where the other was before', async () => {
      const user = await aUser();
      const [here, there] = [AT_HOME, { device: PHONE, network: CAFE }];
      const [wasHere, mayGoThere] = [gate(), gate()];
      const one = work.run(async (now) => {
        await places.remember(user, here, now);
        wasHere.open();
        await mayGoThere.opened;
        await places.remember(user, there, now);
      });
      await wasHere.opened;
      const other = work.run(async (now) => {
        await places.remember(user, there, now);
        await places.remember(user, here, now);
      });
      await untilWaiting(context, 1);
      mayGoThere.open();
      const settled = await Promise.allSettled([one, other]);
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      expect(await rows(user)).toHaveLength(4);
    });

    it('come to their end when each holds the user before it remembers', async () => {
      const user = await aUser();
      const users = context.app.get(Users);
      const signIn = async (place: Place, now: Date): Promise<void> => {
        await users.save((await users.take(user))!);
        await places.remember(user, place, now);
      };
      const second = await interleaved(
        context,
        (now) => signIn(AT_HOME, now),
        () => work.run((now) => signIn({ device: PHONE, network: HOME }, now)),
      );
      expect(second.status).toBe('fulfilled');
      expect(await rows(user)).toHaveLength(3);
    });

    it('come to their end when only one of them holds the user: the other waits for it', async () => {
      const user = await aUser();
      const [taken, mayGoOn] = [gate(), gate()];
      const holding = work.run(async (now) => {
        await context.app.get(Users).take(user);
        taken.open();
        await mayGoOn.opened;
        await places.remember(user, AT_HOME, now);
      });
      await taken.opened;
      const other = remember(user, AT_HOME);
      await untilWaiting(context, 1);
      mayGoOn.open();
      const settled = await Promise.allSettled([holding, other]);
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      expect(await rows(user)).toHaveLength(2);
    });
  });

  describe('removing what is forgotten', () => {
    const removed = (seconds: number, limit: number): Promise<number> =>
      work.run(() => places.removeForgotten(at(seconds), limit));

    it('removes what was seen at the instant or before, and nothing else', async () => {
      const user = await aUser();
      await remember(user, AT_HOME, 0);
      await remember(user, { device: PHONE, network: CAFE }, 1);
      expect(await removed(0, 10)).toBe(2);
      expect((await rows(user)).map(({ value }) => value)).toEqual([PHONE, CAFE]);
    });

    it('removes no more than it is asked to, the oldest first', async () => {
      const user = await aUser();
      for (const second of [2, 0, 1]) await remember(user, { device: `d${second}`, network: null }, second);
      expect(await removed(10, 2)).toBe(2);
      expect(await valuesOf(user, 'device')).toEqual(['d2']);
      expect(await removed(10, 2)).toBe(1);
      expect(await removed(10, 2)).toBe(0);
    });

    it('happens to what was not seen for 90 days, in as many batches as it takes', async () => {
      const user = await aUser();
      const ago = (days: number): Date => new Date(context.clock.now().getTime() - days * DAY * 1000);
      await work.run(() => places.remember(user, AT_HOME, ago(89)));
      await context.source.query(
        `INSERT INTO familiar_places SELECT $1, 'device', 'd' || i, $2, $2 FROM generate_series(1, 1200) i`,
        [user, ago(90)],
      );
      expect(await context.app.get(RemoveForgottenPlaces).execute()).toBe(1200);
      expect((await rows(user)).map(({ value }) => value)).toEqual([LAPTOP, HOME]);
    });

    // An embedded database has one session: nobody else can hold a row.
    if (database === 'postgres') {
      it('passes over what is just being seen again, and waits for nobody', async () => {
        const [user, other] = [await aUser(), await aUser()];
        await remember(user, AT_HOME);
        await remember(other, AT_HOME);
        const sweep = await interleaved(
          context,
          () => places.remember(user, AT_HOME, at(10)),
          () => removed(0, 10),
        );
        expect(sweep).toEqual({ status: 'fulfilled', value: 2 });
        expect(await rows(user)).toHaveLength(2);
        expect(await rows(other)).toHaveLength(0);
      });
    }
  });
});
