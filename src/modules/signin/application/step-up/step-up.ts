import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import type { AccessToken } from '../../../tokens/tokens.facade';
import { type FactorProof, StepUpByFactor } from './step-up-by-factor';
import { StepUpByPassword } from './step-up-by-password';

/** What the user of a session proves again: the password, or a code of an enrolled factor. */
export type StepUpProof =
  { readonly kind: 'password'; readonly password: string } | ({ readonly kind: 'factor' } & FactorProof);

/** Lets the user of a session prove again who they are, for what needs a fresh sign-in. */
@Injectable()
export class StepUp {
  constructor(
    private readonly passwords: StepUpByPassword,
    private readonly factors: StepUpByFactor,
  ) {}

  /**
   * An access token of the same session with a fresh `auth_time`. Throws InvalidCredentials when the password is wrong,
   * InvalidFactorCode when the code is, RateLimitExceeded when too many codes were, AccessTokenRefused when the session
   * ended meanwhile, Overloaded when too much is being compared.
   */
  execute(by: Principal, proof: StepUpProof): Promise<AccessToken> {
    return proof.kind === 'password' ? this.passwords.execute(by, proof.password) : this.factors.execute(by, proof);
  }
}
