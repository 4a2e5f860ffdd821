import { Module } from '@nestjs/common';
import { MfaFacade } from './mfa.facade';

/** Second factors: TOTP, SMS, e-mail, backup codes, trusted devices. The room is here; its contents come later. */
@Module({ providers: [MfaFacade], exports: [MfaFacade] })
export class MfaModule {}
