import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../../platform/time/chores';
import { DropProviderTokens } from './application/links/drop-provider-tokens';
import { RemoveEndedTransactions } from './application/transactions/remove-ended-transactions';

const TRANSACTIONS_SECONDS = 60;
const TOKENS_SECONDS = 3600;

/** What recurs for sign-ins at identity providers, and how often. */
@Injectable()
export class FederationChores implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly endedTransactions: RemoveEndedTransactions,
    private readonly providerTokens: DropProviderTokens,
  ) {}

  onModuleInit(): void {
    const { chores, endedTransactions, providerTokens } = this;
    chores.add({
      name: 'ended-oauth-transactions',
      everySeconds: TRANSACTIONS_SECONDS,
      run: () => endedTransactions.execute(),
    });
    chores.add({
      name: 'provider-tokens',
      everySeconds: TOKENS_SECONDS,
      run: () => providerTokens.execute(),
      atOnce: true,
    });
  }
}
