import type { DataSource } from 'typeorm';

/** Makes a table refuse every write of a kind, as a full disk or a missing privilege would; returns what ends it. */
export async function sabotage(
  source: DataSource,
  table: string,
  operation: 'INSERT' | 'UPDATE' | 'DELETE',
): Promise<() => Promise<void>> {
  await source.query(
    `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'refused by the test' USING ERRCODE = 'insufficient_privilege'; END $$`,
  );
  await source.query(
    `CREATE TRIGGER sabotage BEFORE ${operation} ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION refuse()`,
  );
  return async () => {
    await source.query(`DROP TRIGGER sabotage ON ${table}`);
  };
}
