import { Injectable } from '@nestjs/common';
import { LockoutFacade } from '../modules/identity/lockout.facade';
import { DeviceCookie } from '../platform/http/device-cookie';
import type { DoorwardRequest } from '../platform/http/request';

/** The device a request comes from, if it proves that it has signed in before. */
@Injectable()
export class PresentedDevice {
  constructor(
    private readonly lockouts: LockoutFacade,
    private readonly cookie: DeviceCookie,
  ) {}

  /** Its id, if it was by the very name that is typed now: one account's device makes no other any easier to reach. */
  thatSignedInAs(login: string, request: DoorwardRequest): string | null {
    const token = this.cookie.tokenOf(request);
    return token === null ? null : this.lockouts.deviceThatSignedInAs(login, token);
  }
}
