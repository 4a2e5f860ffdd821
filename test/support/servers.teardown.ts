import { rmSync } from 'node:fs';
import type { StartedServers } from './servers.setup';

export default async function teardown(): Promise<void> {
  const { __doorward: started } = globalThis as typeof globalThis & { __doorward?: StartedServers };
  if (!started) return;
  await Promise.all(started.servers.map((server) => server.stop()));
  rmSync(started.embeddedTemplate, { recursive: true, force: true });
}
