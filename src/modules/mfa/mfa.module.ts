import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { BackupCodes } from './application/backup-codes.port';
import { ConfirmFactor } from './application/confirm-factor';
import { Confirmation } from './application/confirmation';
import { EmailFactorHolds } from './application/email-factor-holds';
import { FactorChanges } from './application/factor-changes';
import { FactorChecks } from './application/factor-check';
import { FactorMails } from './application/factor-mails';
import { FactorNotices } from './application/factor-notices';
import { Factors } from './application/factors.port';
import { ProveFactor } from './application/prove-factor';
import { SentCodes } from './application/sent-codes.port';
import { BeginSetUp } from './application/sent-codes/begin-set-up';
import { CodeCarriers } from './application/sent-codes/code-carriers';
import { CodePost } from './application/sent-codes/code-post';
import { IssueCode } from './application/sent-codes/issue-code';
import { MailedCodes } from './application/sent-codes/mailed-codes';
import { RemoveEndedCodes } from './application/sent-codes/remove-ended-codes';
import { SendCode } from './application/sent-codes/send-code';
import { EmailCodeCheck, SmsCodeCheck } from './application/sent-codes/sent-code-check';
import { SetUpMailbox } from './application/sent-codes/set-up-mailbox';
import { SetUpPhone } from './application/sent-codes/set-up-phone';
import { SetUpSentFactor } from './application/sent-codes/set-up-sent-factor';
import { TextedCodes } from './application/sent-codes/texted-codes';
import { SentFactorsController } from './http/sent-factors.controller';
import { NoBackupCodes } from './infrastructure/no-backup-codes';
import { SqlFactors } from './infrastructure/sql-factors';
import { SqlSentCodes } from './infrastructure/sql-sent-codes';
import { MfaChores } from './mfa-chores';
import { MfaSubscriptions } from './mfa-subscriptions';
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
  controllers: [SentFactorsController, TrustedDevicesController],
  providers: [
    BeginSetUp,
    CodeCarriers,
    CodePost,
    ConfirmFactor,
    Confirmation,
    EmailCodeCheck,
    EmailFactorHolds,
    FactorChanges,
    FactorMails,
    FactorNotices,
    IssueCode,
    MailedCodes,
    MfaChores,
    MfaSubscriptions,
    ProveFactor,
    RemoveEndedCodes,
    SendCode,
    SetUpMailbox,
    SetUpPhone,
    SetUpSentFactor,
    SmsCodeCheck,
    TextedCodes,
    { provide: BackupCodes, useClass: NoBackupCodes },
    {
      provide: FactorChecks,
      inject: [SmsCodeCheck, EmailCodeCheck],
      useFactory: (...all: FactorChecks['all']): FactorChecks => ({ all }),
    },
    { provide: Factors, useClass: SqlFactors },
    { provide: SentCodes, useClass: SqlSentCodes },
    OwnTrustedDevices,
    RecogniseDevice,
    RemoveEndedTrust,
    TrustDevice,
    TrustedDeviceChores,
    TrustedDevicesPersonalData,
    { provide: TrustedDeviceQueries, useClass: SqlTrustedDeviceQueries },
    { provide: TrustedDevices, useClass: SqlTrustedDevices },
    MfaFacade,
    TrustedDevicesFacade,
  ],
  exports: [MfaFacade, TrustedDevicesFacade],
})
export class MfaModule {}
