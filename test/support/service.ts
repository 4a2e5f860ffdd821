import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApplication } from '../../src/boot/http-application';
import { Installation } from '../../src/boot/installation';
import { readSettings } from '../../src/platform/config/settings';
import { aDatabase, type TestDatabase } from './database';
import { Client } from './client';

export type TestService = {
  readonly app: NestFastifyApplication;
  readonly client: Client;
  readonly url: string;
  readonly database: TestDatabase;
  readonly stop: () => Promise<void>;
};

export type ServiceOptions = {
  readonly database?: TestDatabase['kind'];
  /** Settings beside those of a test: `NODE_ENV=test`, no logs, a free port. */
  readonly variables?: Readonly<Record<string, string>>;
};

/** The whole service in this process, over HTTP on a free port, on a database of its own. */
export async function aService({ database: kind, variables = {} }: ServiceOptions = {}): Promise<TestService> {
  const database = await aDatabase(kind);
  const settings = readSettings({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: '0',
    PUBLIC_URL: 'http://localhost:3000',
    ...database.variables,
    ...variables,
  });
  const app = await createHttpApplication(settings, 0);
  await new Installation(app).prepare();
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const stop = async (): Promise<void> => {
    app.getHttpServer().closeAllConnections();
    await app.close();
    await database.drop();
  };
  return { app, client: new Client(url), url, database, stop };
}
