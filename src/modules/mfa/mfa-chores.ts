import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { RemoveAbandonedFactors } from './application/removal/remove-abandoned-factors';
import { RemoveEndedCodes } from './application/sent-codes/remove-ended-codes';
import { RemoveEndedTrust } from './application/trusted-devices/remove-ended-trust';

const CLEANING_SECONDS = 600;

/** What recurs for second factors, and how often. */
@Injectable()
export class MfaChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly codes: RemoveEndedCodes,
    private readonly abandoned: RemoveAbandonedFactors,
    private readonly trust: RemoveEndedTrust,
  ) {}

  onModuleInit(): void {
    this.add('ended-factor-codes', () => this.codes.execute());
    this.add('abandoned-factors', () => this.abandoned.execute());
    this.add('ended-trust', () => this.trust.execute());
  }

  private add(name: string, run: () => Promise<number>): void {
    this.chores.add({ name, everySeconds: CLEANING_SECONDS, run });
  }
}
