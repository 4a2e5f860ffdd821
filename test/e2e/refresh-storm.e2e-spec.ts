import { setTimeout as wait } from 'node:timers/promises';
import { Client as Postgres } from 'pg';
import type { Answer } from '../support/client';
import { DATABASES } from '../support/database';
import { cleanUp, type Server, startServer, until } from '../support/process';
import { type Replicas, twoReplicas, untilWaiting } from '../support/replicas';

const CLIENTS = 12;
/** How often a replica is killed. */
const ROUNDS = Number(process.env.ROUNDS ?? 2);
/** So many times each client refreshes, with both replicas up, before the next is killed. */
const CALM_REFRESHES = 3;
const PHASES_MS = 400;
const PATIENCE_MS = 60_000 + ROUNDS * 20_000;

type Stored = { readonly id: string; readonly generation: number; readonly revoked_for: string | null };

/** How many answers did not come, or were no answer. */
class Errors {
  /** Nobody listened. */
  refused = 0;
  /** The replica was killed before the answer was there. */
  cut = 0;
  unavailable = 0;
  readonly others: string[] = [];

  noteAnswer({ status, text }: Answer): void {
    if (status === 503) this.unavailable += 1;
    else this.others.push(`${status} ${text}`);
  }

  noteFailure(error: unknown): void {
    const { code } = ((error as Error).cause ?? {}) as { readonly code?: string };
    if (code === 'ECONNREFUSED') this.refused += 1;
    else this.cut += 1;
  }
}

/** Refreshes as fast as it can, at one replica and the other in turn; whatever goes wrong, it asks the other one again. */
class StormClient {
  /** Answers that brought a pair of tokens. */
  refreshes = 0;
  /** Refresh tokens it has had. The first one came with the sign-in. */
  generations = 1;

  constructor(
    private readonly replicas: readonly Server[],
    private readonly errors: Errors,
    public token: string,
    private next: number,
  ) {}

  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) await this.refresh();
  }

  /** One attempt. It may be that the replica rotated the token and could not say so any more. */
  async refresh(): Promise<number | null> {
    this.next += 1;
    const answer = await this.replicas[this.next % this.replicas.length]?.client
      .refresh(this.token)
      .catch((error: unknown) => {
        this.errors.noteFailure(error);
        return null;
      });
    if (!answer) return null;
    if (answer.status !== 200) this.errors.noteAnswer(answer);
    else this.take(answer.body.refresh_token);
    return answer.status;
  }

  private take(token: string): void {
    this.refreshes += 1;
    if (token !== this.token) this.generations += 1;
    this.token = token;
  }
}

afterAll(cleanUp);

// The embedded database belongs to one process.
if (DATABASES.includes('postgres')) {
  describe(`replicas that are killed in a storm of refreshes, ${ROUNDS} times`, () => {
    const errors = new Errors();
    const begun = performance.now();
    let replicas: Replicas;
    let servers: Server[];
    let clients: readonly StormClient[];
    let sessions: readonly string[];

    beforeAll(async () => {
      replicas = await twoReplicas();
      servers = [...replicas.both];
      const signedUp = await Promise.all(
        Array.from({ length: CLIENTS }, (_, client) => replicas.a.client.signedUp(`client${client}@example.com`)),
      );
      sessions = signedUp.map(({ session }) => session);
      clients = signedUp.map(({ refresh }, client) => new StormClient(servers, errors, refresh, client));
    });
    afterAll(async () => {
      const [repeated] = await replicas.sql<{ count: number }>(
        `SELECT count(*)::int FROM audit_events WHERE action = 'auth.token_repeated'`,
      );
      await replicas.disconnect();
      const figures = [
        `${ROUNDS} kills, ${refreshes()} refreshes answered`,
        `${errors.cut} answers cut off, ${errors.refused} connections refused, ${errors.unavailable} times 503`,
        `${repeated?.count} repeated answers, ${((performance.now() - begun) / 1000).toFixed(0)} s`,
      ];
      // eslint-disable-next-line no-console -- the figures are what one runs this for
      console.log(figures.join('\n'));
    });

    const refreshes = (): number => clients.reduce((sum, client) => sum + client.refreshes, 0);

    async function everybodyWentOn(): Promise<void> {
      const before = clients.map((client) => client.refreshes);
      await until('every client goes on', () =>
        clients.every((client, index) => client.refreshes >= (before[index] ?? 0) + CALM_REFRESHES),
      );
    }

    async function killOne(): Promise<void> {
      const index = Math.random() < 0.5 ? 0 : 1;
      const killed = servers[index];
      if (!killed) throw new Error('There are two replicas');
      await wait(Math.random() * PHASES_MS);
      await killed.stop('SIGKILL');
      await everybodyWentOn();
      const variables = { ...replicas.variables, PORT: new URL(killed.url).port };
      servers[index] = await startServer({ database: replicas.database, variables });
    }

    const stored = (): Promise<Stored[]> =>
      replicas.sql<Stored>(
        'SELECT id, generation, revoked_for FROM sessions ORDER BY array_position($1::uuid[], id)',
        sessions,
      );

    it(
      'leave every client with a token that works',
      async () => {
        let isOver = false;
        const storm = clients.map((client) => client.run(() => isOver));
        try {
          for (let round = 0; round < ROUNDS; round += 1) {
            await everybodyWentOn();
            await killOne();
          }
        } finally {
          isOver = true;
          await Promise.all(storm);
        }
        // A 401, a 500 and whatever else is no answer to an honest client.
        expect(errors.others).toEqual([]);
        // Otherwise it was not the middle of anything.
        expect(errors.cut).toBeGreaterThan(0);

        const ahead = (await stored()).map(({ generation }, index) => generation - (clients[index]?.generations ?? 0));
        expect(ahead.filter((generations) => generations !== 0 && generations !== 1)).toEqual([]);
        expect(await Promise.all(clients.map((client) => client.refresh()))).toEqual(clients.map(() => 200));
      },
      PATIENCE_MS,
    );

    it('have ended no session and taken nobody for a thief', async () => {
      expect((await stored()).map(({ id, revoked_for }) => [id, revoked_for])).toEqual(
        sessions.map((session) => [session, null]),
      );
      const [suspected] = await replicas.sql<{ count: number }>(
        `SELECT count(*)::int FROM audit_events
         WHERE action IN ('auth.token_reuse_detected', 'session.revoked') OR outcome = 'failure'`,
      );
      expect(suspected?.count).toBe(0);
    });

    it('have recorded every rotation there was, once, and none that was not', async () => {
      const rotations = await replicas.sql<{ target_id: string; count: number }>(
        `SELECT target_id, count(*)::int FROM audit_events
         WHERE action = 'auth.token_refreshed' AND outcome = 'success' GROUP BY target_id
         ORDER BY array_position($1::text[], target_id)`,
        sessions,
      );
      expect(rotations.map(({ target_id, count }) => [target_id, count + 1])).toEqual(
        (await stored()).map(({ id, generation }) => [id, generation]),
      );
    });

    describe('one of them, while its rotation commits', () => {
      let gate: Postgres;

      beforeAll(async () => {
        gate = new Postgres({ connectionString: replicas.database.variables.DATABASE_URL });
        await gate.connect();
        // Deferred to the commit, which then waits for whoever holds that lock.
        await gate.query(`
          CREATE FUNCTION wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END';
          CREATE CONSTRAINT TRIGGER gate AFTER UPDATE ON sessions DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION wait_at_the_gate()`);
      });
      afterAll(() => gate.end());

      it('leaves its client with the predecessor, which the other replica answers with the successor', async () => {
        const [a, b] = servers as [Server, Server];
        const { refresh, session } = await a.client.signedUp('ann@example.com');
        await gate.query('SELECT pg_advisory_lock(1)');
        const unanswered = a.client.refresh(refresh).catch(() => null);
        await untilWaiting(gate, 1);
        await a.stop('SIGKILL');
        expect(await unanswered).toBeNull();
        const again = b.client.refresh(refresh);
        await untilWaiting(gate, 2);
        await gate.query('SELECT pg_advisory_unlock(1)');

        const { status, body } = await again;
        expect(status).toBe(200);
        expect(body.refresh_token).not.toBe(refresh);
        const actions = await replicas.sql(
          `SELECT action, details -> 'generation' AS generation FROM audit_events
         WHERE target_id = $1 AND action LIKE 'auth.token%' ORDER BY sequence`,
          session,
        );
        expect(actions).toEqual([
          { action: 'auth.token_refreshed', generation: 2 },
          { action: 'auth.token_repeated', generation: 2 },
        ]);
        expect((await b.client.refresh(body.refresh_token)).status).toBe(200);
      });
    });
  });
}
