import { Injectable } from '@nestjs/common';
import type { DomainError } from '../../../../kernel/domain-error';
import { FederatedSignInRefused, ProviderAnswerRefused, ProviderUnavailable } from '../../domain/errors';
import { meaningOf } from '../../domain/providers-error';
import type { Linker, Transaction } from '../../domain/transaction';
import { FederationJournal } from '../federation-journal';
import type { Answer, IdentityProvider, Redeemed } from '../providers/identity-provider.port';
import { Openings } from '../transactions/openings';

/** What came back by the browser: a code to be redeemed, or that there is none (RFC 6749, 4.1.2.1). */
export type ProvidersAnswer =
  { readonly kind: 'code'; readonly answer: Answer } | { readonly kind: 'error'; readonly error: string };

export type Asked =
  | { readonly kind: 'redeemed'; readonly redeemed: Redeemed }
  | { readonly kind: 'refused'; readonly error: DomainError };

/** Asks an identity provider who it was that signed in there. Not within a unit of work: it may take seconds. */
@Injectable()
export class AskProvider {
  constructor(
    private readonly openings: Openings,
    private readonly journal: FederationJournal,
  ) {}

  /** Throws ProviderUnavailable, as everything else on record. */
  async execute(
    provider: IdentityProvider,
    { secrets: { nonce, codeVerifier }, link }: Transaction,
    { state, answer: said }: { readonly state: string; readonly answer: ProvidersAnswer },
  ): Promise<Asked> {
    if (said.kind === 'error') return this.declined(provider.id, link, said.error);
    const opening = { state, nonce, codeVerifier, redirectUri: this.openings.redirectUriOf(provider.id) };
    try {
      return { kind: 'redeemed', redeemed: await provider.redeem(said.answer, opening) };
    } catch (error) {
      if (error instanceof ProviderUnavailable) await this.refuse(provider.id, link, 'provider_unavailable');
      if (!(error instanceof ProviderAnswerRefused)) throw error;
      await this.refuse(provider.id, link, error.reason);
      return { kind: 'refused', error: new FederatedSignInRefused({ cause: error }) };
    }
  }

  /** Puts on record that nothing follows from an answer. */
  refuse(provider: string, link: Linker | null, reason: string): Promise<void> {
    if (!link) return this.journal.refused(provider, reason);
    return this.journal.notLinked(provider, link.userId, reason);
  }

  private async declined(provider: string, link: Linker | null, said: string): Promise<Asked> {
    const { reason, error } = meaningOf(said);
    await this.refuse(provider, link, reason);
    if (error instanceof ProviderUnavailable) throw error;
    return { kind: 'refused', error };
  }
}
