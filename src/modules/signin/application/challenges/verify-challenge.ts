import { Injectable } from '@nestjs/common';
import { RateLimitExceeded } from '../../../../kernel/domain-error';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { METHODS, type Method, MfaFacade, type PreparedCode } from '../../../mfa/mfa.facade';
import type { ClientTraits } from '../../../tokens/tokens.facade';
import { InvalidFactorCode } from '../../domain/errors';
import type { SignInResult } from '../entrance/entrance';
import { OpenSession } from '../entrance/open-session';
import { type Answer, AnswerChallenge } from './answer-challenge';
import { type PresentedChallenge, PresentedChallenges } from './presented-challenges';

export type VerificationInput = {
  /** What the first factor was answered with. */
  readonly challengeId: string;
  readonly method: string;
  readonly code: string;
  /** Whether the device is to be spared from now on; null: as was said with the first factor. */
  readonly rememberDevice: boolean | null;
  readonly client: ClientTraits;
  /** What the device has kept so far; null: nothing. */
  readonly deviceToken: string | null;
};

/** Goes on with a sign-in by its second factor. */
@Injectable()
export class VerifyChallenge {
  constructor(
    private readonly presented: PresentedChallenges,
    private readonly mfa: MfaFacade,
    private readonly answering: AnswerChallenge,
    private readonly sessions: OpenSession,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Throws InvalidFactorCode, for whatever reason; RateLimitExceeded when nothing was compared, for too many codes of the
   * account were wrong of late; Overloaded.
   */
  async execute(input: VerificationInput): Promise<Extract<SignInResult, { readonly kind: 'signed_in' }>> {
    const found = await this.presented.find(input.challengeId);
    const prepared = await this.prepare(found, input);
    const decision = (now: Date): Promise<Answer> =>
      found ? this.answering.execute(found.state, prepared, input, now) : this.answering.unknown(input.method);
    const answer = await this.work.run(decision);
    // Refused only after the commit, so that the wrong code stays counted.
    if (answer.kind === 'refused') throw new InvalidFactorCode();
    if (answer.kind === 'too_many') throw new RateLimitExceeded(answer.retryAfterSeconds);
    return { kind: 'signed_in', tokens: await this.sessions.issue(answer.granted), deviceToken: answer.deviceToken };
  }

  /** null: there is nothing to compare the code with. */
  private async prepare(
    found: PresentedChallenge | null,
    { method, code }: VerificationInput,
  ): Promise<PreparedCode | null> {
    if (!found?.isOpen || !isMethod(method)) return null;
    return this.mfa.prepare(found.state.userId, { method, code });
  }
}

function isMethod(method: string): method is Method {
  return (METHODS as readonly string[]).includes(method);
}
