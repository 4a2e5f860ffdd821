import { DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';

const LOCK = "hashtextextended('doorward/migrations', 0)";

/**
 * Brings the schema up to date, one process at a time, each migration in a transaction of its own.
 * Lock, migrations and unlock share one connection, for an embedded database has no second. Returns the names applied.
 */
export async function migrate(source: DataSource): Promise<readonly string[]> {
  const runner = source.createQueryRunner();
  const client = (await runner.connect()) as PatientClient;
  const patience = client.connectionParameters?.query_timeout;
  try {
    bePatient(client, 0);
    await runner.query(
      `SET statement_timeout = 0; SET lock_timeout = '120s'; SET idle_in_transaction_session_timeout = 0`,
    );
    await runner.query(`SELECT pg_advisory_lock(${LOCK})`);
    const executor = new MigrationExecutor(source, runner);
    executor.transaction = 'each';
    return (await executor.executePendingMigrations()).map(({ name }) => name);
  } finally {
    bePatient(client, patience);
    await restore(runner);
  }
}

/** The driver's client, as far as it keeps how long it waits for an answer; 0 is for ever. */
type PatientClient = { readonly connectionParameters?: { query_timeout?: number | undefined } };

/** A migration, or the wait for another process's, may take longer than any request. */
function bePatient({ connectionParameters }: PatientClient, milliseconds: number | undefined): void {
  if (connectionParameters) connectionParameters.query_timeout = milliseconds;
}

/** Gives the connection back as it was. One that cannot even be reset is broken, and the pool throws it away. */
async function restore(runner: QueryRunner): Promise<void> {
  try {
    await runner.query(`SELECT pg_advisory_unlock(${LOCK})`);
    await runner.query('RESET statement_timeout; RESET lock_timeout; RESET idle_in_transaction_session_timeout');
  } catch {
    // The error that broke it is already on its way to the caller.
  } finally {
    await runner.release();
  }
}

/** The migrations this version brings that the database has not had, oldest first. Changes nothing. */
export async function pendingMigrations(source: DataSource): Promise<readonly string[]> {
  const [found] = await source.query<{ present: boolean }[]>(`SELECT to_regclass('migrations') IS NOT NULL AS present`);
  const done = found?.present ? await source.query<{ name: string }[]>('SELECT name FROM migrations') : [];
  const applied = new Set(done.map(({ name }) => name));
  return source.migrations.map(({ name }) => name ?? '').filter((name) => !applied.has(name));
}
