import { Module, type OnModuleInit } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { TenantRules } from '../identity/tenant-rules.facade';
import { JoinTenant } from './application/join-tenant';
import { OpenTenant } from './application/open-tenant';
import { SeedBuiltInRoles } from './application/seed-built-in-roles';
import { ActOnMember } from './application/members/act-on-member';
import { ChangeMemberStatus } from './application/members/change-member-status';
import { CreateMember } from './application/members/create-member';
import { EditMember } from './application/members/edit-member';
import { LastOwners } from './application/members/last-owners';
import { MemberQueries } from './application/members/member-queries';
import { Members } from './application/members/members.port';
import { RemoveMember } from './application/members/remove-member';
import { ResetSecondFactors } from './application/members/reset-second-factors';
import { SignOutMember } from './application/members/sign-out-member';
import { UnlockMember } from './application/members/unlock-member';
import { TenancyQueries } from './application/tenancy-queries';
import { TenantPolicies } from './application/tenant-policies.port';
import { TenantPolicyAdministration } from './application/tenant-policy-administration';
import { Tenants } from './application/tenants.port';
import { MemberStandingController } from './http/member-standing.controller';
import { MembersController } from './http/members.controller';
import { TenantPolicyController } from './http/tenant-policy.controller';
import { MembershipRoleRow, MembershipRow } from './infrastructure/membership.row';
import { RoleRow } from './infrastructure/role.row';
import { SqlMemberQueries } from './infrastructure/sql-member-queries';
import { SqlMembers } from './infrastructure/sql-members';
import { SqlTenancyQueries } from './infrastructure/sql-tenancy-queries';
import { TenancyPersonalData } from './infrastructure/tenancy-personal-data';
import { TenantRow } from './infrastructure/tenant.row';
import { TypeOrmTenantPolicies } from './infrastructure/typeorm-tenant-policies';
import { TypeOrmTenants } from './infrastructure/typeorm-tenants';
import { MembersFacade } from './members.facade';
import { TenancyFacade } from './tenancy.facade';

export const tenancyRows = [TenantRow, MembershipRow, MembershipRoleRow, RoleRow];

/** Tenants, memberships, roles and permissions. */
@Module({
  imports: [IdentityModule],
  controllers: [MembersController, MemberStandingController, TenantPolicyController],
  providers: [
    JoinTenant,
    OpenTenant,
    SeedBuiltInRoles,
    TenantPolicyAdministration,
    TenancyPersonalData,
    UnlockMember,
    ActOnMember,
    ChangeMemberStatus,
    CreateMember,
    EditMember,
    LastOwners,
    MembersFacade,
    RemoveMember,
    ResetSecondFactors,
    SignOutMember,
    { provide: MemberQueries, useClass: SqlMemberQueries },
    { provide: Members, useClass: SqlMembers },
    { provide: TenantPolicies, useClass: TypeOrmTenantPolicies },
    { provide: Tenants, useClass: TypeOrmTenants },
    { provide: TenancyQueries, useClass: SqlTenancyQueries },
    TenancyFacade,
  ],
  exports: [MembersFacade, TenancyFacade],
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
