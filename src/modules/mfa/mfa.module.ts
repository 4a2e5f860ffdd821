import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { MfaFacade } from './mfa.facade';
import { TrustedDevicesFacade } from './trusted-devices.facade';

/** Second factors: TOTP, text messages, mails, backup codes, trusted devices. */
@Module({
  imports: [IdentityModule],
  providers: [MfaFacade, TrustedDevicesFacade],
  exports: [MfaFacade, TrustedDevicesFacade],
})
export class MfaModule {}
