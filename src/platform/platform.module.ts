import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Background } from './concurrency/background';
import {
  AuditSettings,
  FederationSettings,
  HashingSettings,
  LimitSettings,
  LockoutSettings,
  TenantSettings,
  MailSettings,
  MfaSettings,
  OutboundSettings,
  SmsSettings,
  ProcessSettings,
  RiskSettings,
  Settings,
  SignInSettings,
  StoreSettings,
  TokenSettings,
  UsageSettings,
} from './config/settings';
import { MasterKey } from './crypto/master-key';
import { masterKeyOf } from './crypto/master-key-file';
import { OneTimeSecrets } from './crypto/one-time-secrets';
import { Random, SystemRandom } from './crypto/random';
import { SecretBox } from './crypto/secret-box';
import { type OpenDatabase, openDatabase, type Rows } from './database/data-source';
import { Database } from './database/database';
import { DatabaseTime } from './database/database-time';
import { RowScopes } from './database/row-scope';
import { UnitOfWork } from './database/unit-of-work';
import { AmbientEventLog } from './events/ambient-event-log';
import { EventLog } from './events/event-log';
import { EventSubscriptions } from './events/event-subscriptions';
import { DeviceCookie } from './http/device-cookie';
import { PageProblems } from './http/page-problems.filter';
import { Pages } from './http/pages';
import { RefreshCookie } from './http/refresh-cookie';
import { RequestContext } from './http/request-context';
import { MemoryTokenBuckets } from './limits/memory-token-buckets';
import { RedisTokenBuckets } from './limits/redis-token-buckets';
import { SendAllowance } from './limits/send-allowance';
import { TenantMessages } from './limits/tenant-messages';
import { TokenBuckets } from './limits/token-buckets';
import { Log } from './logging/log';
import { AddressReputation } from './network/address-list-file';
import { GuardedOutboundClient } from './network/outbound/guarded-outbound-client';
import { OutboundClient } from './network/outbound/outbound-client';
import { sharedLookups } from './network/outbound/shared-lookups';
import { PersonalData } from './privacy/personal-data';
import { RedisConnection } from './redis/redis';
import { Chores } from './time/chores';
import { Clock, SystemClock } from './time/clock';

export type PlatformOptions = {
  readonly settings: Settings;
  readonly rows: Rows;
  /** How long to wait for another process to let go of the embedded database. */
  readonly patienceMs: number;
};

/** An open database, closed with the application, when the last of what it is to keep is written. */
class DatabaseConnection implements OnApplicationShutdown {
  constructor(
    readonly database: OpenDatabase,
    private readonly chores: Chores,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.chores.runLast();
    await this.database.close();
  }
}

/** The technical abilities every module stands on. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot({ settings, rows, patienceMs }: PlatformOptions): DynamicModule {
    const settingsTokens = [
      { provide: Settings, useValue: settings },
      { provide: ProcessSettings, useValue: settings.process },
      { provide: StoreSettings, useValue: settings.store },
      { provide: TokenSettings, useValue: settings.tokens },
      { provide: SignInSettings, useValue: settings.signIn },
      { provide: MailSettings, useValue: settings.mail },
      { provide: MfaSettings, useValue: settings.mfa },
      { provide: SmsSettings, useValue: settings.sms },
      { provide: TenantSettings, useValue: settings.tenants },
      { provide: LockoutSettings, useValue: settings.lockout },
      { provide: HashingSettings, useValue: settings.hashing },
      { provide: RiskSettings, useValue: settings.risk },
      { provide: LimitSettings, useValue: settings.limits },
      { provide: UsageSettings, useValue: settings.usage },
      { provide: AuditSettings, useValue: settings.audit },
      { provide: FederationSettings, useValue: settings.federation },
      { provide: OutboundSettings, useValue: settings.outbound },
    ];
    const abilities = [
      { provide: Log, useValue: new Log(settings.process.logLevel) },
      { provide: Clock, useClass: SystemClock },
      Background,
      Chores,
      AddressReputation,
      {
        provide: OutboundClient,
        useFactory: (clock: Clock) =>
          new GuardedOutboundClient(settings.outbound, settings.process, sharedLookups(clock)),
        inject: [Clock],
      },
      { provide: Random, useClass: SystemRandom },
      {
        provide: MasterKey,
        inject: [Random],
        useFactory: (random: Random): MasterKey => masterKeyOf(settings.store, random),
      },
      {
        provide: SecretBox,
        inject: [MasterKey, Random],
        useFactory: (master: MasterKey, random: Random): SecretBox => new SecretBox(master, random),
      },
      {
        provide: DatabaseConnection,
        inject: [Chores],
        useFactory: async (chores: Chores): Promise<DatabaseConnection> =>
          new DatabaseConnection(await openDatabase(settings.store, rows, patienceMs), chores),
      },
      {
        provide: DataSource,
        inject: [DatabaseConnection],
        useFactory: ({ database }: DatabaseConnection): DataSource => database.source,
      },
      Database,
      RowScopes,
      DatabaseTime,
      { provide: UnitOfWork, useExisting: Database },
      RequestContext,
      EventSubscriptions,
      { provide: EventLog, useClass: AmbientEventLog },
      OneTimeSecrets,
      PageProblems,
      Pages,
      PersonalData,
      RefreshCookie,
      DeviceCookie,
      RedisConnection,
      {
        provide: TokenBuckets,
        inject: [RedisConnection, Clock, Log],
        useFactory: (redis: RedisConnection, clock: Clock, log: Log): TokenBuckets =>
          settings.store.redisUrl === undefined
            ? new MemoryTokenBuckets(clock)
            : new RedisTokenBuckets(redis, clock, log),
      },
      SendAllowance,
      TenantMessages,
    ];
    const providers = [...settingsTokens, ...abilities];
    const exported = providers.map((provider) => (typeof provider === 'function' ? provider : provider.provide));
    return { module: PlatformModule, providers, exports: exported };
  }
}
