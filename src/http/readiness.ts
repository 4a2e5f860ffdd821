import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { pendingMigrations } from '../platform/database/migrations';
import { type MailCondition, MailHealth } from '../platform/mail/mail-health';
import { RedisConnection } from '../platform/redis/redis';
import { Draining } from './draining';

export type CheckResult = 'up' | 'down' | 'pending' | 'not_configured';
export type Readiness = {
  /** `degraded` serves: only what needs the missing part does not. */
  readonly status: 'ok' | 'degraded' | 'unavailable';
  readonly checks: Readonly<Record<'database' | 'migrations' | 'redis' | 'mail', CheckResult>>;
};

/** Asks what the service stands on. */
@Injectable()
export class ReadinessChecks {
  constructor(
    private readonly source: DataSource,
    private readonly redis: RedisConnection,
    private readonly mail: MailHealth,
    private readonly draining: Draining,
  ) {}

  async run(): Promise<Readiness> {
    const [migrations, redis, mail] = await Promise.all([this.migrations(), this.redis.isAvailable(), this.mails()]);
    const checks = {
      database: migrations === 'down' ? 'down' : 'up',
      migrations,
      redis: redis === null ? 'not_configured' : redis ? 'up' : 'down',
      mail,
    } as const;
    const usable = migrations === 'up' && !this.draining.isDraining;
    const complete = redis !== false && mail !== 'down';
    return { status: usable ? (complete ? 'ok' : 'degraded') : 'unavailable', checks };
  }

  private async migrations(): Promise<'up' | 'pending' | 'down'> {
    try {
      return (await pendingMigrations(this.source)).length === 0 ? 'up' : 'pending';
    } catch {
      return 'down';
    }
  }

  /** Mails wait for a mail server; nobody else does. */
  private async mails(): Promise<'up' | 'down' | 'not_configured'> {
    try {
      return MAIL[await this.mail.condition()];
    } catch {
      return 'down';
    }
  }
}

const MAIL: Readonly<Record<MailCondition, 'up' | 'down' | 'not_configured'>> = {
  fine: 'up',
  late: 'down',
  files: 'not_configured',
};
