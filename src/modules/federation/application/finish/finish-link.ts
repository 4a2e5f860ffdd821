import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { Linker } from '../../domain/transaction';
import { FederationJournal } from '../federation-journal';
import { AttachIdentity } from '../links/attach-identity';
import type { Redeemed } from '../providers/identity-provider.port';
import { type Claim, ClaimIdentity } from './claim-identity';

export type Linked = Exclude<Claim, { readonly kind: 'free' }>;

/** Links an identity to the account of who asked for it, in the session that asked. Joins the caller's unit of work. */
@Injectable()
export class FinishLink {
  constructor(
    private readonly claiming: ClaimIdentity,
    private readonly attaching: AttachIdentity,
    private readonly journal: FederationJournal,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws LinkedMeanwhile when somebody else was faster, who is seen by whoever begins anew. */
  execute(provider: string, redeemed: Redeemed, linker: Linker): Promise<Linked> {
    return this.work.run(async () => {
      const claim = await this.claiming.execute(linker, redeemed.identity);
      if (claim.kind === 'refused') await this.journal.notLinked(provider, linker.userId, claim.reason);
      if (claim.kind !== 'free') return claim;
      const identity = await this.attaching.execute(linker.userId, { provider, redeemed }, 'user');
      return { kind: 'linked', identity };
    });
  }
}
