import { DataSource, type DataSourceOptions, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { StoreSettings } from '../config/settings';
import { openEmbedded } from './embedded';
import { ImpatientClient } from './impatient-client';
import { migrationClasses } from './migration-files';

export type Rows = readonly EntityTarget<ObjectLiteral>[];
export type OpenDatabase = { readonly source: DataSource; readonly close: () => Promise<void> };

const ACQUIRE_TIMEOUT_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 5_000;
/** Our own patience, for a server that is frozen keeps no time itself. */
const ANSWER_TIMEOUT_MS = 6_000;
const IDLE_TRANSACTION_TIMEOUT_MS = 10_000;

/**
 * Opens PostgreSQL at `databaseUrl`, or the embedded one in `dataDir`; `rows` are the mapped classes.
 * @param patienceMs how long to wait for another process to let go of the embedded database
 */
export async function openDatabase(store: StoreSettings, rows: Rows, patienceMs: number): Promise<OpenDatabase> {
  const { databaseUrl: url, poolSize } = store;
  if (url !== undefined) {
    const source = await connected(rows, {
      url,
      poolSize,
      connectTimeoutMS: ACQUIRE_TIMEOUT_MS,
      applicationName: 'doorward',
      extra: {
        Client: ImpatientClient,
        statement_timeout: STATEMENT_TIMEOUT_MS,
        query_timeout: ANSWER_TIMEOUT_MS,
        idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
      },
    });
    return { source, close: () => source.destroy() };
  }
  const embedded = await openEmbedded(store.dataDir, patienceMs);
  const source = await connected(rows, { extra: embedded.extra });
  const close = async (): Promise<void> => {
    await source.destroy();
    await embedded.close();
  };
  return { source, close };
}

/** A data source over any PostgreSQL `connection`, with our rows and migrations. */
export function connected(rows: Rows, connection: object): Promise<DataSource> {
  const options: DataSourceOptions = {
    type: 'postgres',
    installExtensions: false,
    synchronize: false,
    logging: false,
    entities: [...rows] as NonNullable<DataSourceOptions['entities']>,
    migrations: migrationClasses(),
    ...connection,
  };
  return new DataSource(options).initialize();
}
