import { Module } from '@nestjs/common';
import { MfaSettings } from '../../platform/config/settings';
import { IdentityModule } from '../identity/identity.module';
import { BackupCodes } from './application/backup-codes.port';
import { BackupCodeCheck } from './application/backup-codes/backup-code-check';
import { BackupCodeHasher } from './application/backup-codes/backup-code-hasher.port';
import { BackupCodeSets } from './application/backup-codes/backup-code-sets';
import { PrepareCode } from './application/backup-codes/prepare-code';
import { RegenerateBackupCodes } from './application/backup-codes/regenerate-backup-codes';
import { ConfirmFactor } from './application/confirm-factor';
import { Confirmation } from './application/confirmation';
import { EmailFactorHolds } from './application/email-factor-holds';
import { FactorChanges } from './application/factor-changes';
import { type FactorCheck, FactorChecks } from './application/factor-check';
import { FactorMails } from './application/factor-mails';
import { FactorNotices } from './application/factor-notices';
import { Factors } from './application/factors.port';
import { ProveFactor } from './application/prove-factor';
import { ClearFactors } from './application/removal/clear-factors';
import { FactorRemoval } from './application/removal/factor-removal';
import { RemoveAbandonedFactors } from './application/removal/remove-abandoned-factors';
import { RemoveFactors } from './application/removal/remove-factors';
import { ResetFactors } from './application/removal/reset-factors';
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
import { FactorOverview } from './application/standing/factor-overview';
import { FactorQueries } from './application/standing/factor-queries';
import { FactorStandings } from './application/standing/factor-standings';
import { AuthenticatorCodes } from './application/totp/authenticator-codes.port';
import { QrCodes } from './application/totp/qr-codes.port';
import { SetUpTotp } from './application/totp/set-up-totp';
import { TotpCheck } from './application/totp/totp-check';
import { TotpInvitations } from './application/totp/totp-invitations';
import { EndTrust } from './application/trusted-devices/end-trust';
import { OwnTrustedDevices } from './application/trusted-devices/own-trusted-devices';
import { RecogniseDevice } from './application/trusted-devices/recognise-device';
import { RemoveEndedTrust } from './application/trusted-devices/remove-ended-trust';
import { TrustDevice } from './application/trusted-devices/trust-device';
import { TrustedDeviceQueries } from './application/trusted-devices/trusted-device-queries';
import { TrustedDevices } from './application/trusted-devices/trusted-devices.port';
import { FactorsController } from './http/factors.controller';
import { SentFactorsController } from './http/sent-factors.controller';
import { TotpController } from './http/totp.controller';
import { TrustedDevicesController } from './http/trusted-devices.controller';
import { Argon2BackupCodeHasher } from './infrastructure/argon2-backup-code-hasher';
import { FactorsPersonalData } from './infrastructure/factors-personal-data';
import { QrcodeQrCodes } from './infrastructure/qrcode-qr-codes';
import { SentCodesPersonalData } from './infrastructure/sent-codes-personal-data';
import { SpeakeasyCodes } from './infrastructure/speakeasy-codes';
import { SqlBackupCodes } from './infrastructure/sql-backup-codes';
import { SqlFactorQueries } from './infrastructure/sql-factor-queries';
import { SqlFactors } from './infrastructure/sql-factors';
import { SqlSentCodes } from './infrastructure/sql-sent-codes';
import { SqlTrustedDeviceQueries } from './infrastructure/trusted-devices/sql-trusted-device-queries';
import { SqlTrustedDevices } from './infrastructure/trusted-devices/sql-trusted-devices';
import { TrustedDevicesPersonalData } from './infrastructure/trusted-devices/trusted-devices-personal-data';
import { MfaChores } from './mfa-chores';
import { MfaSubscriptions } from './mfa-subscriptions';
import { MfaFacade } from './mfa.facade';
import { TrustedDevicesFacade } from './trusted-devices.facade';

/** In the order in which a code is tried where nobody said of which kind it is. */
const CHECKS = [TotpCheck, SmsCodeCheck, EmailCodeCheck, BackupCodeCheck];

/** Second factors: TOTP, text messages, mails, backup codes, trusted devices. */
@Module({
  imports: [IdentityModule],
  controllers: [FactorsController, SentFactorsController, TotpController, TrustedDevicesController],
  providers: [
    BackupCodeCheck,
    BackupCodeSets,
    BeginSetUp,
    ClearFactors,
    CodeCarriers,
    CodePost,
    Confirmation,
    ConfirmFactor,
    EmailCodeCheck,
    EmailFactorHolds,
    EndTrust,
    FactorChanges,
    FactorMails,
    FactorNotices,
    FactorOverview,
    FactorRemoval,
    FactorsPersonalData,
    FactorStandings,
    IssueCode,
    MailedCodes,
    MfaChores,
    MfaSubscriptions,
    OwnTrustedDevices,
    PrepareCode,
    ProveFactor,
    RecogniseDevice,
    RegenerateBackupCodes,
    RemoveAbandonedFactors,
    RemoveEndedCodes,
    RemoveEndedTrust,
    RemoveFactors,
    ResetFactors,
    SendCode,
    SentCodesPersonalData,
    SetUpMailbox,
    SetUpPhone,
    SetUpSentFactor,
    SetUpTotp,
    SmsCodeCheck,
    TextedCodes,
    TotpCheck,
    TotpInvitations,
    TrustDevice,
    TrustedDevicesPersonalData,
    { provide: AuthenticatorCodes, useClass: SpeakeasyCodes },
    { provide: BackupCodeHasher, useClass: Argon2BackupCodeHasher },
    { provide: BackupCodes, useClass: SqlBackupCodes },
    {
      provide: FactorChecks,
      useFactory: ({ methods }: MfaSettings, ...all: FactorCheck[]) => ({
        all: all.filter(({ method }) => methods.includes(method)),
      }),
      inject: [MfaSettings, ...CHECKS],
    },
    { provide: FactorQueries, useClass: SqlFactorQueries },
    { provide: Factors, useClass: SqlFactors },
    { provide: QrCodes, useClass: QrcodeQrCodes },
    { provide: SentCodes, useClass: SqlSentCodes },
    { provide: TrustedDeviceQueries, useClass: SqlTrustedDeviceQueries },
    { provide: TrustedDevices, useClass: SqlTrustedDevices },
    MfaFacade,
    TrustedDevicesFacade,
  ],
  exports: [MfaFacade, TrustedDevicesFacade],
})
export class MfaModule {}
