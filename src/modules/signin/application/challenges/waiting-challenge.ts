import { Injectable } from '@nestjs/common';
import { type Method, MfaFacade } from '../../../mfa/mfa.facade';
import { PresentedChallenges } from './presented-challenges';

/** What a page asks before it shows a form for the second factor. Nothing is used up by that. */
@Injectable()
export class WaitingChallenge {
  constructor(
    private readonly presented: PresentedChallenges,
    private readonly mfa: MfaFacade,
  ) {}

  /** By what the second factor may be shown at this moment; null when no code is looked at any more. */
  async methodsOf(token: string): Promise<readonly Method[] | null> {
    const found = await this.presented.find(token);
    return found?.isOpen ? (await this.mfa.standingOf(found.state.userId)).methods : null;
  }
}
