import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../../kernel/domain-error';
import { EmailTaken } from '../../../identity/identity.facade';
import { MailboxFacade } from '../../../identity/mailbox.facade';
import { FederatedEntrance, type SignInResult } from '../../../signin/federated-entrance.facade';
import type { ClientTraits } from '../../../tokens/tokens.facade';
import { FederatedSignInRefused, IdentityNotFree, LinkedMeanwhile, OauthStateInvalid } from '../../domain/errors';
import type { Linker, Transaction } from '../../domain/transaction';
import { FederationJournal } from '../federation-journal';
import type { LinkedIdentity } from '../links/linked-identities.port';
import type { Redeemed } from '../providers/identity-provider.port';
import { FinishLink } from './finish-link';
import { type Entered, FinishSignIn } from './finish-sign-in';

export type Acted =
  | { readonly kind: 'signed_in'; readonly result: SignInResult }
  | { readonly kind: 'linked'; readonly identity: LinkedIdentity }
  | { readonly kind: 'refused'; readonly error: DomainError };

type Traits = { readonly client: ClientTraits; readonly deviceToken: string | null };

/** Acts on what a provider said of somebody: signs them in, or links the identity. Not within a unit of work. */
@Injectable()
export class ActOnAnswer {
  constructor(
    private readonly signIn: FinishSignIn,
    private readonly linking: FinishLink,
    private readonly entrance: FederatedEntrance,
    private readonly mailboxes: MailboxFacade,
    private readonly journal: FederationJournal,
  ) {}

  async execute(transaction: Transaction, redeemed: Redeemed, traits: Traits): Promise<Acted> {
    const { provider, link } = transaction;
    try {
      if (link) return await this.link(provider, redeemed, link);
      return await this.enter(transaction, redeemed, traits);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // Nothing was done, and that is all there is to record.
      const reason = error.code.toLowerCase();
      await (link ? this.journal.notLinked(provider, link.userId, reason) : this.journal.refused(provider, reason));
      return { kind: 'refused', error };
    }
  }

  private async link(provider: string, redeemed: Redeemed, linker: Linker): Promise<Acted> {
    const linked = await onceMore(() => this.linking.execute(provider, redeemed, linker));
    if (linked.kind === 'linked') return linked;
    const error = linked.reason === 'session_over' ? new OauthStateInvalid() : new IdentityNotFree();
    return { kind: 'refused', error };
  }

  private async enter(transaction: Transaction, redeemed: Redeemed, { client, deviceToken }: Traits): Promise<Acted> {
    const { provider, tenant, secrets } = transaction;
    const wish = { tenant, client, deviceToken: deviceToken ?? secrets.deviceToken };
    const entered = await onceMore(() => this.signIn.execute(provider, redeemed, wish));
    if (entered.kind === 'refused') return this.refuse(entered.reason, redeemed, client);
    const { account, entry } = entered;
    if (entry.kind !== 'refused') return { kind: 'signed_in', result: await this.entrance.welcome(entry) };
    // A new account was mailed just now.
    if (!account.isNew) this.entrance.showTheWay(account.identity.userId, entry);
    return { kind: 'refused', error: new FederatedSignInRefused() };
  }

  /** As a registration with an address that is taken: where addresses are verified, the answer does not tell that it is. */
  private async refuse(
    reason: Extract<Entered, { readonly kind: 'refused' }>['reason'],
    { identity: { email } }: Redeemed,
    { ipAddress }: ClientTraits,
  ): Promise<Acted> {
    if (reason !== 'address_taken') return { kind: 'refused', error: new FederatedSignInRefused() };
    if (!this.mailboxes.isProofRequired) return { kind: 'refused', error: new EmailTaken() };
    await this.mailboxes.tellOwnerOf(email ?? '', ipAddress);
    return { kind: 'refused', error: new FederatedSignInRefused() };
  }
}

/** Whoever was not the first to make an account, or a link, finds it there at the second look. */
async function onceMore<T>(decide: () => Promise<T>): Promise<T> {
  try {
    return await decide();
  } catch (error) {
    if (!(error instanceof EmailTaken || error instanceof LinkedMeanwhile)) throw error;
    return decide();
  }
}
