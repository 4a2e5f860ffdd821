import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Chores } from '../time/chores';
import { Clock } from '../time/clock';

const EVERY_SECONDS = 15;

/** Keeps this process on the time of the database, which is the one all replicas share. */
@Injectable()
export class DatabaseTime implements OnModuleInit {
  constructor(
    private readonly source: DataSource,
    private readonly clock: Clock,
    private readonly chores: Chores,
  ) {}

  async onModuleInit(): Promise<void> {
    this.chores.add({ name: 'time', everySeconds: EVERY_SECONDS, run: () => this.follow() });
    await this.follow();
  }

  private async follow(): Promise<void> {
    const askedAt = this.clock.elapsedMs();
    const [row] = await this.source.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
    const underway = (this.clock.elapsedMs() - askedAt) / 2;
    if (row) this.clock.follow(new Date(row.now.getTime() + underway));
  }
}
