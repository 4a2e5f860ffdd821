import { Client as Postgres } from 'pg';
import { aDatabase, DATABASES, type TestDatabase } from '../support/database';
import { cleanUp, rows, type Server, startServer, until } from '../support/process';

const WORKERS = 8;
const ANSWERS_BEFORE_THE_END = 6;

/** Registers one user after another, several at a time, until the server is gone. */
async function registerUntilKilled(server: Server, round: number): Promise<{ answered: string[]; cut: number }> {
  const answered: string[] = [];
  let cut = 0;
  let gone: Promise<unknown> | undefined;
  const work = async (worker: number): Promise<void> => {
    for (let turn = 0; ; turn += 1) {
      const email = `round${round}.worker${worker}.turn${turn}@example.com`;
      const answer = await server.client.register(email).catch(() => null);
      if (answer?.status !== 201) {
        cut += 1;
        return;
      }
      answered.push(email);
      if (answered.length >= ANSWERS_BEFORE_THE_END) gone ??= server.stop('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
  await gone;
  return { answered, cut };
}

/** Users that lack something a registration makes, or have it twice, and tenants and events that belong to nobody. */
const BROKEN = `
  SELECT u.email FROM users u
  LEFT JOIN memberships m ON m.user_id = u.id
  LEFT JOIN tenants t ON t.id = m.tenant_id
  LEFT JOIN membership_roles mr ON mr.user_id = u.id AND mr.tenant_id = m.tenant_id
  LEFT JOIN roles r ON r.id = mr.role_id AND r.name = 'owner'
  LEFT JOIN audit_events e ON e.user_id = u.id AND e.action = 'user.registered' AND e.outcome = 'success'
  WHERE NOT u.system_administrator
  GROUP BY u.id
  HAVING (count(m.tenant_id), count(t.id), count(mr.role_id), count(r.id), count(e.id)) <> (1, 1, 1, 1, 1)
  UNION ALL SELECT t.slug FROM tenants t WHERE NOT EXISTS (SELECT FROM memberships m WHERE m.tenant_id = t.id)
  UNION ALL SELECT e.id::text FROM audit_events e
            WHERE e.action = 'user.registered' AND NOT EXISTS (SELECT FROM users u WHERE u.id = e.user_id)`;

afterAll(cleanUp);

describe.each(DATABASES)('a server that is killed while users register (%s)', (kind) => {
  let database: TestDatabase;
  let server: Server;
  const registered: string[] = [];

  beforeAll(async () => {
    database = await aDatabase(kind);
    server = await startServer({ database });
  });

  it.each([1, 2])('starts again with every account it had confirmed (round %i)', async (round) => {
    const { answered, cut } = await registerUntilKilled(server, round);
    expect(answered.length).toBeGreaterThanOrEqual(ANSWERS_BEFORE_THE_END);
    // Otherwise it was not the middle of anything.
    expect(cut).toBe(WORKERS);

    server = await startServer({ database });
    const statuses = await Promise.all(answered.map(async (email) => (await server.client.login(email)).status));
    expect(statuses).toEqual(answered.map(() => 200));
    registered.push(...answered);
  });

  it('has each user whole, with tenant, membership, role and event, or not at all', async () => {
    await server.stop();
    expect(await rows(database, BROKEN)).toEqual([]);
    const users = await rows<{ email: string }>(database, 'SELECT email FROM users WHERE NOT system_administrator');
    expect(users.map(({ email }) => email)).toEqual(expect.arrayContaining(registered));
  });
});

// The embedded database has one session, so nobody can stand in its way.
if (DATABASES.includes('postgres')) {
  describe('a server that is killed halfway through a registration', () => {
    let database: TestDatabase;
    let server: Server;
    let gate: Postgres;

    beforeAll(async () => {
      database = await aDatabase('postgres');
      server = await startServer({ database });
      gate = new Postgres({ connectionString: database.variables.DATABASE_URL });
      await gate.connect();
    });
    afterAll(() => gate.end());

    async function sessionsOfTheServer(condition: string): Promise<number> {
      // Within a transaction the view would not change.
      await gate.query('SELECT pg_stat_clear_snapshot()');
      const { rowCount } = await gate.query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'doorward' AND ${condition}`,
      );
      return rowCount ?? 0;
    }

    it('leaves nothing of it behind, and the address free', async () => {
      const addresses = ['ann@example.com', 'bob@example.com', 'eve@example.com'];
      // Users are written before their tenants, so here they are written and the rest is not.
      await gate.query('BEGIN; LOCK TABLE tenants IN ACCESS EXCLUSIVE MODE');
      const answers = addresses.map((email) => server.client.register(email).catch(() => null));
      await until(
        'every registration waits for its tenant',
        async () => (await sessionsOfTheServer(`wait_event_type = 'Lock'`)) === addresses.length,
      );
      await server.stop('SIGKILL');
      expect(await Promise.all(answers)).toEqual([null, null, null]);
      await gate.query('COMMIT');
      await until('the database has noticed', async () => (await sessionsOfTheServer('true')) === 0);

      const left = await gate.query('SELECT email FROM users WHERE NOT system_administrator');
      expect(left.rows).toEqual([]);
      server = await startServer({ database });
      for (const email of addresses) expect((await server.client.register(email)).status).toBe(201);
      expect(await rows(database, BROKEN)).toEqual([]);
    });
  });
}
