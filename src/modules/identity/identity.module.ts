import { Module } from '@nestjs/common';
import { AccountsFacade } from './accounts.facade';
import { AccountAdministration } from './application/account-administration';
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
import { PasswordChecks } from './application/password-checks';
import { PasswordHasher } from './application/password-hasher.port';
import { Passwords } from './application/passwords';
import { ReplacePassword } from './application/replace-password';
import { SettleAttempt } from './application/lockout/settle-attempt';
import { StandIns } from './application/lockout/stand-ins.port';
import { UpdateProfile } from './application/update-profile';
import { UserQueries } from './application/user-queries';
import { Users } from './application/users.port';
import { PasswordsController } from './http/passwords.controller';
import { UsersController } from './http/users.controller';
import { IdentityChores } from './identity-chores';
import { IdentityFacade } from './identity.facade';
import { HmacKnownDevices } from './infrastructure/lockout/hmac-known-devices';
import { HmacStandIns } from './infrastructure/lockout/hmac-stand-ins';
import { SelectablePasswordHasher } from './infrastructure/selectable-password-hasher';
import { SqlLockouts } from './infrastructure/lockout/sql-lockouts';
import { TypeOrmUserQueries } from './infrastructure/typeorm-user-queries';
import { TypeOrmUsers } from './infrastructure/typeorm-users';
import { UserRow } from './infrastructure/user.row';
import { LockoutFacade } from './lockout.facade';
import { TenantRules } from './tenant-rules.facade';

export const identityRows = [UserRow];

/** Users, their passwords, and what becomes of wrong ones. */
@Module({
  controllers: [UsersController, PasswordsController],
  providers: [
    AccountAdministration,
    AccountsFacade,
    AddUser,
    AdmitUser,
    ChangePassword,
    DraftUser,
    GuessSources,
    LockoutAdministration,
    LockoutNotices,
    PasswordAttempts,
    PasswordChecks,
    Passwords,
    ReplacePassword,
    SettleAttempt,
    TenantRules,
    UpdateProfile,
    IdentityChores,
    { provide: Users, useClass: TypeOrmUsers },
    { provide: UserQueries, useClass: TypeOrmUserQueries },
    { provide: PasswordHasher, useClass: SelectablePasswordHasher },
    { provide: Lockouts, useClass: SqlLockouts },
    { provide: KnownDevices, useClass: HmacKnownDevices },
    { provide: StandIns, useClass: HmacStandIns },
    IdentityFacade,
    LockoutFacade,
  ],
  exports: [AccountsFacade, IdentityFacade, LockoutFacade, TenantRules],
})
export class IdentityModule {}
