import { Injectable } from '@nestjs/common';
import { type FactorVerdict, MfaFacade, type PreparedCode } from '../../../mfa/mfa.facade';
import type { ClientTraits, Granted } from '../../../tokens/tokens.facade';
import type { ChallengeState } from '../../domain/challenge';
import { Gate, whenShown } from '../entrance/gate';
import { SigninJournal } from '../signin-journal';
import { Challenges } from './challenges.port';
import { PassChallenge } from './pass-challenge';

export type Answer =
  | { readonly kind: 'granted'; readonly granted: Granted; readonly deviceToken: string | null }
  | { readonly kind: 'refused' }
  | { readonly kind: 'too_many'; readonly retryAfterSeconds: number };

export type AnswerTraits = {
  readonly method: string;
  readonly rememberDevice: boolean | null;
  readonly client: ClientTraits;
  readonly deviceToken: string | null;
};

const REFUSED = { kind: 'refused' } as const;
/** No factor of that kind can be enrolled, so no code was compared. */
const UNAVAILABLE: FactorVerdict = { kind: 'wrong', reason: 'method_unavailable' };

/**
 * Decides about a code that is shown for a challenge. Within the caller's unit of work, which is committed whatever comes of
 * it: a wrong code stays counted.
 */
@Injectable()
export class AnswerChallenge {
  constructor(
    private readonly gate: Gate,
    private readonly challenges: Challenges,
    private readonly mfa: MfaFacade,
    private readonly passing: PassChallenge,
    private readonly journal: SigninJournal,
  ) {}

  /** `prepared`: null when there is nothing that the code could be compared with. */
  async execute(
    found: ChallengeState,
    prepared: PreparedCode | null,
    traits: AnswerTraits,
    now: Date,
  ): Promise<Answer> {
    const passage = await this.gate.ofChallenge(found, traits.client.ipAddress);
    if (passage.kind !== 'second_factor') {
      return this.refuse(found, traits, passage.kind === 'refused' ? passage.reason : 'not_asked');
    }
    // Of codes that come at once each finds what the one before it left.
    const challenge = await this.challenges.take(found.id);
    if (!challenge) return this.refuse(found, traits, 'challenge_spent');
    const ended = challenge.endedAt(now);
    if (ended) return this.refuse(found, traits, ended);

    const verdict = prepared ? await this.mfa.prove(prepared, { kind: 'challenge', id: found.id }) : UNAVAILABLE;
    if (verdict.kind === 'too_many') {
      await this.journal.challengeFailed(found, traits.method, 'too_many');
      return verdict;
    }
    if (verdict.kind === 'wrong') {
      challenge.fail();
      await this.challenges.save(challenge);
      return this.refuse(found, traits, verdict.reason);
    }
    const passed = whenShown(passage);
    if (passed.kind !== 'issue') return this.refuse(found, traits, 'not_issued');
    return { kind: 'granted', ...(await this.passing.execute(found, passed, verdict.amr, traits)) };
  }

  /** Of what is no challenge, or was one. */
  async unknown(method: string): Promise<Answer> {
    await this.journal.challengeFailed(null, method, 'challenge_unknown');
    return REFUSED;
  }

  private async refuse(found: ChallengeState, { method }: AnswerTraits, reason: string): Promise<Answer> {
    await this.journal.challengeFailed(found, method, reason);
    return REFUSED;
  }
}
