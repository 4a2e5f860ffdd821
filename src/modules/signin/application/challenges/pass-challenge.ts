import { Injectable } from '@nestjs/common';
import type { ClientTraits, Granted } from '../../../tokens/tokens.facade';
import type { ChallengeState } from '../../domain/challenge';
import type { Passed } from '../entrance/gate';
import { OpenSession } from '../entrance/open-session';
import { SigninJournal } from '../signin-journal';
import { Challenges } from './challenges.port';
import { TrustDevice } from './trust-device';

export type PassTraits = {
  /** null: as was said with the first factor. */
  readonly rememberDevice: boolean | null;
  readonly client: ClientTraits;
  /** What the device has kept so far; null: nothing. */
  readonly deviceToken: string | null;
};

/** What follows the right code: the challenge is spent and the user is in. Within the caller's unit of work. */
@Injectable()
export class PassChallenge {
  constructor(
    private readonly challenges: Challenges,
    private readonly devices: TrustDevice,
    private readonly sessions: OpenSession,
    private readonly journal: SigninJournal,
  ) {}

  /** `amr` is what the second factor was shown by (RFC 8176). The device's token is null when it is not to be remembered. */
  async execute(
    challenge: ChallengeState,
    passed: Passed,
    amr: readonly string[],
    { rememberDevice, client, deviceToken: kept }: PassTraits,
  ): Promise<{ readonly granted: Granted; readonly deviceToken: string | null }> {
    const { id, userId, riskScore: score, riskSignals: signals } = challenge;
    await this.challenges.remove(id);
    const isRemembered = rememberDevice ?? challenge.rememberDevice;
    const deviceToken = isRemembered ? await this.devices.execute(challenge, client, kept) : null;
    const authenticationMethods = [...new Set([...challenge.authenticationMethods, ...amr])];
    const granted = await this.sessions.execute(passed, { userId, client, authenticationMethods });
    await this.journal.signedIn(granted, client, { score, signals });
    return { granted, deviceToken };
  }
}
