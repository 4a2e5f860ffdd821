import type { InjectionToken } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { AppModule } from '../../src/app.module';
import { Installation } from '../../src/boot/installation';
import { PasswordHasher } from '../../src/modules/identity/application/passwords/password-hasher.port';
import { BackupCodeHasher } from '../../src/modules/mfa/application/backup-codes/backup-code-hasher.port';
import { readSettings } from '../../src/platform/config/read-settings';
import { Clock } from '../../src/platform/time/clock';
import { aDatabase, type TestDatabase } from './database';
import { PlainBackupCodeHasher } from './plain-backup-code-hasher';
import { TestClock } from './test-clock';

export type TestContext<Time extends Clock = TestClock> = {
  readonly app: TestingModule;
  readonly source: DataSource;
  readonly clock: Time;
  readonly database: TestDatabase;
  /** Leaves a database that was given to it as it is. */
  readonly stop: () => Promise<void>;
};

export type ContextOptions = {
  /** Which kind to make, or one there is. */
  readonly database?: TestDatabase['kind'] | TestDatabase;
  readonly variables?: Readonly<Record<string, string>>;
  /** false: without signing key and built-in roles. */
  readonly prepared?: boolean;
  /** In the place of the one that is slow; backup codes are hashed plainly then, too. */
  readonly hasher?: PasswordHasher;
  /** Providers, and what takes their place. */
  readonly overrides?: readonly (readonly [InjectionToken, unknown])[];
};

/** The whole service in this process without HTTP, its clock in the test's hand: ports and use cases by `app.get`. */
export function aContext(options: ContextOptions = {}): Promise<TestContext> {
  return aContextAt(new TestClock(), options);
}

/** As `aContext`, with a clock of one's own. */
export async function aContextAt<Time extends Clock>(
  clock: Time,
  { database, variables, prepared = true, hasher, overrides = [] }: ContextOptions = {},
): Promise<TestContext<Time>> {
  const own = typeof database === 'object' ? null : await aDatabase(database);
  const used = own ?? (database as TestDatabase);
  const settings = readSettings({ NODE_ENV: 'test', LOG_LEVEL: 'silent', ...used.variables, ...variables });
  const building = Test.createTestingModule({ imports: [AppModule.forRoot(settings, 0)] })
    .overrideProvider(Clock)
    .useValue(clock);
  for (const [provider, value] of overrides) building.overrideProvider(provider).useValue(value);
  if (hasher) {
    building.overrideProvider(PasswordHasher).useValue(hasher);
    building.overrideProvider(BackupCodeHasher).useValue(new PlainBackupCodeHasher());
  }
  const app = await building.compile();
  if (prepared) {
    await app.init();
    await new Installation(app).prepare();
  }
  const stop = async (): Promise<void> => {
    await app.close();
    await own?.drop();
  };
  return { app, source: app.get(DataSource), clock, database: used, stop };
}
