import { Injectable } from '@nestjs/common';
import { OneTimeSecrets } from '../../../../platform/crypto/one-time-secrets';
import { Clock } from '../../../../platform/time/clock';
import type { ChallengeState } from '../../domain/challenge';
import { Challenges } from './challenges.port';

export type PresentedChallenge = {
  readonly state: ChallengeState;
  /** Whether a code may be tried, as of a moment ago. */
  readonly isOpen: boolean;
};

/** Challenges by what clients hold. Looks, and decides nothing: whoever acts on one takes it. */
@Injectable()
export class PresentedChallenges {
  constructor(
    private readonly challenges: Challenges,
    private readonly secrets: OneTimeSecrets,
    private readonly clock: Clock,
  ) {}

  /** null when there is none. */
  async find(token: string): Promise<PresentedChallenge | null> {
    const hash = this.secrets.hashOf(token);
    const challenge = hash && (await this.challenges.find(hash));
    return challenge && { state: challenge.snapshot(), isOpen: challenge.endedAt(this.clock.now()) === null };
  }
}
