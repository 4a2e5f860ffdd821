import { setTimeout as wait } from 'node:timers/promises';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import type { TestContext } from './context';

export type Gate = { readonly open: () => void; readonly opened: Promise<void> };

/** A point that one side waits at until the other opens it. */
export function gate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

const PATIENCE_MS = 4_000;
const EVERY_MS = 10;

/** Asks again and again until it is so; throws, naming what, when it does not become so in time. */
export async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await isSo()); waited += EVERY_MS) {
    if (waited >= PATIENCE_MS) throw new Error(`Waited in vain until ${what}`);
    await wait(EVERY_MS);
  }
}

/** Resolves when so many transactions wait: for a lock, or for the one session of an embedded database. */
export function untilWaiting({ source, database }: TestContext, count: number): Promise<void> {
  return eventually(`${count} transactions wait`, async () => {
    if (database.kind === 'embedded') {
      return (source.driver as unknown as { master: { waitingCount: number } }).master.waitingCount >= count;
    }
    const [found] = await source.query<{ waiting: number }[]>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return (found?.waiting ?? 0) >= count;
  });
}

/**
 * Puts two transactions in the one fatal order: `first` has done its work and not yet committed while `second` runs,
 * until that waits for it (`waiting` times, if it is more than one) or is through. Then both come to their end.
 */
export async function interleaved<T>(
  context: TestContext,
  first: (now: Date) => Promise<unknown>,
  second: () => Promise<T>,
  waiting = 1,
): Promise<PromiseSettledResult<T>> {
  const [done, mayCommit] = [gate(), gate()];
  const holding = context.app.get(UnitOfWork).run(async (now) => {
    await first(now);
    done.open();
    await mayCommit.opened;
  });
  await Promise.race([done.opened, holding]);
  const settling = Promise.allSettled([second()]);
  await Promise.race([settling, untilWaiting(context, waiting)]);
  mayCommit.open();
  await holding;
  return (await settling)[0];
}
