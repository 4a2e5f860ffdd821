import type { Statements } from '../../../platform/database/statements';

/**
 * The highest number the database gave, as far as a seal can hold it; a piece of SQL. The owner of the table may have put
 * events above it.
 */
export const HIGHEST = `least(coalesce(pg_sequence_last_value(pg_get_serial_sequence('audit_events', 'sequence')::regclass), 0),
  ${Number.MAX_SAFE_INTEGER})`;

/** The highest number the database gave that can be seen; 0: none. */
export async function newestOf(statements: Statements): Promise<number> {
  const [row] = await statements.query<{ newest: string | null }[]>(
    `SELECT max(sequence) AS newest FROM audit_events WHERE sequence <= ${HIGHEST}`,
  );
  return Number(row?.newest ?? 0);
}
