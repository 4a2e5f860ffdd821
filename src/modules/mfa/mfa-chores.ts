import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { RemoveAbandonedFactors } from './application/removal/remove-abandoned-factors';

const CLEANING_SECONDS = 600;

/** What recurs for second factors, and how often. */
@Injectable()
export class MfaChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly abandoned: RemoveAbandonedFactors,
  ) {}

  onModuleInit(): void {
    this.add('abandoned-factors', () => this.abandoned.execute());
  }

  private add(name: string, run: () => Promise<number>): void {
    this.chores.add({ name, everySeconds: CLEANING_SECONDS, run });
  }
}
