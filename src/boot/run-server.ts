import type { Settings } from '../platform/config/settings';
import { startServer } from './server';

const EXIT_LIMIT_MS = 30_000;

/** Serves until the process is told to stop; resolves when it has stopped. */
export async function runServer(settings: Settings): Promise<void> {
  const server = await startServer(settings, (text) => {
    process.stdout.write(`${text}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      setTimeout(() => process.exit(1), EXIT_LIMIT_MS).unref();
      server.stop().then(resolve, reject);
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  });
}
