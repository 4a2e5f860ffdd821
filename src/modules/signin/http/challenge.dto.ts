import { IsBoolean, IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import type { SentMethod } from '../../mfa/mfa.facade';
import type { GivenChallenge } from '../application/challenges/give-challenge';
import { SHOWN_METHODS, type ShownMethod } from '../application/shown-method';

const CHALLENGE_MAX = 128;
export const CODE_MAX = 64;
export const SENT_METHODS: readonly SentMethod[] = ['sms', 'email'];
const MESSAGE = 'MFA verification required';

/** The password was right, and the account asks for a second factor. */
export class MfaChallengeResponse {
  /** @example true */
  mfa_required!: boolean;
  /** To be sent with the second factor, and good for nothing else. */
  challenge_id!: string;
  /** The same under another name. */
  mfa_token!: string;
  /**
   * By what the second factor may be shown, in the order in which it is best offered. Empty while none of them may be used.
   * @example ["totp", "backup_codes"]
   */
  available_methods!: string[];
  /**
   * In seconds.
   * @example 300
   */
  expires_in!: number;
  /** @example "MFA verification required" */
  message!: string;

  static from({ token, methods, expiresInSeconds }: GivenChallenge): MfaChallengeResponse {
    return Object.assign(new MfaChallengeResponse(), {
      mfa_required: true,
      challenge_id: token,
      mfa_token: token,
      available_methods: [...methods],
      expires_in: expiresInSeconds,
      message: MESSAGE,
    });
  }
}

class ChallengeRequest {
  /**
   * What the sign-in was answered with.
   * @example "Jk4mZl2…"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(CHALLENGE_MAX)
  challenge_id!: string;
}

export class VerifyChallengeRequest extends ChallengeRequest {
  /** @example "totp" */
  @IsIn(SHOWN_METHODS)
  method!: ShownMethod;

  /** @example "123456" */
  @IsString()
  @IsNotEmpty()
  @MaxLength(CODE_MAX)
  code!: string;

  /** Spare this device the second factor for a while. Left out, it is as was said with the password. */
  @IsOptional()
  @IsBoolean()
  remember_device?: boolean | null;
}

/** Of what method a code is to be sent. */
export class SendCodeRequest {
  /** @example "sms" */
  @IsIn(SENT_METHODS)
  method!: SentMethod;
}

export class SendChallengeCodeRequest extends ChallengeRequest {
  /** @example "sms" */
  @IsIn(SENT_METHODS)
  method!: SentMethod;
}
