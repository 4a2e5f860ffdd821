import { Injectable } from '@nestjs/common';
import { acceptedStep, isTotpCode } from '../../domain/totp';
import { FactorCheck, type ShownCode } from '../factor-check';
import { Factors } from '../factors.port';
import { AuthenticatorCodes } from './authenticator-codes.port';

/** The code an authenticator app shows. */
@Injectable()
export class TotpCheck extends FactorCheck {
  readonly method = 'totp';

  constructor(
    private readonly factors: Factors,
    private readonly codes: AuthenticatorCodes,
  ) {
    super();
  }

  fits(code: string): boolean {
    return isTotpCode(code);
  }

  async redeem({ factor, code }: ShownCode, now: Date): Promise<boolean> {
    const secret = factor?.snapshot().secret ?? null;
    if (factor === null || secret === null) return false;
    const step = acceptedStep((each) => this.codes.matches(secret, each, code), now);
    return step !== null && this.factors.spend(factor, step);
  }
}
