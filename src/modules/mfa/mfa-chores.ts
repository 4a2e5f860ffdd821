import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { RemoveEndedCodes } from './application/sent-codes/remove-ended-codes';

const CLEANING_SECONDS = 600;

/** What recurs for second factors, and how often. */
@Injectable()
export class MfaChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly codes: RemoveEndedCodes,
  ) {}

  onModuleInit(): void {
    this.add('ended-factor-codes', () => this.codes.execute());
  }

  private add(name: string, run: () => Promise<number>): void {
    this.chores.add({ name, everySeconds: CLEANING_SECONDS, run });
  }
}
