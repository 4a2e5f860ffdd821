import { Module } from '@nestjs/common';
import { AccountsFacade } from './accounts.facade';
import { AccountAdministration } from './application/account-administration';
import { AddUser } from './application/add-user';
import { AdmitUser } from './application/admit-user';
import { DraftUser } from './application/draft-user';
import { EraseUser } from './application/erase-user';
import { ExportPersonalData } from './application/export-personal-data';
import { HeldUsernames } from './application/held-usernames.port';
import { Holds } from './application/holds';
import { ReclaimUser } from './application/reclaim-user';
import { GuessSources } from './application/lockout/guess-sources';
import { KeptOut } from './application/lockout/kept-out';
import { KnownDevices } from './application/lockout/known-devices.port';
import { LockoutAdministration } from './application/lockout/lockout-administration';
import { LockoutNotices } from './application/lockout/lockout-notices';
import { Lockouts } from './application/lockout/lockouts.port';
import { PasswordAttempts } from './application/lockout/password-attempts';
import { SettleAttempt } from './application/lockout/settle-attempt';
import { StandIns } from './application/lockout/stand-ins.port';
import { ChangeAddress } from './application/mailbox/change-address';
import { AddressWishes } from './application/mailbox/address-wishes';
import { TakeUpAddress } from './application/mailbox/take-up-address';
import { ChangeMails } from './application/mailbox/change-mails';
import { ConfirmEmailChange } from './application/mailbox/confirm-email-change';
import { EndPendingSecrets } from './application/mailbox/end-pending-secrets';
import { IssueSecret } from './application/mailbox/issue-secret';
import { LookAtLink } from './application/mailbox/look-at-link';
import { MailSecret } from './application/mailbox/mail-secret';
import { MailboxSettings } from './application/mailbox/mailbox-settings';
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
import { BreachedPasswords } from './application/passwords/breached-passwords.port';
import { ChangePassword } from './application/passwords/change-password';
import { CommonPasswords } from './application/passwords/common-passwords.port';
import { DraftPassword } from './application/passwords/draft-password';
import { PasswordChecks } from './application/passwords/password-checks';
import { PasswordHasher } from './application/passwords/password-hasher.port';
import { PasswordHistory } from './application/passwords/password-history.port';
import { PasswordNotices } from './application/passwords/password-notices';
import { Passwords } from './application/passwords/passwords';
import { ReplacePassword } from './application/passwords/replace-password';
import { RetirePassword } from './application/passwords/retire-password';
import { SystemAdministrators } from './application/system-administrators';
import { UpdateProfile } from './application/update-profile';
import { UserQueries } from './application/user-queries';
import { Users } from './application/users.port';
import { EmailChangeController, EmailController } from './http/email.controller';
import { ConfirmEmailChangePage } from './http/pages/confirm-email-change.page';
import { ResetPasswordPage } from './http/pages/reset-password.page';
import { UndoEmailChangePage } from './http/pages/undo-email-change.page';
import { VerifyEmailPage } from './http/pages/verify-email.page';
import { PasswordResetController } from './http/password-reset.controller';
import { PasswordsController } from './http/passwords.controller';
import { PersonalDataController } from './http/personal-data.controller';
import { UsersController } from './http/users.controller';
import { FederatedUsersFacade } from './federated-users.facade';
import { IdentityChores } from './identity-chores';
import { IdentitySubscriptions } from './identity-subscriptions';
import { IdentityFacade } from './identity.facade';
import { FileCommonPasswords } from './infrastructure/file-common-passwords';
import { HttpBreachedPasswords } from './infrastructure/http-breached-passwords';
import { IdentityPersonalData } from './infrastructure/identity-personal-data';
import { HmacKnownDevices } from './infrastructure/lockout/hmac-known-devices';
import { HmacStandIns } from './infrastructure/lockout/hmac-stand-ins';
import { SqlLockouts } from './infrastructure/lockout/sql-lockouts';
import { SqlMailedSecrets } from './infrastructure/mailbox/sql-mailed-secrets';
import { SelectablePasswordHasher } from './infrastructure/selectable-password-hasher';
import { SqlHeldUsernames } from './infrastructure/sql-held-usernames';
import { SqlPasswordHistory } from './infrastructure/sql-password-history';
import { TypeOrmUserQueries } from './infrastructure/typeorm-user-queries';
import { TypeOrmUsers } from './infrastructure/typeorm-users';
import { UserRow } from './infrastructure/user.row';
import { LockoutFacade } from './lockout.facade';
import { MailboxFacade } from './mailbox.facade';
import { TenantRules } from './tenant-rules.facade';
import { UserMailsFacade } from './user-mails.facade';

export const identityRows = [UserRow];

/** Users, their passwords, what becomes of wrong ones, and the mailboxes that prove whose an account is. */
@Module({
  controllers: [
    ConfirmEmailChangePage,
    EmailChangeController,
    EmailController,
    PasswordResetController,
    PasswordsController,
    PersonalDataController,
    ResetPasswordPage,
    UndoEmailChangePage,
    UsersController,
    VerifyEmailPage,
  ],
  providers: [
    AccountAdministration,
    AccountsFacade,
    AddUser,
    AdmitUser,
    ChangePassword,
    DraftPassword,
    DraftUser,
    EraseUser,
    ExportPersonalData,
    GuessSources,
    IdentityPersonalData,
    KeptOut,
    LockoutAdministration,
    LockoutNotices,
    PasswordAttempts,
    PasswordChecks,
    PasswordNotices,
    Passwords,
    ReclaimUser,
    ReplacePassword,
    RetirePassword,
    SettleAttempt,
    SystemAdministrators,
    TenantRules,
    UpdateProfile,
    Holds,
    ChangeAddress,
    AddressWishes,
    ChangeMails,
    TakeUpAddress,
    ConfirmEmailChange,
    EndPendingSecrets,
    IssueSecret,
    LookAtLink,
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
    { provide: PasswordHistory, useClass: SqlPasswordHistory },
    { provide: CommonPasswords, useClass: FileCommonPasswords },
    { provide: BreachedPasswords, useClass: HttpBreachedPasswords },
    { provide: Lockouts, useClass: SqlLockouts },
    { provide: KnownDevices, useClass: HmacKnownDevices },
    { provide: HeldUsernames, useClass: SqlHeldUsernames },
    { provide: MailedSecrets, useClass: SqlMailedSecrets },
    { provide: StandIns, useClass: HmacStandIns },
    FederatedUsersFacade,
    IdentityFacade,
    LockoutFacade,
    MailboxFacade,
    UserMailsFacade,
  ],
  exports: [
    AccountsFacade,
    FederatedUsersFacade,
    IdentityFacade,
    LockoutFacade,
    MailboxFacade,
    TenantRules,
    UserMailsFacade,
  ],
})
export class IdentityModule {}
