import { IsString, Matches } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import type { TrustedDeviceView } from '../application/trusted-devices/trusted-device-queries';
import { DEVICE_NAME_MAX } from '../domain/trusted-device';

/** Anything but blanks alone and what steers the text around it. Counted in code points, as the database does. */
const DEVICE_NAME = new RegExp(
  `^(?=.*\\S)[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Bidi_Control}]{1,${DEVICE_NAME_MAX}}$`,
  'u',
);

export class NameDeviceRequest {
  /** 1 to 60 characters, none of them a control character. */
  @ApiProperty({ minLength: 1, maxLength: DEVICE_NAME_MAX, example: 'Laptop at home' })
  @IsString()
  @Matches(DEVICE_NAME, { message: 'Use 1 to 60 characters, more than blanks, and no control characters.' })
  name!: string;
}

/** A device that is spared the second factor. */
export class TrustedDeviceResponse {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8057" */
  id!: string;
  /** @example "Firefox on Linux" */
  name!: string;
  /** Where it was when it was trusted. */
  ip_address!: string | null;
  /** @example "2026-11-21T12:00:00.000Z" */
  created_at!: string;
  /** When it last signed in without the second factor, to the minute; null: never yet. */
  last_used_at!: string | null;
  /** When it is trusted no more; using it does not put that off. */
  expires_at!: string;
  /** Whether this request showed its device token. */
  current!: boolean;

  static from(device: TrustedDeviceView): TrustedDeviceResponse {
    return Object.assign(new TrustedDeviceResponse(), {
      id: device.id,
      name: device.name,
      ip_address: device.ipAddress,
      created_at: device.createdAt.toISOString(),
      last_used_at: device.lastUsedAt?.toISOString() ?? null,
      expires_at: device.expiresAt.toISOString(),
      current: device.current,
    });
  }
}

export class TrustedDevicesResponse {
  items!: TrustedDeviceResponse[];

  static from(devices: readonly TrustedDeviceView[]): TrustedDevicesResponse {
    const items = devices.map((device) => TrustedDeviceResponse.from(device));
    return Object.assign(new TrustedDevicesResponse(), { items });
  }
}
