import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotFound } from '../../../kernel/domain-error';
import { isUuid } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { SignedIn } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { DeviceCookie } from '../../../platform/http/device-cookie';
import type { DoorwardRequest } from '../../../platform/http/request';
import { Clock } from '../../../platform/time/clock';
import { OwnTrustedDevices } from '../application/trusted-devices/own-trusted-devices';
import { TrustedDeviceQueries, type TrustedDeviceView } from '../application/trusted-devices/trusted-device-queries';
import { NameDeviceRequest, TrustedDeviceResponse, TrustedDevicesResponse } from './trusted-devices.dto';

/** What the caller trusts in the active tenant. Ending trust is never dangerous, so none of this asks for a fresh sign-in. */
@ApiTags('Second factors')
@Controller('mfa/trusted-devices')
export class TrustedDevicesController {
  constructor(
    private readonly devices: OwnTrustedDevices,
    private readonly queries: TrustedDeviceQueries,
    private readonly cookie: DeviceCookie,
    private readonly clock: Clock,
  ) {}

  /**
   * The devices that are spared the second factor in the active tenant, newest first. Which of them this is, is known by the
   * device token: the cookie, or the header `X-Device-Token`.
   */
  @Get()
  @SignedIn()
  async list(@CurrentPrincipal() by: Principal, @Req() request: DoorwardRequest): Promise<TrustedDevicesResponse> {
    return TrustedDevicesResponse.from(await this.listed(by, request));
  }

  /** Give a device a name. */
  @Patch(':id')
  @SignedIn('NOT_FOUND', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(NameDeviceRequest, { 'a name': { name: 'Laptop at home' } })
  async rename(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Body() { name }: NameDeviceRequest,
    @Req() request: DoorwardRequest,
  ): Promise<TrustedDeviceResponse> {
    await this.devices.rename(by, named(id), name);
    const renamed = (await this.listed(by, request)).find((device) => device.id === named(id));
    if (!renamed) throw new NotFound();
    return TrustedDeviceResponse.from(renamed);
  }

  /** Trust a device no more: the next sign-in on it asks for the second factor. Sessions go on. */
  @Delete(':id')
  @HttpCode(204)
  @SignedIn('NOT_FOUND')
  async revoke(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.devices.revoke(by, named(id));
  }

  private listed({ tenantId, userId }: Principal, request: DoorwardRequest): Promise<readonly TrustedDeviceView[]> {
    return this.queries.listOf(tenantId, userId, this.cookie.tokenOf(request), this.clock.now());
  }
}

/** What cannot be the id of a device names none. */
function named(text: string): string {
  if (!isUuid(text)) throw new NotFound();
  return text.toLowerCase();
}
