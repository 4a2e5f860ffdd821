import { Injectable } from '@nestjs/common';
import { ProcessSettings } from '../../../platform/config/settings';
import { SealBroken, SecretBox } from '../../../platform/crypto/secret-box';
import type { DoorwardReply, DoorwardRequest } from '../../../platform/http/request';

/** A sign-in in a browser that waits for its second factor. */
export type WaitingSignIn = {
  /** What the first factor was answered with. */
  readonly challenge: string;
  /** Where the browser goes once it is in; null: to a page of ours that says so. It was allowed when this was set. */
  readonly redirectUri: string | null;
};

/** Where browsers show the second factor, below PUBLIC_URL. */
export const SECOND_FACTOR_PATH = '/sign-in/second-factor';

const CONTEXT = 'cookie:second-factor';
/** Browsers keep no larger ones (RFC 6265bis, 5.6). */
const LONGEST = 4096;

/**
 * What a browser keeps between the first factor and the second: sealed, so that what is in it is what was put there, and
 * no script nor page of another site reads or sends it. It comes back from another site, so it may not be strict.
 */
@Injectable()
export class SecondFactorCookie {
  readonly name: string;
  private readonly secure: boolean;

  constructor(
    { publicUrl }: ProcessSettings,
    private readonly box: SecretBox,
  ) {
    this.secure = publicUrl.startsWith('https:');
    this.name = this.secure ? '__Host-dw_challenge' : 'dw_challenge';
  }

  /** @param seconds how long the challenge is good */
  set(reply: DoorwardReply, { challenge, redirectUri }: WaitingSignIn, seconds: number): void {
    const sealed = this.box.seal(Buffer.from(JSON.stringify({ challenge, redirectUri })), CONTEXT);
    this.put(reply, sealed.toString('base64url'), seconds);
  }

  clear(reply: DoorwardReply): void {
    this.put(reply, '', 0);
  }

  /** null when there is none, or none of ours. */
  read({ cookies }: Pick<DoorwardRequest, 'cookies'>): WaitingSignIn | null {
    const value = cookies?.[this.name];
    if (value === undefined || value.length > LONGEST) return null;
    try {
      const opened = this.box.open(Buffer.from(value, 'base64url'), CONTEXT);
      return JSON.parse(opened.toString()) as WaitingSignIn;
    } catch (error) {
      if (error instanceof SealBroken) return null;
      throw error;
    }
  }

  private put(reply: DoorwardReply, value: string, maxAge: number): void {
    reply.setCookie(this.name, value, { httpOnly: true, secure: this.secure, sameSite: 'lax', path: '/', maxAge });
  }
}
