import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { FederatedUsersFacade } from '../../../identity/federated-users.facade';
import { IdentityFacade, type UserView } from '../../../identity/identity.facade';
import { TenancyFacade } from '../../../tenancy/tenancy.facade';
import { LinkedMeanwhile } from '../../domain/errors';
import type { ProvenIdentity } from '../../domain/proven-identity';
import { LinkedIdentities, type LinkedIdentity } from '../links/linked-identities.port';

/**
 * Holds the account that a sign-in elsewhere is about to open, as everybody holds one (ADR 25): the membership the gate is going
 * to look at, the user, and then the identity. `tenant` is what the gate is asked for. Within the caller's unit of work.
 */
@Injectable()
export class HoldAccount {
  constructor(
    private readonly identities: LinkedIdentities,
    private readonly identity: IdentityFacade,
    private readonly users: FederatedUsersFacade,
    private readonly tenancy: TenancyFacade,
  ) {}

  /** The identity, held behind its user; null: it opens no account. Throws LinkedMeanwhile: it no longer opens that one. */
  async ofIdentity({ issuer, subject }: ProvenIdentity, tenant: string | null): Promise<LinkedIdentity | null> {
    const found = await this.identities.find(issuer, subject);
    if (!found) return null;
    await this.tenancy.membershipOf(found.userId, tenant);
    await this.users.hold(found.userId);
    return this.stillOf(found.userId, await this.identities.take(issuer, subject));
  }

  /** The account that has the address; null: none has it. Throws LinkedMeanwhile: another one took it over. */
  async ofAddress(email: string, tenant: string | null): Promise<UserView | null> {
    const found = await this.identity.users.findByReference(email);
    if (!found) return null;
    await this.tenancy.membershipOf(found.id, tenant);
    const held = await this.users.holdByAddress(email);
    if (held && held.id !== found.id) throw new LinkedMeanwhile();
    return held;
  }

  private stillOf(user: UserId, identity: LinkedIdentity | null): LinkedIdentity {
    if (identity?.userId !== user) throw new LinkedMeanwhile();
    return identity;
  }
}
