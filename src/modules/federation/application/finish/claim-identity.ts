import { Injectable } from '@nestjs/common';
import { FederatedUsersFacade } from '../../../identity/federated-users.facade';
import { TokensFacade } from '../../../tokens/tokens.facade';
import type { ProvenIdentity } from '../../domain/proven-identity';
import type { Linker } from '../../domain/transaction';
import { LinkedIdentities, type LinkedIdentity } from '../links/linked-identities.port';

export type Claim =
  | { readonly kind: 'free' }
  /** It opens the account already. */
  | { readonly kind: 'linked'; readonly identity: LinkedIdentity }
  | { readonly kind: 'refused'; readonly reason: 'session_over' | 'identity_taken' | 'issuer_taken' };

/** Whether an identity may be linked to the account of who asks for it. Within the caller's unit of work. */
@Injectable()
export class ClaimIdentity {
  constructor(
    private readonly identities: LinkedIdentities,
    private readonly users: FederatedUsersFacade,
    private readonly tokens: TokensFacade,
  ) {}

  /** Holds the account, and then the identity. */
  async execute(linker: Linker, { issuer, subject }: ProvenIdentity): Promise<Claim> {
    const { userId } = linker;
    // Whoever ends all sessions of a user holds the user: only now it is sure that the one that asked goes on.
    await this.users.hold(userId);
    const known = await this.identities.take(issuer, subject);
    if (!(await this.tokens.isInForce(linker))) return refused('session_over');
    // Once more is no harm, and changes nothing.
    if (known) return known.userId === userId ? { kind: 'linked', identity: known } : refused('identity_taken');
    const others = await this.identities.listOf(userId);
    return others.some((other) => other.issuer === issuer) ? refused('issuer_taken') : { kind: 'free' };
  }
}

const refused = (reason: Extract<Claim, { readonly kind: 'refused' }>['reason']): Claim => ({
  kind: 'refused',
  reason,
});
