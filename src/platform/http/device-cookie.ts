import { Injectable } from '@nestjs/common';
import { ProcessSettings, SignInSettings } from '../config/settings';
import type { DoorwardReply, DoorwardRequest } from './request';

const HEADER = 'x-device-token';
const LONGEST = 512;

/** What a device keeps that has signed in: as a cookie scripts cannot read, or as a header of a program's own making. */
@Injectable()
export class DeviceCookie {
  readonly name: string;
  private readonly secure: boolean;

  constructor(
    { publicUrl }: ProcessSettings,
    private readonly settings: SignInSettings,
  ) {
    this.secure = publicUrl.startsWith('https:');
    this.name = this.secure ? '__Host-dw_device' : 'dw_device';
  }

  set(reply: DoorwardReply, token: string): void {
    const maxAge = this.settings.knownDeviceSeconds;
    reply.setCookie(this.name, token, { httpOnly: true, secure: this.secure, sameSite: 'strict', path: '/', maxAge });
  }

  /** The header counts more than the cookie. It is no credential: one that says nothing is as good as none. */
  tokenOf({ headers, cookies }: Pick<DoorwardRequest, 'headers' | 'cookies'>): string | null {
    const header = headers[HEADER];
    const token = typeof header === 'string' ? header : cookies?.[this.name];
    return token !== undefined && token.length <= LONGEST ? token : null;
  }
}
