import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { FederatedUsersFacade } from '../../../identity/federated-users.facade';
import { IdentityFacade, type UserView } from '../../../identity/identity.facade';
import { linkingOf } from '../../domain/linking';
import type { ProvenIdentity } from '../../domain/proven-identity';
import { AttachIdentity } from '../links/attach-identity';
import { LinkedIdentities, type LinkedIdentity } from '../links/linked-identities.port';
import type { Redeemed } from '../providers/identity-provider.port';
import { RegisterNewcomer } from './register-newcomer';

export type AccountFound =
  | {
      readonly kind: 'found';
      readonly identity: LinkedIdentity;
      readonly isNew: boolean;
      /** Whether nobody had shown before that the mailbox is theirs. */
      readonly firstProof: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: string };

const FOUND = { kind: 'found', isNew: false, firstProof: false } as const;

/** Finds the account that an identity opens, or makes it do so. Within the caller's unit of work. */
@Injectable()
export class AccountOfIdentity {
  constructor(
    private readonly identities: LinkedIdentities,
    private readonly identity: IdentityFacade,
    private readonly users: FederatedUsersFacade,
    private readonly attaching: AttachIdentity,
    private readonly registering: RegisterNewcomer,
  ) {}

  /**
   * Throws EmailTaken or LinkedMeanwhile when somebody else was faster, who is seen by whoever begins anew; QuotaExceeded when
   * the tenant that takes the newcomer in is full.
   */
  async execute(provider: string, redeemed: Redeemed): Promise<AccountFound> {
    const { identity: proven } = redeemed;
    const known = await this.identities.take(proven.issuer, proven.subject);
    if (known) return { ...FOUND, identity: known };
    const account = proven.email === null ? null : await this.heldAccount(proven.email);
    const decision = linkingOf({
      known: false,
      hasAddress: proven.email !== null,
      addressProven: proven.emailProven,
      account: account && {
        emailVerified: account.emailVerified,
        hasOtherIdentity: await this.hasOther(account.id, proven),
      },
    });
    const as = { provider, redeemed };
    switch (decision.kind) {
      case 'refuse':
        return { kind: 'refused', reason: decision.reason };
      case 'register': {
        const user = await this.register(provider, proven, decision.emailVerified);
        const identity = await this.attaching.execute(user, as, 'registered');
        return { kind: 'found', identity, isNew: true, firstProof: decision.emailVerified };
      }
      case 'reclaim':
        if (!account || !(await this.users.reclaim(account.id, provider))) return refusedAs('disabled');
        return { ...FOUND, identity: await this.attaching.execute(account.id, as, 'reclaimed'), firstProof: true };
      case 'link':
      case 'enter':
        if (!account) return refusedAs('address_missing');
        return { ...FOUND, identity: await this.attaching.execute(account.id, as, 'address') };
    }
  }

  /** As it stays until the unit of work ends; null: none has the address. */
  private async heldAccount(email: string): Promise<UserView | null> {
    const found = await this.identity.users.findByReference(email);
    if (!found) return null;
    await this.users.hasPassword(found.id);
    const held = await this.identity.users.find(found.id);
    return held?.email.toLowerCase() === email.toLowerCase() ? held : null;
  }

  private async hasOther(user: UserId, { issuer }: ProvenIdentity): Promise<boolean> {
    return (await this.identities.listOf(user)).some((each) => each.issuer === issuer);
  }

  private register(
    provider: string,
    { email, firstName, lastName }: ProvenIdentity,
    emailVerified: boolean,
  ): Promise<UserId> {
    return this.registering.execute({ provider, email: email ?? '', firstName, lastName, emailVerified });
  }
}

const refusedAs = (reason: string): AccountFound => ({ kind: 'refused', reason });
