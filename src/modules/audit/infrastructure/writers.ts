import type { Statements } from '../../../platform/database/statements';

/**
 * The transactions that add to the log now, but for the caller's own. Each took the lock on the table before it took a
 * number, and holds it until it ends.
 */
export async function writersOf(statements: Statements): Promise<readonly string[]> {
  const rows = await statements.query<{ writer: string }[]>(
    `SELECT DISTINCT virtualtransaction AS writer FROM pg_locks
     WHERE locktype = 'relation' AND relation = 'audit_events'::regclass AND mode = 'RowExclusiveLock' AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND pid IS DISTINCT FROM pg_backend_pid()`,
  );
  return rows.map(({ writer }) => writer);
}
