import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { pendingMigrations } from '../platform/database/migrations';
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
    private readonly draining: Draining,
  ) {}

  async run(): Promise<Readiness> {
    const [migrations, redis] = await Promise.all([this.migrations(), this.redis.isAvailable()]);
    const checks = {
      database: migrations === 'down' ? 'down' : 'up',
      migrations,
      redis: redis === null ? 'not_configured' : redis ? 'up' : 'down',
      mail: 'not_configured',
    } as const;
    const usable = migrations === 'up' && !this.draining.isDraining;
    return { status: usable ? (redis === false ? 'degraded' : 'ok') : 'unavailable', checks };
  }

  private async migrations(): Promise<'up' | 'pending' | 'down'> {
    try {
      return (await pendingMigrations(this.source)).length === 0 ? 'up' : 'pending';
    } catch {
      return 'down';
    }
  }
}
