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

  /** Whether it was by the name that is typed now. */
  hasSignedInAs(login: string, request: DoorwardRequest): boolean {
    const token = this.cookie.tokenOf(request);
    return token !== null && this.lockouts.isDeviceThatSignedInAs(login, token);
  }
}
