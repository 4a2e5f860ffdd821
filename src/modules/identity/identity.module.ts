import { Module } from '@nestjs/common';
import { AddUser } from './application/add-user';
import { AdmitUser } from './application/admit-user';
import { ChangePassword } from './application/change-password';
import { DraftUser } from './application/draft-user';
import { PasswordHasher } from './application/password-hasher.port';
import { Passwords } from './application/passwords';
import { UpdateProfile } from './application/update-profile';
import { UserQueries } from './application/user-queries';
import { Users } from './application/users.port';
import { VerifyPassword } from './application/verify-password';
import { PasswordsController } from './http/passwords.controller';
import { UsersController } from './http/users.controller';
import { IdentityFacade } from './identity.facade';
import { SelectablePasswordHasher } from './infrastructure/selectable-password-hasher';
import { TypeOrmUserQueries } from './infrastructure/typeorm-user-queries';
import { TypeOrmUsers } from './infrastructure/typeorm-users';
import { UserRow } from './infrastructure/user.row';

export const identityRows = [UserRow];

/** Users and their passwords. */
@Module({
  controllers: [UsersController, PasswordsController],
  providers: [
    AddUser,
    AdmitUser,
    ChangePassword,
    DraftUser,
    Passwords,
    UpdateProfile,
    VerifyPassword,
    { provide: Users, useClass: TypeOrmUsers },
    { provide: UserQueries, useClass: TypeOrmUserQueries },
    { provide: PasswordHasher, useClass: SelectablePasswordHasher },
    IdentityFacade,
  ],
  exports: [IdentityFacade],
})
export class IdentityModule {}
