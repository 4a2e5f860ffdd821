import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { TokensFacade } from '../../../tokens/tokens.facade';
import type { Linker } from '../../domain/transaction';
import { FederationJournal } from '../federation-journal';
import { AttachIdentity } from '../links/attach-identity';
import { LinkedIdentities, type LinkedIdentity } from '../links/linked-identities.port';
import type { Redeemed } from '../providers/identity-provider.port';

export type Linked =
  | { readonly kind: 'linked'; readonly identity: LinkedIdentity }
  | { readonly kind: 'refused'; readonly reason: 'session_over' | 'identity_taken' | 'issuer_taken' };

/** Links an identity to the account of who asked for it, in the session that asked. Joins the caller's unit of work. */
@Injectable()
export class FinishLink {
  constructor(
    private readonly identities: LinkedIdentities,
    private readonly attaching: AttachIdentity,
    private readonly tokens: TokensFacade,
    private readonly journal: FederationJournal,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws LinkedMeanwhile when somebody else was faster, who is seen by whoever begins anew. */
  execute(provider: string, redeemed: Redeemed, linker: Linker): Promise<Linked> {
    return this.work.run(async () => {
      const linked = await this.decide(provider, redeemed, linker);
      if (linked.kind === 'refused') await this.journal.notLinked(provider, linker.userId, linked.reason);
      return linked;
    });
  }

  private async decide(provider: string, redeemed: Redeemed, linker: Linker): Promise<Linked> {
    const { issuer, subject } = redeemed.identity;
    const { userId } = linker;
    if (!(await this.tokens.isInForce(linker))) return refused('session_over');
    const known = await this.identities.take(issuer, subject);
    // Once more is no harm, and changes nothing.
    if (known) return known.userId === userId ? { kind: 'linked', identity: known } : refused('identity_taken');
    const others = await this.identities.listOf(userId);
    if (others.some((other) => other.issuer === issuer)) return refused('issuer_taken');
    return { kind: 'linked', identity: await this.attaching.execute(userId, { provider, redeemed }, 'user') };
  }
}

const refused = (reason: Extract<Linked, { readonly kind: 'refused' }>['reason']): Linked => ({
  kind: 'refused',
  reason,
});
