import type { DataSource, QueryRunner } from 'typeorm';
import { type RowScope, settingsOf } from './row-scope';

/** TypeORM begins transactions in a message of their own; what it must know of one that we begin is this. */
type Begun = { isTransactionActive: boolean };

/**
 * Does the work in a transaction that works as the role of the service and sees the rows of `scope`: said in the message
 * that begins it, so that it costs no time and nothing runs before. Commits, or rolls back and throws what went wrong.
 */
export async function inTransaction<T>(
  source: DataSource,
  scope: RowScope,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = source.createQueryRunner();
  const begun: Begun = runner;
  try {
    await runner.query(`START TRANSACTION; ${settingsOf(scope)}`);
    begun.isTransactionActive = true;
    const result = await work(runner);
    await runner.query('COMMIT');
    return result;
  } catch (error) {
    await rolledBack(runner);
    throw error;
  } finally {
    begun.isTransactionActive = false;
    await runner.release();
  }
}

/** What went wrong before is what counts. A connection that cannot even roll back is broken, and the pool throws it away. */
async function rolledBack(runner: QueryRunner): Promise<void> {
  try {
    await runner.query('ROLLBACK');
  } catch {
    // The error that broke it is already on its way to the caller.
  }
}
