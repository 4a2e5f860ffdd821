import { makeThreadsFor } from '../platform/config/process-environment';
import type { Settings } from '../platform/config/settings';
import { startServer } from './server';

const EXIT_LIMIT_MS = 30_000;

/** Serves until the process is told to stop; resolves when it has stopped. */
export async function runServer(settings: Settings): Promise<void> {
  makeThreadsFor(settings.hashing.concurrency);
  // Listened for from the beginning: who is told to stop while starting stops when started.
  const told = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  const server = await startServer(settings, (text) => {
    process.stdout.write(`${text}\n`);
  });
  await told;
  setTimeout(() => process.exit(1), EXIT_LIMIT_MS).unref();
  await server.stop();
}
