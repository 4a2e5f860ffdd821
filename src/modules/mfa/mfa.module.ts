import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { BackupCodeCheck } from './application/backup-codes/backup-code-check';
import { BackupCodeHasher } from './application/backup-codes/backup-code-hasher.port';
import { BackupCodeSets } from './application/backup-codes/backup-code-sets';
import { BackupCodes } from './application/backup-codes.port';
import { PrepareCode } from './application/backup-codes/prepare-code';
import { RegenerateBackupCodes } from './application/backup-codes/regenerate-backup-codes';
import { ConfirmFactor } from './application/confirm-factor';
import { Confirmation } from './application/confirmation';
import { FactorChanges } from './application/factor-changes';
import { type FactorCheck, FactorChecks } from './application/factor-check';
import { FactorNotices } from './application/factor-notices';
import { Factors } from './application/factors.port';
import { ProveFactor } from './application/prove-factor';
import { ClearFactors } from './application/removal/clear-factors';
import { DeviceTrust } from './application/removal/device-trust.port';
import { FactorRemoval } from './application/removal/factor-removal';
import { RemoveAbandonedFactors } from './application/removal/remove-abandoned-factors';
import { RemoveFactors } from './application/removal/remove-factors';
import { ResetFactors } from './application/removal/reset-factors';
import { SentCodes } from './application/sent-codes.port';
import { FactorOverview } from './application/standing/factor-overview';
import { FactorQueries } from './application/standing/factor-queries';
import { FactorStandings } from './application/standing/factor-standings';
import { AuthenticatorCodes } from './application/totp/authenticator-codes.port';
import { QrCodes } from './application/totp/qr-codes.port';
import { SetUpTotp } from './application/totp/set-up-totp';
import { TotpCheck } from './application/totp/totp-check';
import { TotpInvitations } from './application/totp/totp-invitations';
import { FactorsController } from './http/factors.controller';
import { TotpController } from './http/totp.controller';
import { Argon2BackupCodeHasher } from './infrastructure/argon2-backup-code-hasher';
import { FactorsPersonalData } from './infrastructure/factors-personal-data';
import { QrcodeQrCodes } from './infrastructure/qrcode-qr-codes';
import { SpeakeasyCodes } from './infrastructure/speakeasy-codes';
import { SqlBackupCodes } from './infrastructure/sql-backup-codes';
import { SqlDeviceTrust } from './infrastructure/sql-device-trust';
import { SqlFactorQueries } from './infrastructure/sql-factor-queries';
import { SqlFactors } from './infrastructure/sql-factors';
import { SqlSentCodes } from './infrastructure/sql-sent-codes';
import { MfaChores } from './mfa-chores';
import { MfaSubscriptions } from './mfa-subscriptions';
import { MfaFacade } from './mfa.facade';
import { TrustedDevicesFacade } from './trusted-devices.facade';

/** In the order in which a code is tried where nobody said of which kind it is. */
const CHECKS = [TotpCheck, BackupCodeCheck];

/** Second factors: TOTP, text messages, mails, backup codes, trusted devices. */
@Module({
  imports: [IdentityModule],
  controllers: [FactorsController, TotpController],
  providers: [
    BackupCodeCheck,
    BackupCodeSets,
    ClearFactors,
    ConfirmFactor,
    Confirmation,
    FactorChanges,
    FactorNotices,
    FactorOverview,
    FactorRemoval,
    FactorStandings,
    FactorsPersonalData,
    MfaChores,
    MfaFacade,
    MfaSubscriptions,
    PrepareCode,
    ProveFactor,
    RegenerateBackupCodes,
    RemoveAbandonedFactors,
    RemoveFactors,
    ResetFactors,
    SetUpTotp,
    TotpCheck,
    TotpInvitations,
    TrustedDevicesFacade,
    { provide: AuthenticatorCodes, useClass: SpeakeasyCodes },
    { provide: BackupCodeHasher, useClass: Argon2BackupCodeHasher },
    { provide: BackupCodes, useClass: SqlBackupCodes },
    { provide: DeviceTrust, useClass: SqlDeviceTrust },
    { provide: FactorChecks, useFactory: (...all: FactorCheck[]) => ({ all }), inject: CHECKS },
    { provide: FactorQueries, useClass: SqlFactorQueries },
    { provide: Factors, useClass: SqlFactors },
    { provide: QrCodes, useClass: QrcodeQrCodes },
    { provide: SentCodes, useClass: SqlSentCodes },
  ],
  exports: [MfaFacade, TrustedDevicesFacade],
})
export class MfaModule {}
