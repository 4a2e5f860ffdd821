import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { RemoveEndedTransactions } from './application/transactions/remove-ended-transactions';

const TRANSACTIONS_SECONDS = 60;

/** What recurs for sign-ins at identity providers, and how often. */
@Injectable()
export class FederationChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly endedTransactions: RemoveEndedTransactions,
  ) {}

  onModuleInit(): void {
    const { chores, endedTransactions } = this;
    chores.add({
      name: 'ended-oauth-transactions',
      everySeconds: TRANSACTIONS_SECONDS,
      run: () => endedTransactions.execute(),
    });
  }
}
