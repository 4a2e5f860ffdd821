import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { OwnTrustedDevices } from './application/trusted-devices/own-trusted-devices';
import { RecogniseDevice } from './application/trusted-devices/recognise-device';
import { RemoveEndedTrust } from './application/trusted-devices/remove-ended-trust';
import { TrustDevice } from './application/trusted-devices/trust-device';
import { TrustedDeviceQueries } from './application/trusted-devices/trusted-device-queries';
import { TrustedDevices } from './application/trusted-devices/trusted-devices.port';
import { TrustedDevicesController } from './http/trusted-devices.controller';
import { SqlTrustedDeviceQueries } from './infrastructure/trusted-devices/sql-trusted-device-queries';
import { SqlTrustedDevices } from './infrastructure/trusted-devices/sql-trusted-devices';
import { TrustedDevicesPersonalData } from './infrastructure/trusted-devices/trusted-devices-personal-data';
import { MfaFacade } from './mfa.facade';
import { TrustedDeviceChores } from './trusted-device-chores';
import { TrustedDevicesFacade } from './trusted-devices.facade';

/** Second factors: TOTP, text messages, mails, backup codes, trusted devices. */
@Module({
  imports: [IdentityModule],
  controllers: [TrustedDevicesController],
  providers: [
    MfaFacade,
    OwnTrustedDevices,
    RecogniseDevice,
    RemoveEndedTrust,
    TrustDevice,
    TrustedDeviceChores,
    TrustedDevicesFacade,
    TrustedDevicesPersonalData,
    { provide: TrustedDeviceQueries, useClass: SqlTrustedDeviceQueries },
    { provide: TrustedDevices, useClass: SqlTrustedDevices },
  ],
  exports: [MfaFacade, TrustedDevicesFacade],
})
export class MfaModule {}
