import { Module, type OnModuleInit } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { TenantRules } from '../identity/tenant-rules.facade';
import { JoinTenant } from './application/join-tenant';
import { OpenTenant } from './application/open-tenant';
import { SeedBuiltInRoles } from './application/seed-built-in-roles';
import { TenancyQueries } from './application/tenancy-queries';
import { TenantPolicies } from './application/tenant-policies.port';
import { TenantPolicyAdministration } from './application/tenant-policy-administration';
import { Tenants } from './application/tenants.port';
import { UnlockMember } from './application/unlock-member';
import { MembersController } from './http/members.controller';
import { TenantPolicyController } from './http/tenant-policy.controller';
import { MembershipRoleRow, MembershipRow } from './infrastructure/membership.row';
import { RoleRow } from './infrastructure/role.row';
import { SqlTenancyQueries } from './infrastructure/sql-tenancy-queries';
import { TenancyPersonalData } from './infrastructure/tenancy-personal-data';
import { TenantRow } from './infrastructure/tenant.row';
import { TypeOrmTenantPolicies } from './infrastructure/typeorm-tenant-policies';
import { TypeOrmTenants } from './infrastructure/typeorm-tenants';
import { TenancyFacade } from './tenancy.facade';

export const tenancyRows = [TenantRow, MembershipRow, MembershipRoleRow, RoleRow];

/** Tenants, memberships, roles and permissions. */
@Module({
  imports: [IdentityModule],
  controllers: [MembersController, TenantPolicyController],
  providers: [
    JoinTenant,
    OpenTenant,
    SeedBuiltInRoles,
    TenantPolicyAdministration,
    TenancyPersonalData,
    UnlockMember,
    { provide: TenantPolicies, useClass: TypeOrmTenantPolicies },
    { provide: Tenants, useClass: TypeOrmTenants },
    { provide: TenancyQueries, useClass: SqlTenancyQueries },
    TenancyFacade,
  ],
  exports: [TenancyFacade],
})
export class TenancyModule implements OnModuleInit {
  constructor(
    private readonly rules: TenantRules,
    private readonly queries: TenancyQueries,
  ) {}

  onModuleInit(): void {
    this.rules.register((user) => this.queries.demandsOn(user));
  }
}
