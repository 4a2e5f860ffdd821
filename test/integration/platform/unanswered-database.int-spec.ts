import { createServer, connect, type Server, type Socket } from 'node:net';
import { DataSource } from 'typeorm';
import { openDatabase } from '../../../src/platform/database/data-source';
import { isDatabaseAway } from '../../../src/platform/database/failures';
import { aDatabase, DATABASES, type TestDatabase } from '../../support/database';

/** Two seconds for a connection, six for an answer; not six more for the rollback that follows. */
const PATIENCE_MS = 9_000;

// An embedded database is in this very process.
if (DATABASES.includes('postgres')) {
  describe('a database that has stopped answering', () => {
    let database: TestDatabase;
    let proxy: Server;
    let source: DataSource;
    let close: () => Promise<void>;
    let isSilent = false;
    const sockets = new Set<Socket>();

    beforeAll(async () => {
      database = await aDatabase('postgres');
      const target = new URL(database.variables.DATABASE_URL ?? '');
      proxy = createServer((client) => {
        const server = connect(Number(target.port), target.hostname);
        for (const socket of [client, server]) sockets.add(socket.on('error', () => undefined));
        client.pipe(server);
        server.on('data', (bytes) => isSilent || client.write(bytes)).on('close', () => client.destroy());
        client.on('close', () => server.destroy());
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      const { port } = proxy.address() as { port: number };
      const through = new URL(target);
      through.port = String(port);
      const store = { databaseUrl: through.href, dataDir: '', poolSize: 1, redisUrl: undefined, masterKey: undefined };
      ({ source, close } = await openDatabase(store, [], 0));
    });
    afterAll(async () => {
      await close();
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await database.drop();
    });

    it('is given up within nine seconds, its rollback not waited for, and asked again on a new connection', async () => {
      isSilent = true;
      const begunAt = performance.now();
      const refused: unknown = await source
        .transaction((manager) => manager.query('SELECT 1'))
        .catch((error: unknown) => error);
      expect(isDatabaseAway(refused)).toBe(true);
      expect(performance.now() - begunAt).toBeLessThan(PATIENCE_MS);

      isSilent = false;
      expect(await source.transaction((manager) => manager.query('SELECT 1 AS answer'))).toEqual([{ answer: 1 }]);
    });
  });
}
