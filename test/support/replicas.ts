import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Client as Postgres, Pool } from 'pg';
import type { Answer } from './client';
import { aDatabase, type TestDatabase } from './database';
import { type Server, startServer, until } from './process';

/** Two servers that are one service: one database, one master key, one public address. */
export type Replicas = {
  readonly a: Server;
  readonly b: Server;
  readonly both: readonly [Server, Server];
  readonly database: TestDatabase;
  /** What each was started with, for commands and for a server that is started again. */
  readonly variables: Readonly<Record<string, string>>;
  /** The test's own way into their database. */
  readonly sql: <Row>(statement: string, ...values: readonly unknown[]) => Promise<Row[]>;
  readonly disconnect: () => Promise<void>;
};

const POOL_SIZE = 2;

export async function twoReplicas(more: Readonly<Record<string, string>> = {}): Promise<Replicas> {
  const database = await aDatabase('postgres');
  const variables = {
    DATABASE_POOL_SIZE: String(POOL_SIZE),
    MASTER_KEY: randomBytes(32).toString('base64'),
    PUBLIC_URL: 'http://localhost:3000',
    RATE_LIMITS: 'off',
    ...more,
  };
  const [a, b] = await Promise.all([startServer({ database, variables }), startServer({ database, variables })]);
  const postgres = new Pool({ connectionString: database.variables.DATABASE_URL, max: 4 });
  return {
    a,
    b,
    both: [a, b],
    database,
    variables,
    sql: async <Row>(statement: string, ...values: readonly unknown[]) =>
      (await postgres.query(statement, [...values])).rows as Row[],
    disconnect: () => postgres.end(),
  };
}

/**
 * Holds the row of a session while the calls are sent, list after list: each list only when all before it wait for the
 * row, or as many as there are connections to wait with. They get the row in the order they waited. Answers likewise.
 */
export async function queuedForTheSession(
  { database, both }: Replicas,
  session: string,
  ...lists: readonly (readonly (() => Promise<Answer>)[])[]
): Promise<Answer[]> {
  const holder = new Postgres({ connectionString: database.variables.DATABASE_URL });
  await holder.connect();
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT FROM sessions WHERE id = $1 FOR UPDATE', [session]);
    const answers: Promise<Answer>[] = [];
    for (const list of lists) {
      answers.push(...list.map((call) => call()));
      const waiting = Math.min(answers.length, both.length * POOL_SIZE);
      await untilWaiting(holder, waiting);
    }
    await holder.query('COMMIT');
    return await Promise.all(answers);
  } finally {
    await holder.end();
  }
}

/** Returns when so many sessions of the replicas wait for somebody. */
export function untilWaiting(observer: Postgres, count: number): Promise<void> {
  return until(`${count} wait`, async () => {
    // Within a transaction the view would not change.
    await observer.query('SELECT pg_stat_clear_snapshot()');
    const { rowCount } = await observer.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'doorward' AND wait_event_type = 'Lock'`,
    );
    return (rowCount ?? 0) >= count;
  });
}

export type Refusal = {
  /** From `since` to when the first call was sent that was refused. */
  readonly firstRefusedMs: number;
  /** From `since` to when the last call was sent that was accepted; 0: none was. */
  readonly lastAcceptedMs: number;
  /** Whether a call was accepted that was sent when a refusal was known already. */
  readonly wasAcceptedAgain: boolean;
};

const GIVE_UP_MS = 10_000;

export type Pace = { readonly everyMs: number; readonly callsAfterTheFirstRefusal: number };

const STEADY: Pace = { everyMs: 20, callsAfterTheFirstRefusal: 10 };
/** For races that are run so often that each of them need not be looked at as closely. */
export const LEISURELY: Pace = { everyMs: 50, callsAfterTheFirstRefusal: 4 };

/**
 * Calls at a steady pace, whether or not the last call was answered, until one is refused, and some more. Times are those
 * of sending, so that they say the same of a fast machine and of a slow one. `since` is of the monotonic clock.
 */
export async function refusalOf(
  isAccepted: () => Promise<boolean>,
  since: number,
  { everyMs, callsAfterTheFirstRefusal }: Pace = STEADY,
): Promise<Refusal> {
  const elapsedMs = (): number => performance.now() - since;
  const [accepted, refused, known]: [number[], number[], number[]] = [[], [], []];
  const failures: unknown[] = [];
  const call = async (): Promise<void> => {
    const sentMs = elapsedMs();
    if (await isAccepted()) {
      accepted.push(sentMs);
    } else {
      refused.push(sentMs);
      known.push(elapsedMs());
    }
  };
  const calls: Promise<unknown>[] = [];
  while (refused.length <= callsAfterTheFirstRefusal && failures.length === 0 && elapsedMs() < GIVE_UP_MS) {
    calls.push(call().catch((error: unknown) => failures.push(error)));
    await wait(everyMs);
  }
  await Promise.all(calls);
  if (failures.length > 0) throw failures[0];
  return {
    firstRefusedMs: Math.min(...refused),
    lastAcceptedMs: Math.max(0, ...accepted),
    wasAcceptedAgain: Math.max(0, ...accepted) > Math.min(...known),
  };
}

/** For how long a replica may believe what it has read. */
export const BELIEVED_MS = 1_000;

/**
 * Nothing is accepted a second after it was over, and nothing again once it was refused. When the first refusal came is
 * a matter of the pace of the calls too, so it is measured and not judged.
 */
export function expectWithinASecond(refusals: readonly Refusal[]): void {
  for (const { firstRefusedMs, lastAcceptedMs, wasAcceptedAgain } of refusals) {
    expect(firstRefusedMs).toBeLessThan(GIVE_UP_MS);
    expect(lastAcceptedMs).toBeLessThan(BELIEVED_MS);
    expect(wasAcceptedAgain).toBe(false);
  }
}
