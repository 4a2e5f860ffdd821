import { Injectable } from '@nestjs/common';
import { FederationSettings } from '../../../../platform/config/settings';
import { sha256 } from '../../../../platform/crypto/sha256';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type Bearer, receptionOf, type Transaction } from '../../domain/transaction';
import { FederationJournal } from '../federation-journal';
import { OauthTransactions } from './oauth-transactions.port';

export type Received =
  | { readonly kind: 'received'; readonly transaction: Transaction }
  | { readonly kind: 'handed_over'; readonly redirectUri: string }
  | { readonly kind: 'refused' };

/** Says which sign-in an answer is of, and takes it, so that there is no second answer to it. On record where there is none. */
@Injectable()
export class ReceiveAnswer {
  constructor(
    private readonly transactions: OauthTransactions,
    private readonly journal: FederationJournal,
    private readonly work: UnitOfWork,
    private readonly settings: FederationSettings,
  ) {}

  /** Whether the browser that brought an answer waits for another one, in another tab. */
  isAwaited({ browserHash }: Bearer): Promise<boolean> {
    return this.work.run(async (now) => browserHash !== null && this.transactions.waitFor(browserHash, now));
  }

  execute(provider: string, state: string, bearer: Bearer): Promise<Received> {
    const stateHash = sha256(state);
    return this.work.run(async (now): Promise<Received> => {
      const rule = { now, targets: this.settings.redirectTargets };
      const found = await this.transactions.find(stateHash, provider);
      const seen = found && receptionOf(found, bearer, rule);
      // It is only passed on: the application brings the answer, and takes it then.
      if (seen?.kind === 'handed_over') return seen;
      const transaction = await this.transactions.take(stateHash, provider);
      const reception = transaction && receptionOf(transaction, bearer, rule);
      if (reception?.kind === 'received' && transaction) return { kind: 'received', transaction };
      await this.journal.refused(provider, reception?.kind === 'refused' ? reception.reason : 'state_unknown');
      return { kind: 'refused' };
    });
  }
}
