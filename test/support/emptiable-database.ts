import type { DataSource } from 'typeorm';
import { ROWS } from '../../src/app.module';
import { connected } from '../../src/platform/database/data-source';
import { openEmbedded } from '../../src/platform/database/embedded';
import { aDatabase, type TestDatabase } from './database';

export type EmptiableDatabase = {
  /** As five processes would have them; on an embedded database, which has one session, one and the same. */
  readonly connections: readonly [DataSource, ...DataSource[]];
  readonly empty: () => Promise<void>;
  readonly drop: () => Promise<void>;
};

/** A database that `empty` leaves without a single table, and five connections to it. */
export async function anEmptiableDatabase(kind: TestDatabase['kind']): Promise<EmptiableDatabase> {
  const { variables, drop } = await aDatabase(kind);
  const { DATABASE_URL: url, DATA_DIR: folder = '' } = variables;
  const embedded = url === undefined ? await openEmbedded(folder, 0) : null;
  const connect = (): Promise<DataSource> => connected(ROWS, embedded ? { extra: embedded.extra } : { url });
  const first = await connect();
  const others = await Promise.all([1, 2, 3, 4].map(() => (embedded ? Promise.resolve(first) : connect())));
  return {
    connections: [first, ...others],
    empty: async () => {
      await first.query('DROP SCHEMA public CASCADE');
      await first.query('CREATE SCHEMA public');
    },
    drop: async () => {
      await Promise.all([...new Set([first, ...others])].map((source) => source.destroy()));
      await embedded?.close();
      await drop();
    },
  };
}
