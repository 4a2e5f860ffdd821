import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '../kernel/domain-error';
import type { Principal } from '../kernel/principal';
import { MfaFacade } from '../modules/mfa/mfa.facade';
import { TokensFacade } from '../modules/tokens/tokens.facade';
import { SignInSettings } from '../platform/config/settings';
import { Clock } from '../platform/time/clock';

/**
 * What dangerous routes ask beyond a session: a recent proof of who it is, by the account's second factor too where it has
 * one (RT-14), and that it is in force at this moment.
 */
@Injectable()
export class Freshness {
  constructor(
    private readonly tokens: TokensFacade,
    private readonly mfa: MfaFacade,
    private readonly clock: Clock,
    private readonly settings: SignInSettings,
  ) {}

  /**
   * Why the caller may not go on, or null. What a replica remembers for a second is not good enough here: a session that
   * was ended a moment ago must not change the password or make a key that outlives it.
   */
  async refusalOf(user: Principal): Promise<ErrorCode | null> {
    const oldest = this.clock.now().getTime() - this.settings.stepUpSeconds * 1000;
    const isFresh = (proof: Date | null): boolean => proof !== null && proof.getTime() > oldest;
    if (!isFresh(user.authenticatedAt)) return 'STEP_UP_REQUIRED';
    // The development administrator has none, and proves nothing.
    if (user.sessionId === null) return null;
    const proofs = await this.tokens.proofsOf(user);
    if (!proofs) return 'TOKEN_INVALID';
    // A factor that was shown long ago is not enough: whoever stole the session and the password could put another in its place.
    if (isFresh(proofs.factorShownAt) || (await this.mfa.methodsOf(user.userId)).length === 0) return null;
    return 'STEP_UP_REQUIRED';
  }
}
