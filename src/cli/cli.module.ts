import { Module } from '@nestjs/common';
import { InjectCommander } from 'nest-commander';
import { ApiKeysCommand } from './api-keys.command';
import { ApiKeysCreateCommand } from './api-keys-create.command';
import { ApiKeysListCommand } from './api-keys-list.command';
import { ApiKeysRevokeCommand } from './api-keys-revoke.command';
import { AuditCommand } from './audit.command';
import { AuditExportCommand } from './audit-export.command';
import { AuditListCommand } from './audit-list.command';
import { AuditTailCommand } from './audit-tail.command';
import { AuditArchiveCommand } from './audit-archive.command';
import { AuditPublicKeyCommand } from './audit-public-key.command';
import { AuditVerifyCommand } from './audit-verify.command';
import { ConfigCheckCommand, ConfigCommand } from './config.command';
import type { Commander } from './command';
import { InitCommand } from './init.command';
import { KeysCommand } from './keys.command';
import { KeysListCommand } from './keys-list.command';
import { KeysRetireCommand } from './keys-retire.command';
import { KeysRotateCommand } from './keys-rotate.command';
import { MailCommand } from './mail.command';
import { MailListCommand } from './mail-list.command';
import { MailRetryCommand } from './mail-retry.command';
import { MailShowCommand } from './mail-show.command';
import { MigrateCommand } from './migrate.command';
import { OpenApiCommand } from './openapi.command';
import { RolesCommand } from './roles.command';
import { RolesCreateCommand } from './roles-create.command';
import { RolesGrantCommand } from './roles-grant.command';
import { RolesListCommand } from './roles-list.command';
import { RolesRevokeCommand } from './roles-revoke.command';
import { SeedCommand } from './seed.command';
import { Service } from './service';
import { StartCommand } from './start.command';
import { TenantsCommand } from './tenants.command';
import { TenantsCreateCommand } from './tenants-create.command';
import { TenantsListCommand } from './tenants-list.command';
import { TenantsReactivateCommand } from './tenants-reactivate.command';
import { TenantsShowCommand } from './tenants-show.command';
import { TenantsSuspendCommand } from './tenants-suspend.command';
import { TenantsSetLimitsCommand } from './tenants-set-limits.command';
import { TenantsUsageCommand } from './tenants-usage.command';
import { Terminal } from './terminal';
import { UsersGrantSystemAdminCommand } from './users-grant-system-admin.command';
import { UsersRevokeSystemAdminCommand } from './users-revoke-system-admin.command';
import { UsersCommand } from './users.command';
import { UsersCreateCommand } from './users-create.command';
import { UsersListCommand } from './users-list.command';
import { UsersShowCommand } from './users-show.command';
import { UsersDeleteCommand } from './users-delete.command';
import { UsersUnlockCommand } from './users-unlock.command';

/** The commands. They open the service only when they need it, so that --help is quick and `openapi` needs no database. */
@Module({
  providers: [
    Service,
    Terminal,
    StartCommand,
    InitCommand,
    MigrateCommand,
    SeedCommand,
    UsersCommand,
    UsersCreateCommand,
    UsersListCommand,
    UsersShowCommand,
    UsersDeleteCommand,
    UsersUnlockCommand,
    UsersGrantSystemAdminCommand,
    UsersRevokeSystemAdminCommand,
    TenantsCommand,
    TenantsCreateCommand,
    TenantsListCommand,
    TenantsReactivateCommand,
    TenantsShowCommand,
    TenantsSuspendCommand,
    TenantsSetLimitsCommand,
    TenantsUsageCommand,
    ApiKeysCommand,
    ApiKeysCreateCommand,
    ApiKeysListCommand,
    ApiKeysRevokeCommand,
    RolesCommand,
    RolesCreateCommand,
    RolesGrantCommand,
    RolesListCommand,
    RolesRevokeCommand,
    KeysCommand,
    KeysListCommand,
    KeysRotateCommand,
    KeysRetireCommand,
    AuditCommand,
    AuditListCommand,
    AuditTailCommand,
    AuditExportCommand,
    AuditVerifyCommand,
    AuditPublicKeyCommand,
    AuditArchiveCommand,
    MailCommand,
    MailListCommand,
    MailShowCommand,
    MailRetryCommand,
    ConfigCommand,
    ConfigCheckCommand,
    OpenApiCommand,
  ],
})
export class CliModule {
  constructor(@InjectCommander() program: Commander) {
    program.name('doorward').description('A self-hosted authentication and access service');
  }
}
