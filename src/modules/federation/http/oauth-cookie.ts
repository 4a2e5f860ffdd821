import { Injectable } from '@nestjs/common';
import { ProcessSettings } from '../../../platform/config/settings';
import type { DoorwardReply, DoorwardRequest } from '../../../platform/http/request';

/**
 * What a browser keeps while it is at an identity provider: whoever brings the answer shows it. It is sent to whoever comes
 * back from there, which is another site.
 */
@Injectable()
export class OauthCookie {
  readonly name: string;
  private readonly secure: boolean;

  constructor({ publicUrl }: ProcessSettings) {
    this.secure = publicUrl.startsWith('https:');
    this.name = this.secure ? '__Host-dw_oauth' : 'dw_oauth';
  }

  /** @param seconds how long the browser keeps it */
  set(reply: DoorwardReply, secret: string, seconds: number): void {
    const attributes = { httpOnly: true, secure: this.secure, sameSite: 'lax', path: '/', maxAge: seconds } as const;
    reply.setCookie(this.name, secret, attributes);
  }

  clear(reply: DoorwardReply): void {
    this.set(reply, '', 0);
  }

  secretOf({ cookies }: Pick<DoorwardRequest, 'cookies'>): string | null {
    return cookies?.[this.name] ?? null;
  }
}
