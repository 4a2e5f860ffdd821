import { Injectable } from '@nestjs/common';
import { DomainError, NotFound } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import type { SignInResult } from '../../../signin/federated-entrance.facade';
import type { ClientTraits } from '../../../tokens/tokens.facade';
import { OauthStateInvalid } from '../../domain/errors';
import type { Bearer, Transaction } from '../../domain/transaction';
import type { LinkedIdentity } from '../links/linked-identities.port';
import { Providers } from '../providers/providers.port';
import { ReceiveAnswer } from '../transactions/receive-answer';
import { AskProvider, type ProvidersAnswer } from './ask-provider';
import { ActOnAnswer } from './act-on-answer';

export type FinishInput = {
  readonly provider: string;
  readonly state: string;
  readonly answer: ProvidersAnswer;
  readonly bearer: Bearer;
  /** Who is signed in; null: nobody is known to be. */
  readonly caller: Principal | null;
  readonly client: ClientTraits;
  /** What the device showed; null: nothing. */
  readonly deviceToken: string | null;
};

/** How it ended; `redirectUri`: where the browser is to go on, null: nowhere. */
export type Finished =
  | { readonly kind: 'signed_in'; readonly result: SignInResult; readonly redirectUri: string | null }
  | { readonly kind: 'linked'; readonly identity: LinkedIdentity; readonly redirectUri: string | null }
  | { readonly kind: 'refused'; readonly error: DomainError; readonly redirectUri: string | null }
  /** The answer is for the application, which has the state. */
  | { readonly kind: 'handed_over'; readonly redirectUri: string };

/** Ends what was begun at an identity provider: takes it, asks the provider who it was, and acts on that. */
@Injectable()
export class Finish {
  constructor(
    private readonly providers: Providers,
    private readonly receiving: ReceiveAnswer,
    private readonly asking: AskProvider,
    private readonly acting: ActOnAnswer,
  ) {}

  /** Throws NotFound: no such provider; OauthStateInvalid; ProviderUnavailable. Every other refusal is a result. */
  async execute(input: FinishInput): Promise<Finished> {
    const provider = this.providers.find(input.provider);
    if (!provider) throw new NotFound();
    const received = await this.receiving.execute(provider.id, input.state, input.bearer);
    // Refused only after the commit, so that the attempt stays on record.
    if (received.kind === 'refused') throw new OauthStateInvalid();
    if (received.kind === 'handed_over') return received;
    const { transaction } = received;
    await this.mustBeCaller(transaction, input);
    const { redirectUri } = transaction;
    const asked = await this.asking.execute(provider, transaction, input);
    if (asked.kind === 'refused') return { kind: 'refused', error: asked.error, redirectUri };
    return { ...(await this.acting.execute(transaction, asked.redeemed, input)), redirectUri };
  }

  /** Whether what the browser shows is of no use to it from now on: its sign-in ended well, and no other tab waits for one. */
  async isDone({ kind }: Finished, bearer: Bearer): Promise<boolean> {
    if (kind !== 'signed_in' && kind !== 'linked') return false;
    return bearer.browserHash !== null && !(await this.receiving.isAwaited(bearer));
  }

  /** Of what no provider sends. Throws NotFound; OauthStateInvalid. */
  async malformed(id: string): Promise<never> {
    const provider = this.providers.find(id);
    if (!provider) throw new NotFound();
    await this.asking.refuse(provider.id, null, 'malformed');
    throw new OauthStateInvalid();
  }

  /** A program that brings the answer for a link brings who began it, too. A browser has shown its cookie. */
  private async mustBeCaller({ link, provider }: Transaction, { bearer, caller }: FinishInput): Promise<void> {
    if (!link || bearer.by === 'redirect') return;
    if (caller?.sessionId && caller.userId === link.userId) return;
    await this.asking.refuse(provider, link, 'other_caller');
    throw new OauthStateInvalid();
  }
}
