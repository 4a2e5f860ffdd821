import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { FollowHead } from './application/seals/follow-head';
import { SealAuditLog } from './application/seals/seal-audit-log';

const SEALING_SECONDS = 1;

/** What happened is sealed a moment later, and what the last requests of a process did when it ends. */
@Injectable()
export class SealChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly sealing: SealAuditLog,
    private readonly head: FollowHead,
  ) {}

  onModuleInit(): void {
    const run = async (): Promise<void> => {
      await this.sealing.execute();
      await this.head.execute();
    };
    this.chores.add({ name: 'audit-seal', everySeconds: SEALING_SECONDS, run, alsoLast: true });
  }
}
