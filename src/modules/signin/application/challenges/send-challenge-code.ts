import { Injectable } from '@nestjs/common';
import { userId } from '../../../../kernel/ids';
import { Background } from '../../../../platform/concurrency/background';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type AskedCode, MfaFacade, type SentMethod } from '../../../mfa/mfa.facade';
import type { ChallengeState } from '../../domain/challenge';
import { Gate } from '../entrance/gate';
import { PresentedChallenges } from './presented-challenges';

const NIL = '00000000-0000-0000-0000-000000000000';
/** Who is asked for where there is no challenge. */
const NOBODY = { id: NIL, userId: userId(NIL), tenantId: null } as const;

/** Sends a code for the second factor of a sign-in. */
@Injectable()
export class SendChallengeCode {
  constructor(
    private readonly presented: PresentedChallenges,
    private readonly mfa: MfaFacade,
    private readonly gate: Gate,
    private readonly work: UnitOfWork,
    private readonly background: Background,
  ) {}

  /**
   * The answer waits for what is the same for a challenge there is and for none, so that it is no promise while nobody can
   * keep it. Not for the sending: its time would tell whether there was one. Throws DependencyUnavailable.
   */
  async execute(token: string, method: SentMethod, ipAddress: string | null): Promise<void> {
    const found = await this.presented.find(token);
    const challenge = found?.isOpen ? found.state : null;
    const { id, userId, tenantId } = challenge ?? NOBODY;
    const asked = await this.mfa.ask({ userId, method, use: { kind: 'challenge', id }, tenantId });
    if (challenge) this.background.run('sending a code', () => this.send(challenge, asked, ipAddress));
  }

  /** Nothing leaves for an account or in a tenant that a code would open nothing of by now, or not from there. */
  private send(challenge: ChallengeState, asked: AskedCode, ipAddress: string | null): Promise<void> {
    return this.work.run(async () => {
      const isAwaited = (await this.gate.ofChallenge(challenge, ipAddress)).kind === 'second_factor';
      await this.mfa.post({ ...asked, isAllowed: asked.isAllowed && isAwaited });
    });
  }
}
