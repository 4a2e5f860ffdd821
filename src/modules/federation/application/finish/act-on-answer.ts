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

  /** Throws DependencyUnavailable behind a decision that stands, and is on record as it fell. */
  execute(transaction: Transaction, redeemed: Redeemed, traits: Traits): Promise<Acted> {
    const { link, provider } = transaction;
    return link ? this.link(provider, redeemed, link) : this.enter(transaction, redeemed, traits);
  }

  private async link(provider: string, redeemed: Redeemed, linker: Linker): Promise<Acted> {
    const linked = await decided(() => this.linking.execute(provider, redeemed, linker));
    if (linked.kind === 'lost') {
      await this.journal.notLinked(provider, linker.userId, linked.reason);
      return { kind: 'refused', error: linked.error };
    }
    if (linked.kind === 'linked') return linked;
    const error = linked.reason === 'session_over' ? new OauthStateInvalid() : new IdentityNotFree();
    return { kind: 'refused', error };
  }

  private async enter(transaction: Transaction, redeemed: Redeemed, { client, deviceToken }: Traits): Promise<Acted> {
    const { provider, tenant, secrets } = transaction;
    const wish = { tenant, client, deviceToken: deviceToken ?? secrets.deviceToken };
    const entered = await decided(() => this.signIn.execute(provider, redeemed, wish));
    if (entered.kind === 'lost') await this.journal.refused(provider, entered.reason);
    if (entered.kind === 'lost' && !(entered.error instanceof EmailTaken)) {
      return { kind: 'refused', error: entered.error };
    }
    if (entered.kind !== 'found') return this.refuse(entered.reason, redeemed, client);
    const { account, entry } = entered;
    if (entry.kind !== 'refused') return { kind: 'signed_in', result: await this.entrance.welcome(entry) };
    // A new account was mailed just now.
    if (!account.isNew) this.entrance.showTheWay(account.userId, entry);
    return { kind: 'refused', error: new FederatedSignInRefused() };
  }

  /** As a registration with an address that is taken: where addresses are verified, the answer does not tell that it is. */
  private async refuse(
    reason: Extract<Entered, { readonly kind: 'refused' }>['reason'],
    { identity: { email } }: Redeemed,
    { ipAddress }: ClientTraits,
  ): Promise<Acted> {
    if (reason !== ADDRESS_TAKEN) return { kind: 'refused', error: new FederatedSignInRefused() };
    if (!this.mailboxes.isProofRequired) return { kind: 'refused', error: new EmailTaken() };
    await this.mailboxes.tellOwnerOf(email ?? '', ipAddress);
    return { kind: 'refused', error: new FederatedSignInRefused() };
  }
}

/** A decision whose unit of work was lost: nothing was done, and nothing recorded. */
type Lost = { readonly kind: 'lost'; readonly reason: string; readonly error: DomainError };

const ADDRESS_TAKEN = 'address_taken';

async function decided<T>(decide: () => Promise<T>): Promise<T | Lost> {
  try {
    return await onceMore(decide);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // The address may be taken without an account that has it: for whoever gave it up a while ago.
    const reason = error instanceof EmailTaken ? ADDRESS_TAKEN : error.code.toLowerCase();
    return { kind: 'lost', reason, error };
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
