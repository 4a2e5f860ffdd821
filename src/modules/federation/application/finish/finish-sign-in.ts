import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type Entry, FederatedEntrance, type FederatedWish } from '../../../signin/federated-entrance.facade';
import { FederationJournal } from '../federation-journal';
import { AttachIdentity } from '../links/attach-identity';
import type { Redeemed } from '../providers/identity-provider.port';
import { type AccountFound, AccountOfIdentity } from './account-of-identity';

export type Entered =
  | {
      readonly kind: 'found';
      readonly account: Extract<AccountFound, { readonly kind: 'found' }>;
      readonly entry: Entry;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Leads whoever a provider vouches for into the account that is theirs, on record whatever comes of it: one decision, in one
 * unit of work, which is the caller's.
 */
@Injectable()
export class FinishSignIn {
  constructor(
    private readonly accounts: AccountOfIdentity,
    private readonly attaching: AttachIdentity,
    private readonly entrance: FederatedEntrance,
    private readonly journal: FederationJournal,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws as AccountOfIdentity does. */
  execute(provider: string, redeemed: Redeemed, wish: FederatedWish): Promise<Entered> {
    return this.work.run(async () => {
      const account = await this.accounts.execute(provider, redeemed, wish.tenant);
      if (account.kind === 'refused') {
        await this.journal.refused(provider, account.reason);
        return account;
      }
      const { userId, firstProof, newIn } = account;
      await this.journal.answered(provider, userId, firstProof);
      // Whoever is new belongs to that tenant alone, whichever was asked for.
      const entry = await this.entrance.enter(userId, { ...wish, tenant: newIn ?? wish.tenant });
      if (entry.kind !== 'refused') {
        const identity = account.identity ?? (await this.attaching.execute(userId, { provider, redeemed }, 'address'));
        await this.attaching.noteLogin(identity, redeemed);
      }
      return { kind: 'found', account, entry };
    });
  }
}
