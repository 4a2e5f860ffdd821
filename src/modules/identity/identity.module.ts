import { Module } from '@nestjs/common';
import { AddUser } from './application/add-user';
import { AdmitUser } from './application/admit-user';
import { ChangePassword } from './application/change-password';
import { DraftUser } from './application/draft-user';
import { GuessSources } from './application/lockout/guess-sources';
import { KnownDevices } from './application/lockout/known-devices.port';
import { LockoutAdministration } from './application/lockout/lockout-administration';
import { LockoutNotices } from './application/lockout/lockout-notices';
import { Lockouts } from './application/lockout/lockouts.port';
import { PasswordAttempts } from './application/lockout/password-attempts';
import { AddressHolds } from './application/mailbox/address-holds';
import { ChangeAddress } from './application/mailbox/change-address';
import { ChangeMails } from './application/mailbox/change-mails';
import { ConfirmEmailChange } from './application/mailbox/confirm-email-change';
import { EndPendingSecrets } from './application/mailbox/end-pending-secrets';
import { IssueSecret } from './application/mailbox/issue-secret';
import { MailboxSettings } from './application/mailbox/mailbox-settings';
import { MailSecret } from './application/mailbox/mail-secret';
import { MailedSecrets } from './application/mailbox/mailed-secrets.port';
import { PasswordRecovery } from './application/mailbox/password-recovery';
import { RedeemSecret } from './application/mailbox/redeem-secret';
import { RemoveEndedSecrets } from './application/mailbox/remove-ended-secrets';
import { RequestEmailChange } from './application/mailbox/request-email-change';
import { RequestPasswordReset } from './application/mailbox/request-password-reset';
import { ResetPassword } from './application/mailbox/reset-password';
import { SendVerification } from './application/mailbox/send-verification';
import { TellOwner } from './application/mailbox/tell-owner';
import { UndoEmailChange } from './application/mailbox/undo-email-change';
import { UserMails } from './application/mailbox/user-mails';
import { VerifyEmail } from './application/mailbox/verify-email';
import { PasswordChecks } from './application/password-checks';
import { PasswordHasher } from './application/password-hasher.port';
import { PasswordNotices } from './application/password-notices';
import { Passwords } from './application/passwords';
import { ReplacePassword } from './application/replace-password';
import { SettleAttempt } from './application/lockout/settle-attempt';
import { StandIns } from './application/lockout/stand-ins.port';
import { UpdateProfile } from './application/update-profile';
import { UserQueries } from './application/user-queries';
import { Users } from './application/users.port';
import { EmailChangeController, EmailController } from './http/email.controller';
import { PasswordResetController } from './http/password-reset.controller';
import { PasswordsController } from './http/passwords.controller';
import { UsersController } from './http/users.controller';
import { IdentityChores } from './identity-chores';
import { IdentitySubscriptions } from './identity-subscriptions';
import { IdentityFacade } from './identity.facade';
import { HmacKnownDevices } from './infrastructure/lockout/hmac-known-devices';
import { HmacStandIns } from './infrastructure/lockout/hmac-stand-ins';
import { SelectablePasswordHasher } from './infrastructure/selectable-password-hasher';
import { SqlLockouts } from './infrastructure/lockout/sql-lockouts';
import { SqlMailedSecrets } from './infrastructure/mailbox/sql-mailed-secrets';
import { TypeOrmUserQueries } from './infrastructure/typeorm-user-queries';
import { TypeOrmUsers } from './infrastructure/typeorm-users';
import { UserRow } from './infrastructure/user.row';
import { LockoutFacade } from './lockout.facade';
import { MailboxFacade } from './mailbox.facade';
import { TenantRules } from './tenant-rules.facade';

export const identityRows = [UserRow];

/** Users, their passwords, what becomes of wrong ones, and the mailboxes that prove whose an account is. */
@Module({
  controllers: [UsersController, PasswordsController, EmailController, EmailChangeController, PasswordResetController],
  providers: [
    AddUser,
    AdmitUser,
    ChangePassword,
    DraftUser,
    GuessSources,
    LockoutAdministration,
    LockoutNotices,
    PasswordAttempts,
    PasswordChecks,
    PasswordNotices,
    Passwords,
    ReplacePassword,
    SettleAttempt,
    TenantRules,
    UpdateProfile,
    AddressHolds,
    ChangeAddress,
    ChangeMails,
    ConfirmEmailChange,
    EndPendingSecrets,
    IssueSecret,
    MailSecret,
    MailboxSettings,
    PasswordRecovery,
    RedeemSecret,
    RemoveEndedSecrets,
    RequestEmailChange,
    RequestPasswordReset,
    ResetPassword,
    SendVerification,
    TellOwner,
    UndoEmailChange,
    UserMails,
    VerifyEmail,
    IdentityChores,
    IdentitySubscriptions,
    { provide: Users, useClass: TypeOrmUsers },
    { provide: UserQueries, useClass: TypeOrmUserQueries },
    { provide: PasswordHasher, useClass: SelectablePasswordHasher },
    { provide: Lockouts, useClass: SqlLockouts },
    { provide: KnownDevices, useClass: HmacKnownDevices },
    { provide: MailedSecrets, useClass: SqlMailedSecrets },
    { provide: StandIns, useClass: HmacStandIns },
    IdentityFacade,
    LockoutFacade,
    MailboxFacade,
  ],
  exports: [IdentityFacade, LockoutFacade, MailboxFacade, TenantRules],
})
export class IdentityModule {}
