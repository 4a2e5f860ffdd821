import { randomBytes } from 'node:crypto';
import { type Answer, Client, PASSWORD, type Tokens } from '../../support/client';
import { aDatabase, DATABASES, type TestDatabase } from '../../support/database';
import { expectProblem } from '../../support/problems';
import { aService, type TestService } from '../../support/service';

const KEY = { name: 'a key that would outlive it', permissions: ['*:*'] };

/** What leaves something behind that the end of a session does not end. */
const DEEDS: readonly [string, (client: Client, by: Tokens) => Promise<Answer>][] = [
  ['make an API key', (client, { access }) => client.post('/api-keys', { token: access, json: KEY })],
  [
    'end the other sessions',
    (client, { access }) => client.call('DELETE', '/auth/sessions?except=current', { token: access }),
  ],
  [
    'ask for another address',
    (client, { access }) =>
      client.post('/auth/email/change', { token: access, json: { new_email: 'a@thief.example' } }),
  ],
  [
    'change the password',
    (client, { access }) =>
      client.post('/auth/password/change', {
        token: access,
        json: { current_password: PASSWORD, new_password: 'a phrase of somebody else' },
      }),
  ],
];

// The embedded database belongs to one process, and to one application in it.
if (DATABASES.includes('postgres')) {
  describe('a session that has just been ended on another replica', () => {
    let database: TestDatabase;
    let here: TestService;
    let there: TestService;
    let users = 0;

    beforeAll(async () => {
      database = await aDatabase('postgres');
      const variables = { MASTER_KEY: randomBytes(32).toString('base64') };
      here = await aService({ database, variables });
      there = await aService({ database, variables });
    });
    afterAll(async () => {
      await here.stop();
      await there.stop();
      await database.drop();
    });

    /** An owner, and a thief whose session the other replica has just believed to be in force. */
    async function anOwnerAndAThief(): Promise<{ owner: Tokens; thief: Tokens; email: string }> {
      const email = `user${(users += 1)}@example.com`;
      const owner = await here.client.signedUp(email);
      const thief = await here.client.signedIn(email);
      expect((await there.client.get('/auth/me', { token: thief.access })).status).toBe(200);
      return { owner, thief, email };
    }

    it.each(DEEDS)('cannot %s', async (_what, deed) => {
      const { owner, thief, email } = await anOwnerAndAThief();
      const ended = await here.client.call('DELETE', `/auth/sessions/${thief.session}`, { token: owner.access });
      expect(ended.status).toBe(204);

      expectProblem(await deed(there.client, thief), 401, 'TOKEN_INVALID');
      expect((await here.client.get('/auth/me', { token: owner.access })).status).toBe(200);
      expect((await here.client.login(email)).status).toBe(200);
    });

    it('is one of all that end each other: the one that is first goes on', async () => {
      const email = `user${(users += 1)}@example.com`;
      const sessions = [await here.client.signedUp(email)];
      for (let more = 0; more < 5; more += 1) sessions.push(await here.client.signedIn(email));

      const answers = await Promise.all(
        sessions.map(({ access }, index) =>
          (index % 2 ? here : there).client.call('DELETE', '/auth/sessions?except=current', { token: access }),
        ),
      );

      const statuses = answers.map(({ status }) => status).sort((one, other) => one - other);
      expect(statuses).toEqual([200, 401, 401, 401, 401, 401]);
      const [open] = await here.source.query<{ count: number }[]>(
        `SELECT count(*)::int FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE u.email = $1 AND s.revoked_at IS NULL`,
        [email],
      );
      expect(open).toEqual({ count: 1 });
    });
  });
}
