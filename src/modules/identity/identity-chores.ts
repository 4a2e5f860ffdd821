import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { LockoutAdministration } from './application/lockout/lockout-administration';

const CLEANING_SECONDS = 600;

/** What recurs for accounts, and how often. */
@Injectable()
export class IdentityChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly lockouts: LockoutAdministration,
  ) {}

  onModuleInit(): void {
    const run = (): Promise<number> => this.lockouts.forgetNobodys();
    this.chores.add({ name: 'nobodys-lockouts', everySeconds: CLEANING_SECONDS, run });
  }
}
