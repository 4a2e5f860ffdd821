import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { Chores } from '../../platform/time/chores';
import { FollowHead } from './application/seals/follow-head';
import { SealAuditLog } from './application/seals/seal-audit-log';

const SEALING_SECONDS = 1;

/** What happened is sealed a moment later; and at the end of a process, a command too, what it did last. */
@Injectable()
export class SealChores implements OnModuleInit {
  private hasRecorded = false;

  constructor(
    private readonly chores: Chores,
    private readonly subscriptions: EventSubscriptions,
    private readonly sealing: SealAuditLog,
    private readonly head: FollowHead,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe('*', () => {
      this.hasRecorded = true;
      return Promise.resolve();
    });
    const alsoLast = (): boolean => this.hasRecorded;
    this.chores.add({ name: 'audit-seal', everySeconds: SEALING_SECONDS, run: () => this.seal(), alsoLast });
  }

  private async seal(): Promise<void> {
    this.hasRecorded = false;
    await this.sealing.execute();
    await this.head.execute();
  }
}
