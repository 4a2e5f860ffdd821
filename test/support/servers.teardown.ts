import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StartedServers } from './servers.setup';

export default async function teardown(): Promise<void> {
  const { __doorward: started } = globalThis as typeof globalThis & { __doorward?: StartedServers };
  if (!started) return;
  await Promise.all(started.servers.map((server) => server.stop()));
  rmSync(started.folder, { recursive: true, force: true });
  // Where the next run, if there is one, makes its own.
  process.env.TMPDIR = dirname(started.folder);
}
