import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { RemoveEndedTrust } from './application/trusted-devices/remove-ended-trust';

const CLEANING_SECONDS = 600;

/** What recurs for trusted devices, and how often. */
@Injectable()
export class TrustedDeviceChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly ended: RemoveEndedTrust,
  ) {}

  onModuleInit(): void {
    const run = (): Promise<number> => this.ended.execute();
    this.chores.add({ name: 'ended-trust', everySeconds: CLEANING_SECONDS, run });
  }
}
