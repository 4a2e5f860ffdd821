import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { StoreSettings } from '../config/settings';

const TIMEOUT_MS = 250;

/** The Redis of REDIS_URL, if there is one. Every command has a timeout and fails at once while it is away. */
@Injectable()
export class RedisConnection implements OnApplicationShutdown {
  private readonly client: Redis | null;

  constructor({ redisUrl }: StoreSettings) {
    this.client = redisUrl === undefined ? null : connect(redisUrl);
  }

  /** null when none is configured. */
  async isAvailable(): Promise<boolean | null> {
    if (!this.client) return null;
    try {
      await this.client.ping();
      return true;
    } catch {
      return false;
    }
  }

  onApplicationShutdown(): void {
    this.client?.disconnect();
  }
}

function connect(url: string): Redis {
  const client = new Redis(url, {
    connectTimeout: TIMEOUT_MS * 4,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
  });
  // Without a listener a lost connection would end the process; readiness reports it instead.
  client.on('error', () => undefined);
  return client;
}
