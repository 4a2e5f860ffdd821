import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import type { TokenPair } from '../../../src/modules/tokens/application/token-pairs';
import { InvalidRefreshToken } from '../../../src/modules/tokens/domain/errors';
import { SystemClock } from '../../../src/platform/time/clock';
import { aRefresh } from '../../support/a-device';
import { aContextAt, type TestContext } from '../../support/context';
import { aDatabase, DATABASES, type TestDatabase } from '../../support/database';
import { Stored } from '../../support/stored';

const OFF_SECONDS = 20;

/** The clock of a machine on which it is so many seconds later than it is. */
class ClockThatIsOff extends SystemClock {
  private offMs = 0;

  constructor(seconds: number) {
    super();
    this.later(seconds);
  }

  override now(): Date {
    return new Date(super.now().getTime() + this.offMs);
  }

  later(seconds: number): void {
    this.offMs += seconds * 1000;
  }
}

type Replica = TestContext<ClockThatIsOff>;

// The embedded database belongs to one process.
if (DATABASES.includes('postgres')) {
  describe('two replicas whose clocks differ by twenty seconds', () => {
    let database: TestDatabase;
    let ahead: Replica;
    let behind: Replica;

    beforeAll(async () => {
      database = await aDatabase('postgres');
      behind = await aContextAt(new ClockThatIsOff(0), { database });
      ahead = await aContextAt(new ClockThatIsOff(OFF_SECONDS), { database });
    });
    afterAll(async () => {
      await Promise.all([ahead, behind].map(({ stop }) => stop()));
      await database.drop();
    });

    /** Time passes for both. */
    const later = (seconds: number): void => {
      for (const { clock } of [ahead, behind]) clock.later(seconds);
    };
    const rotatedBy = ({ app }: Replica, token: string): Promise<TokenPair> =>
      app.get(RotateRefreshToken).execute(aRefresh(token));
    const aSignedInUser = async (): Promise<TokenPair> => {
      const stored = new Stored(behind);
      return stored.signedIn(await stored.newMember());
    };

    const ORDERS: readonly [string, () => readonly [Replica, Replica]][] = [
      ['ahead first', () => [ahead, behind]],
      ['behind first', () => [behind, ahead]],
    ];

    it.each(ORDERS)(
      'give who comes back a second later the same successor, and the session lives: %s',
      async (_, who) => {
        const [one, other] = who();
        const { refreshToken: first } = await aSignedInUser();
        const second = await rotatedBy(one, first);
        later(1);
        const repeated = await rotatedBy(other, first);
        expect(repeated.refreshToken).toBe(second.refreshToken);
        expect((await rotatedBy(other, second.refreshToken)).sessionId).toBe(second.sessionId);
      },
    );

    it.each(ORDERS)('end the session when its spent token comes back eleven seconds later: %s', async (_, who) => {
      const [one, other] = who();
      const { refreshToken: first } = await aSignedInUser();
      const { refreshToken: second } = await rotatedBy(one, first);
      later(11);
      await expect(rotatedBy(other, first)).rejects.toThrow(InvalidRefreshToken);
      await expect(rotatedBy(one, second)).rejects.toThrow(InvalidRefreshToken);
    });

    it.each(ORDERS)('believe each other’s access tokens at once: %s', async (_, who) => {
      const [one, other] = who();
      const { accessToken, sessionId } = await rotatedBy(one, (await aSignedInUser()).refreshToken);
      const tokens = other.app.get(AuthenticateAccessToken);
      expect(await tokens.execute(await tokens.verify(accessToken))).toMatchObject({ sessionId });
    });
  });
}
