import type { Provider, Type } from '@nestjs/common';
import { JoinTenant } from './application/join-tenant';
import { OpenTenant } from './application/open-tenant';
import { SeedBuiltInRoles } from './application/seed-built-in-roles';
import { Tenants } from './application/tenants.port';
import { TypeOrmTenants } from './infrastructure/typeorm-tenants';

/** What tenants themselves need: how they are opened, changed, and ended. */
export const tenantsProviders: Provider[] = [
  JoinTenant,
  OpenTenant,
  SeedBuiltInRoles,
  { provide: Tenants, useClass: TypeOrmTenants },
];

export const tenantsControllers: Type[] = [];
