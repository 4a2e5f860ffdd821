import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { FederatedUsersFacade } from '../../../identity/federated-users.facade';
import type { UserView } from '../../../identity/identity.facade';
import { type AccountOfAddress, type Linking, linkingOf } from '../../domain/linking';
import type { ProvenIdentity } from '../../domain/proven-identity';
import { AttachIdentity } from '../links/attach-identity';
import { LinkedMeanwhile } from '../../domain/errors';
import { LinkedIdentities, type LinkedIdentity } from '../links/linked-identities.port';
import type { Redeemed } from '../providers/identity-provider.port';
import { HoldAccount } from './hold-account';
import { RegisterNewcomer } from './register-newcomer';

export type AccountFound =
  | {
      readonly kind: 'found';
      readonly userId: UserId;
      /** null: it is to be linked once its user is let in. */
      readonly identity: LinkedIdentity | null;
      readonly isNew: boolean;
      /** The tenant that a new account belongs to; null: it is none. */
      readonly newIn: TenantId | null;
      /** Whether nobody had shown before that the mailbox is theirs. */
      readonly firstProof: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: string };

type Candidate = AccountOfAddress & { readonly id: UserId };

const FOUND = { kind: 'found', isNew: false, newIn: null, firstProof: false } as const;

/** Finds the account that an identity opens, or makes it do so. Within the caller's unit of work. */
@Injectable()
export class AccountOfIdentity {
  constructor(
    private readonly identities: LinkedIdentities,
    private readonly holding: HoldAccount,
    private readonly users: FederatedUsersFacade,
    private readonly attaching: AttachIdentity,
    private readonly registering: RegisterNewcomer,
  ) {}

  /**
   * `tenant` is the one to be entered, by id or slug; null: the user's oldest. Throws EmailTaken or LinkedMeanwhile when
   * somebody else was faster, who is seen by whoever begins anew; QuotaExceeded when the tenant that takes the newcomer in is
   * full.
   */
  async execute(provider: string, redeemed: Redeemed, tenant: string | null): Promise<AccountFound> {
    const { identity: proven } = redeemed;
    const known = await this.holding.ofIdentity(proven, tenant);
    if (known) return foundBy(known);
    const { email, emailProven } = proven;
    const held = email === null ? null : await this.holding.ofAddress(email, tenant);
    // Of sign-ins that come at once the first made the account, and this one came between two looks.
    if (held && (await this.identities.find(proven.issuer, proven.subject))) throw new LinkedMeanwhile();
    const account = held && (await this.candidate(held, proven));
    return this.act(linkingOf({ email, emailProven, account }), provider, redeemed);
  }

  private async act(decision: Linking<Candidate>, provider: string, redeemed: Redeemed): Promise<AccountFound> {
    const as = { provider, redeemed };
    switch (decision.kind) {
      case 'refuse':
        return { kind: 'refused', reason: decision.reason };
      case 'register': {
        const { email, emailVerified } = decision;
        const { firstName, lastName } = redeemed.identity;
        const newcomer = { provider, email, firstName, lastName, emailVerified };
        const { userId, tenantId } = await this.registering.execute(newcomer);
        const identity = await this.attaching.execute(userId, as, 'registered');
        return { ...foundBy(identity), isNew: true, newIn: tenantId, firstProof: emailVerified };
      }
      case 'reclaim': {
        const { id } = decision.account;
        if (!(await this.users.reclaim(id, provider))) return { kind: 'refused', reason: 'disabled' };
        return { ...foundBy(await this.attaching.execute(id, as, 'reclaimed')), firstProof: true };
      }
      case 'link':
        return { ...FOUND, userId: decision.account.id, identity: null };
    }
  }

  private async candidate({ id, emailVerified }: UserView, { issuer }: ProvenIdentity): Promise<Candidate> {
    const hasOtherIdentity = (await this.identities.listOf(id)).some((each) => each.issuer === issuer);
    return { id, emailVerified, hasOtherIdentity };
  }
}

function foundBy(identity: LinkedIdentity): Extract<AccountFound, { readonly kind: 'found' }> {
  return { ...FOUND, userId: identity.userId, identity };
}
