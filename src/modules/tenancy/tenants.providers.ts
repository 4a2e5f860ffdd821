import type { Provider, Type } from '@nestjs/common';
import { JoinTenant } from './application/join-tenant';
import { MemberRoles } from './application/members/member-roles';
import { SetMemberRoles } from './application/members/set-member-roles';
import { TransferOwnership } from './application/members/transfer-ownership';
import { OpenTenant } from './application/open-tenant';
import { SeedBuiltInRoles } from './application/seed-built-in-roles';
import { ChangeTenantStatus } from './application/tenants/change-tenant-status';
import { CloseTenant } from './application/tenants/close-tenant';
import { EditTenant } from './application/tenants/edit-tenant';
import { EndTenant } from './application/tenants/end-tenant';
import { FoundTenant } from './application/tenants/found-tenant';
import { ProvideHome } from './application/tenants/provide-home';
import { PurgeTenants } from './application/tenants/purge-tenants';
import { ReadTenants } from './application/tenants/read-tenants';
import { TenantAdministration } from './application/tenants/tenant-administration';
import { TenantAuthority } from './application/tenants/tenant-authority';
import { TenantQueries } from './application/tenants/tenant-queries';
import { VacateTenant } from './application/tenants/vacate-tenant';
import { Tenants } from './application/tenants.port';
import { TenantMembersController } from './http/tenant-members.controller';
import { TenantStandingController } from './http/tenant-standing.controller';
import { TenantsController } from './http/tenants.controller';
import { SqlTenantQueries } from './infrastructure/sql-tenant-queries';
import { TypeOrmTenants } from './infrastructure/typeorm-tenants';
import { TenantChores } from './tenant-chores';
import { TenantsFacade } from './tenants.facade';

/** What tenants themselves need: how they are opened, changed, and ended. */
export const tenantsProviders: Provider[] = [
  ChangeTenantStatus,
  CloseTenant,
  EditTenant,
  EndTenant,
  FoundTenant,
  JoinTenant,
  MemberRoles,
  OpenTenant,
  ProvideHome,
  PurgeTenants,
  ReadTenants,
  SeedBuiltInRoles,
  SetMemberRoles,
  TenantAdministration,
  TenantAuthority,
  TenantChores,
  TenantsFacade,
  TransferOwnership,
  VacateTenant,
  { provide: TenantQueries, useClass: SqlTenantQueries },
  { provide: Tenants, useClass: TypeOrmTenants },
];

export const tenantsControllers: Type[] = [TenantMembersController, TenantStandingController, TenantsController];
