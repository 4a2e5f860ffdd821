import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { Clock } from '../../time/clock';

/** All addresses of a name. */
export type Resolver = (name: string) => Promise<readonly LookupAddress[]>;

export const systemResolver: Resolver = (name) => lookup(name, { all: true });

const FAILURE_KEPT_MS = 3_000;

/**
 * One lookup of a name at a time, whose answer is for all who wait for it, and for nobody after them: each request looks anew.
 * A failure is kept for three seconds. The system looks names up in the few threads there are, for files and password hashes
 * too: a name server that does not answer may have one of them for each name, and no more.
 */
export function sharedLookups(clock: Pick<Clock, 'elapsedMs'>, resolve: Resolver = systemResolver): Resolver {
  const running = new Map<string, Promise<readonly LookupAddress[]>>();
  const failures = new Map<string, { readonly error: unknown; readonly endsAtMs: number }>();

  async function lookUp(name: string): Promise<readonly LookupAddress[]> {
    try {
      return await resolve(name);
    } catch (error) {
      const nowMs = clock.elapsedMs();
      for (const [other, { endsAtMs }] of failures) if (endsAtMs <= nowMs) failures.delete(other);
      failures.set(name, { error, endsAtMs: nowMs + FAILURE_KEPT_MS });
      throw error;
    } finally {
      running.delete(name);
    }
  }

  return async (name) => {
    const failure = failures.get(name);
    if (failure && clock.elapsedMs() < failure.endsAtMs) throw failure.error;
    const shared = running.get(name) ?? lookUp(name);
    running.set(name, shared);
    return shared;
  };
}
