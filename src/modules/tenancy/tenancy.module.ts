import { Module, type OnModuleInit } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { TenantRules } from '../identity/tenant-rules.facade';
import { AdmitInvitation } from './application/invitation-admit';
import { IssueInvitation } from './application/invitation-issue';
import { InvitationLetters } from './application/invitation-letters';
import { PeekInvitation } from './application/invitation-peek';
import { InvitationPost } from './application/invitation-post';
import { PresentInvitation } from './application/invitation-presentation';
import { PutInvitation } from './application/invitation-put';
import { InvitationQueries } from './application/invitation-queries';
import { RedeemInvitation } from './application/invitation-redemption';
import { RemoveEndedInvitations } from './application/invitation-removal';
import { RenewInvitation } from './application/invitation-renew';
import { ResendInvitation } from './application/invitation-resend';
import { RevokeInvitation } from './application/invitation-revoke';
import { InvitationRights } from './application/invitation-rights';
import { InvitationRoles } from './application/invitation-roles.port';
import { InvitationSecrets } from './application/invitation-secrets';
import { Invitations } from './application/invitations.port';
import { CloseTenant } from './application/members/close-tenant';
import { EraseAccount } from './application/members/erase-account';
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
import { InvitationsController } from './http/invitations.controller';
import { MembersController } from './http/members.controller';
import { OwnAccountController } from "./http/own-account.controller";
import { TenantPolicyController } from './http/tenant-policy.controller';
import { InvitationRow } from './infrastructure/invitation.row';
import { MembershipRoleRow, MembershipRow } from './infrastructure/membership.row';
import { RoleRow } from './infrastructure/role.row';
import { SqlMemberQueries } from './infrastructure/sql-member-queries';
import { SqlMembers } from './infrastructure/sql-members';
import { SqlInvitationQueries } from './infrastructure/sql-invitation-queries';
import { SqlTenancyQueries } from './infrastructure/sql-tenancy-queries';
import { TenancyPersonalData } from './infrastructure/tenancy-personal-data';
import { TenantRow } from './infrastructure/tenant.row';
import { TypeOrmInvitationRoles } from './infrastructure/typeorm-invitation-roles';
import { TypeOrmInvitations } from './infrastructure/typeorm-invitations';
import { TypeOrmTenantPolicies } from './infrastructure/typeorm-tenant-policies';
import { TypeOrmTenants } from './infrastructure/typeorm-tenants';
import { MembersFacade } from './members.facade';
import { InvitationChores } from './invitation-chores';
import { InvitationsFacade } from './invitations.facade';
import { TenancyFacade } from './tenancy.facade';

export const tenancyRows = [TenantRow, MembershipRow, MembershipRoleRow, RoleRow, InvitationRow];

/** Tenants, memberships, roles and permissions. */
@Module({
  imports: [IdentityModule],
  controllers: [OwnAccountController, InvitationsController, MembersController, MemberStandingController, TenantPolicyController],
  providers: [
    AdmitInvitation,
    InvitationChores,
    InvitationLetters,
    InvitationPost,
    InvitationRights,
    InvitationSecrets,
    IssueInvitation,
    JoinTenant,
    OpenTenant,
    PeekInvitation,
    PresentInvitation,
    PutInvitation,
    RedeemInvitation,
    RemoveEndedInvitations,
    RenewInvitation,
    ResendInvitation,
    RevokeInvitation,
    SeedBuiltInRoles,
    TenantPolicyAdministration,
    TenancyPersonalData,
    UnlockMember,
    ActOnMember,
    ChangeMemberStatus,
    CreateMember,
    EditMember,
    CloseTenant,
    EraseAccount,
    LastOwners,
    MembersFacade,
    RemoveMember,
    ResetSecondFactors,
    SignOutMember,
    { provide: MemberQueries, useClass: SqlMemberQueries },
    { provide: Members, useClass: SqlMembers },
    { provide: InvitationQueries, useClass: SqlInvitationQueries },
    { provide: InvitationRoles, useClass: TypeOrmInvitationRoles },
    { provide: Invitations, useClass: TypeOrmInvitations },
    { provide: TenantPolicies, useClass: TypeOrmTenantPolicies },
    { provide: Tenants, useClass: TypeOrmTenants },
    { provide: TenancyQueries, useClass: SqlTenancyQueries },
    InvitationsFacade,
    TenancyFacade,
  ],
  exports: [InvitationsFacade, MembersFacade, TenancyFacade],
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
