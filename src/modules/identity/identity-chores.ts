import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { Holds } from './application/holds';
import { LockoutAdministration } from './application/lockout/lockout-administration';
import { RemoveEndedSecrets } from './application/mailbox/remove-ended-secrets';

const CLEANING_SECONDS = 600;

/** What recurs for accounts, and how often. */
@Injectable()
export class IdentityChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly lockouts: LockoutAdministration,
    private readonly secrets: RemoveEndedSecrets,
    private readonly holds: Holds,
  ) {}

  onModuleInit(): void {
    this.add('nobodys-lockouts', () => this.lockouts.forgetNobodys());
    this.add('ended-mailed-secrets', () => this.secrets.execute());
    this.add('ended-holds', () => this.holds.endHolds());
  }

  private add(name: string, run: () => Promise<number>): void {
    this.chores.add({ name, everySeconds: CLEANING_SECONDS, run });
  }
}
