import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { createHttpApplication } from '../../src/boot/http-application';
import { Installation } from '../../src/boot/installation';
import { CONNECTION_LIMITS, type ConnectionLimits } from '../../src/http/connections';
import { PasswordHasher } from '../../src/modules/identity/application/passwords/password-hasher.port';
import { readSettings } from '../../src/platform/config/read-settings';
import { Clock } from '../../src/platform/time/clock';
import { Client } from './client';
import { aDatabase, type TestDatabase } from './database';
import { hashOnce } from './hashes-once';
import { AdvancingClock } from './test-clock';

export type TestService = {
  readonly app: NestFastifyApplication;
  readonly client: Client;
  readonly url: string;
  readonly database: TestDatabase;
  /** The real time, unless the test goes ahead of it. */
  readonly clock: AdvancingClock;
  readonly source: DataSource;
  /** Leaves a database that was given to it as it is. */
  readonly stop: () => Promise<void>;
};

export type ServiceOptions = {
  /** Which kind to make, or one there is. */
  readonly database?: TestDatabase['kind'] | TestDatabase;
  /** Settings beside those of a test: `NODE_ENV=test`, no logs, no rate limits, a free port. */
  readonly variables?: Readonly<Record<string, string>>;
  /** true: passwords that were hashed or compared already are not again. */
  readonly hashesOnce?: boolean;
  /** How much time clients may take, where it is not what it is everywhere. */
  readonly connections?: Partial<ConnectionLimits>;
};

/** The whole service in this process, over HTTP on a free port, on a database of its own. */
export async function aService({
  database: given,
  variables = {},
  connections,
  hashesOnce = false,
}: ServiceOptions = {}): Promise<TestService> {
  const own = typeof given === 'object' ? null : await aDatabase(given);
  const database = own ?? (given as TestDatabase);
  const settings = readSettings({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: '0',
    PUBLIC_URL: 'http://localhost:3000',
    RATE_LIMITS: 'off',
    ...database.variables,
    ...variables,
  });
  const app = await createHttpApplication(settings, 0, { ...CONNECTION_LIMITS, ...connections });
  const clock = new AdvancingClock();
  // Everything holds the one clock there is, so it is that one that has to go ahead.
  Object.assign(app.get(Clock), { now: () => clock.now(), elapsedMs: () => clock.elapsedMs() });
  if (hashesOnce) hashOnce(app.get(PasswordHasher));
  const installation = new Installation(app);
  await installation.prepare();
  await installation.followSettings();
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const stop = async (): Promise<void> => {
    app.getHttpServer().closeAllConnections();
    await app.close();
    await own?.drop();
  };
  return { app, client: new Client(url), url, database, clock, source: app.get(DataSource), stop };
}
