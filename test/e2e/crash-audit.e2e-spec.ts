import { command } from '../support/commands';
import { PASSWORD, type Tokens } from '../support/client';
import { aDatabase, type TestDatabase } from '../support/database';
import { cleanUp, rows, type Server, startServer } from '../support/process';

/** `npm run test:crash` does 2,000. */
const OPERATIONS = Number(process.env.OPERATIONS ?? '90');
const OPERATIONS_A_ROUND = 400;
const ROUNDS = Math.ceil(OPERATIONS / OPERATIONS_A_ROUND);
const WORKERS = 6;

/** Changes without their event, events without their change, and how often one is there without the other. */
const UNPAIRED = `
  WITH done AS (SELECT * FROM audit_events WHERE outcome = 'success'),
  pairs AS (
    SELECT 'sign-in' AS what, s.id::text AS change, e.target_id AS event
    FROM sessions s FULL JOIN (SELECT * FROM done WHERE action = 'auth.login') e ON e.target_id = s.id::text
    UNION ALL
    SELECT 'API key', k.id, e.target_id
    FROM api_keys k FULL JOIN (SELECT * FROM done WHERE action = 'api_key.created') e ON e.target_id = k.id
    UNION ALL
    SELECT 'tenant', t.id::text, e.target_id
    FROM tenants t FULL JOIN (SELECT * FROM done WHERE action = 'tenant.created') e ON e.target_id = t.id::text
  ),
  counts AS (
    SELECT 'refresh' AS what, s.id::text AS of, s.generation - 1 AS changes,
           (SELECT count(*) FROM done WHERE action = 'auth.token_refreshed' AND target_id = s.id::text) AS events
    FROM sessions s
    UNION ALL
    SELECT 'profile', u.id::text, CASE WHEN u.first_name ~ '^\\d+$' THEN u.first_name::int ELSE 0 END,
           (SELECT count(*) FROM done WHERE action = 'user.updated' AND user_id = u.id)
    FROM users u
    UNION ALL
    SELECT 'role', r.name, (SELECT count(*) FROM membership_roles m WHERE m.role_id = r.id),
           (SELECT count(*) FILTER (WHERE action = 'role.granted') - count(*) FILTER (WHERE action = 'role.revoked')
            FROM done WHERE details->>'role' = r.name AND tenant_id = r.tenant_id)
    FROM roles r WHERE r.name LIKE 'role-%'
  )
  SELECT what, change AS of FROM pairs WHERE change IS NULL OR event IS NULL
  UNION ALL SELECT what, change FROM pairs GROUP BY what, change HAVING count(*) > 1
  UNION ALL SELECT what, of FROM counts WHERE changes <> events`;

type Worker = { readonly email: string; tokens: Tokens; tenant: string; done: number; profile: number; holds: boolean };

afterAll(cleanUp);

describe('a server that is killed amid changes of all kinds', () => {
  let database: TestDatabase;
  let server: Server;
  let workers: Worker[];
  let answered = 0;

  beforeAll(async () => {
    database = await aDatabase();
    server = await startServer({ database });
    workers = await Promise.all(
      Array.from({ length: WORKERS }, async (_, number) => {
        const email = `worker${String(number)}@example.com`;
        const tokens = await server.client.signedUp(email, { tenant_name: `Of ${String(number)}` });
        const { body } = await server.client.get('/auth/me', { token: tokens.access });
        const tenant = (await server.client.login(email)).body.tenant_id;
        await server.client.post('/roles', {
          token: tokens.access,
          json: { name: `role-${String(number)}`, description: '', permissions: ['detector:read'] },
        });
        return { email, tokens, tenant: `${tenant}/members/${String(body.id)}`, done: 0, profile: 0, holds: false };
      }),
    );
  }, 60_000);

  /** One after the other of each kind; whether it was answered that it is done. */
  async function change(worker: Worker): Promise<boolean> {
    const { client } = server;
    const { email, tokens, tenant } = worker;
    const token = tokens.access;
    const number = String(workers.indexOf(worker));
    const kind = worker.done % 6;
    worker.done += 1;
    const name = `Of ${number} ${String(worker.done)}`;
    if (kind === 0) return (await client.login(email, PASSWORD)).status === 200;
    if (kind === 1) {
      const { status, body } = await client.refresh(tokens.refresh);
      if (status === 200) {
        worker.tokens = { ...tokens, access: body.access_token, refresh: body.refresh_token };
      }
      return status === 200;
    }
    if (kind === 2) {
      worker.holds = !worker.holds;
      const roles = ['owner', ...(worker.holds ? [`role-${number}`] : [])];
      return (await client.call('PUT', `/tenants/${tenant}`, { token, json: { roles } })).status === 200;
    }
    if (kind === 3) {
      const json = { name, permissions: ['detector:read'] };
      return (await client.post('/api-keys', { token, json })).status === 201;
    }
    if (kind === 4) {
      worker.profile += 1;
      return (await client.patch('/users/me', { token, json: { first_name: String(worker.profile) } })).status === 200;
    }
    return (await client.post('/tenants', { token, json: { name } })).status === 201;
  }

  it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
    'has each change with its event, each event with its change, and a whole log (round %i)',
    async (round) => {
      const until = Math.min(OPERATIONS, round * OPERATIONS_A_ROUND);
      let gone: Promise<unknown> | undefined;
      let cut = 0;
      const work = async (worker: Worker): Promise<void> => {
        for (;;) {
          const isDone = await change(worker).catch(() => null);
          if (isDone === null) {
            cut += 1;
            return;
          }
          expect(isDone).toBe(true);
          answered += 1;
          if (answered >= until) gone ??= server.stop('SIGKILL');
        }
      };
      await Promise.all(workers.map(work));
      await gone;
      // Otherwise it was not the middle of anything.
      expect(cut).toBe(WORKERS);
      expect(await rows(database, UNPAIRED)).toEqual([]);
      const { code, stdout } = await command(['audit', 'verify', '--json'], { database });
      expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ verified: true, findings: [] })]);
      if (round < ROUNDS) await startAgain();
    },
    300_000,
  );

  /** What the last round left undecided, each worker finds out. */
  async function startAgain(): Promise<void> {
    server = await startServer({ database });
    await Promise.all(
      workers.map(async (worker) => {
        worker.tokens = await server.client.signedIn(worker.email);
        const { body } = await server.client.get('/users/me', { token: worker.tokens.access });
        worker.profile = Number(body.first_name ?? 0);
      }),
    );
  }
});
