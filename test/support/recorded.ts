import type { DataSource } from 'typeorm';

export type Recorded = {
  readonly action: string;
  readonly outcome: string;
  readonly user_id: string | null;
  readonly tenant_id: string | null;
  readonly actor: string;
  readonly details: Readonly<Record<string, unknown>>;
};

/** The audit log as it is stored, oldest first; of one action, or all. */
export function recorded(source: DataSource, action: string | null = null): Promise<Recorded[]> {
  return source.query<Recorded[]>(
    `SELECT action, outcome, user_id, tenant_id, actor, details FROM audit_events
     WHERE $1::text IS NULL OR action = $1 ORDER BY sequence`,
    [action],
  );
}

/** How many rows each table has. */
export async function counted(source: DataSource, ...tables: string[]): Promise<Record<string, number>> {
  const counts = tables.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
  const [row] = await source.query<Record<string, number>[]>(`SELECT ${counts.join(', ')}`);
  return row ?? {};
}
