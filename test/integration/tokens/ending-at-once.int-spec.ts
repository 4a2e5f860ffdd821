import { hash as argon2 } from '@node-rs/argon2';
import type { Principal } from '../../../src/kernel/principal';
import { ChangePassword } from '../../../src/modules/identity/application/passwords/change-password';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { RevokeSessions } from '../../../src/modules/tokens/application/sessions/revoke-sessions';
import { Sessions } from '../../../src/modules/tokens/application/sessions/sessions.port';
import { AccessTokenRefused } from '../../../src/modules/tokens/domain/errors';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { interleaved } from '../../support/gates';
import { Stored } from '../../support/stored';

const ROUNDS = 30;
const NEXT = 'a wholly new phrase to remember';

// The embedded database has one session: nobody waits for a row there.
if (DATABASES.includes('postgres')) {
  describe('two who each end all sessions of a user but their own', () => {
    let context: TestContext;
    let passwordHash: string;

    beforeAll(async () => {
      context = await aContext({ database: 'postgres' });
      passwordHash = await argon2(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    });
    afterAll(() => context.stop());

    /** As many sessions of a new user, in the order in which they are held. */
    const sessionsOfAUser = async (count: number): Promise<readonly Principal[]> => {
      const stored = new Stored(context);
      const member = await stored.newMember({ passwordHash });
      const tokens = context.app.get(AuthenticateAccessToken);
      const all: Principal[] = [];
      for (let each = 0; each < count; each++) {
        const { accessToken } = await stored.signedIn(member);
        all.push((await tokens.execute(await tokens.verify(accessToken)))!);
      }
      return all.sort((one, other) => (one.sessionId! < other.sessionId! ? -1 : 1));
    };
    const openSessionsOf = async ({ userId }: Principal): Promise<string[]> => {
      const rows = await context.source.query<{ id: string }[]>(
        'SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL',
        [userId],
      );
      return rows.map(({ id }) => id);
    };

    it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
      'do not wait for each other in a circle: one is first, and the other is over: round %i',
      async () => {
        const [first, second, third] = (await sessionsOfAUser(3)) as [Principal, Principal, Principal];
        // Both are under way when the last of the rows becomes free.
        const settled = await interleaved(
          context,
          () => context.app.get(Sessions).take(third.sessionId!),
          () =>
            Promise.allSettled([
              context.app.get(ChangePassword).execute(second, PASSWORD, NEXT),
              context.app.get(RevokeSessions).executeAll(first, first.sessionId),
            ]),
          2,
        );
        if (settled.status === 'rejected') throw settled.reason;
        const outcomes = settled.value;
        const failures = outcomes.flatMap((outcome) =>
          outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
        );
        expect(failures).toEqual([expect.any(AccessTokenRefused)]);
        const winner = outcomes[0].status === 'fulfilled' ? second : first;
        expect(await openSessionsOf(first)).toEqual([winner.sessionId]);
      },
    );
  });
}
