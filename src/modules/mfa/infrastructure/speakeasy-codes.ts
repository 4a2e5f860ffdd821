import { Injectable } from '@nestjs/common';
import { totp } from 'speakeasy';
import { AuthenticatorCodes } from '../application/totp/authenticator-codes.port';
import { base32 } from '../domain/base32';
import { DIGITS, isTotpCode, PERIOD_SECONDS } from '../domain/totp';

const OPTIONS = {
  encoding: 'base32',
  algorithm: 'sha1',
  digits: DIGITS,
  step: PERIOD_SECONDS,
} as const;

/** One step at a time: which steps are good, and which were used before, is for the domain to say. */
@Injectable()
export class SpeakeasyCodes extends AuthenticatorCodes {
  matches(secret: Uint8Array, step: number, code: string): boolean {
    // The library takes numbers and arrays for codes as well, and parses what is none.
    if (typeof code !== 'string' || !isTotpCode(code)) return false;
    const shown = { ...OPTIONS, secret: base32(secret), token: code, time: step * PERIOD_SECONDS, window: 0 };
    return totp.verifyDelta(shown)?.delta === 0;
  }
}
