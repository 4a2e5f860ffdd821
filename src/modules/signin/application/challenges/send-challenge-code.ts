import { Injectable } from '@nestjs/common';
import { Background } from '../../../../platform/concurrency/background';
import { MfaFacade, type SentMethod } from '../../../mfa/mfa.facade';
import { PresentedChallenges } from './presented-challenges';

/** Sends a code for the second factor of a sign-in. */
@Injectable()
export class SendChallengeCode {
  constructor(
    private readonly presented: PresentedChallenges,
    private readonly mfa: MfaFacade,
    private readonly background: Background,
  ) {}

  /** The answer does not wait for it: its time would tell whether there is such a challenge, and whether a code was sent. */
  execute(token: string, method: SentMethod): void {
    this.background.run('sending a code', () => this.send(token, method));
  }

  private async send(token: string, method: SentMethod): Promise<void> {
    const found = await this.presented.find(token);
    if (!found?.isOpen) return;
    const { id, userId, tenantId } = found.state;
    await this.mfa.send({ userId, method, use: { kind: 'challenge', id }, tenantId });
  }
}
