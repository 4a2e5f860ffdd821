import type { INestApplicationContext } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { type AuditEventView, type AuditFilter, AuditQueries } from '../../src/modules/audit/application/audit-queries';

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

/** The same as it is shown, newest first: with the addresses and agents that are stored in boxes. */
export async function shown(app: INestApplicationContext, filter: AuditFilter): Promise<readonly AuditEventView[]> {
  return (await app.get(AuditQueries).page({ kind: 'everybody' }, filter, { limit: 1000, before: null })).items;
}

/** How many rows each table has. */
export async function counted(source: DataSource, ...tables: string[]): Promise<Record<string, number>> {
  const counts = tables.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
  const [row] = await source.query<Record<string, number>[]>(`SELECT ${counts.join(', ')}`);
  return row ?? {};
}
