import { Module, type OnModuleInit } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { TenantRules } from '../identity/tenant-rules.facade';
import { EndSentInvitations } from './application/invitations/end-sent-invitations';
import { ForgetInvitations } from './application/invitations/forget-invitations';
import { InvitationLetters } from './application/invitations/invitation-letters';
import { InvitationPost } from './application/invitations/invitation-post';
import { InvitationQueries } from './application/invitations/invitation-queries';
import { InvitationRights } from './application/invitations/invitation-rights';
import { InvitationRoles } from './application/invitations/invitation-roles.port';
import { InvitationSecrets } from './application/invitations/invitation-secrets';
import { Invitations } from './application/invitations/invitations.port';
import { IssueInvitation } from './application/invitations/issue-invitation';
import { PeekInvitation } from './application/invitations/peek-invitation';
import { PresentInvitation } from './application/invitations/present-invitation';
import { PutInvitation } from './application/invitations/put-invitation';
import { RedeemInvitation } from './application/invitations/redeem-invitation';
import { RemoveEndedInvitations } from './application/invitations/remove-ended-invitations';
import { RenewInvitation } from './application/invitations/renew-invitation';
import { ResendInvitation } from './application/invitations/resend-invitation';
import { RevokeInvitation } from './application/invitations/revoke-invitation';
import { ActOnMember } from './application/members/act-on-member';
import { ActorRights } from './application/members/actor-rights';
import { ChangeMemberStatus } from './application/members/change-member-status';
import { CreateMember } from './application/members/create-member';
import { DeletionRecord } from './application/members/deletion-record';
import { InvitedAddress } from './application/invitations/invited-address';
import { AutoJoin } from './application/policy/auto-join';
import { EmailDomains } from './application/policy/email-domains';
import { DraftMember } from './application/members/draft-member';
import { EditMember } from './application/members/edit-member';
import { EndAccount } from './application/members/end-account';
import { EraseAccount } from './application/members/erase-account';
import { ForgetNamesake } from './application/members/forget-namesake';
import { GrantRole } from './application/members/grant-role';
import { LastOwners } from './application/members/last-owners';
import { LeaveTenants } from './application/members/leave-tenants';
import { MemberInvitations } from './application/members/member-invitations';
import { MemberQueries } from './application/members/member-queries';
import { Members } from './application/members/members.port';
import { RemoveMember } from './application/members/remove-member';
import { RemovedAccount } from './application/members/removed-account';
import { ResetSecondFactors } from './application/members/reset-second-factors';
import { SignOutMember } from './application/members/sign-out-member';
import { StripAccount } from './application/members/strip-account';
import { UnlockMember } from './application/members/unlock-member';
import { TenancyQueries } from './application/tenancy-queries';
import { TenantPolicies } from './application/tenant-policies.port';
import { TenantPolicyAdministration } from './application/tenant-policy-administration';
import { InvitationsController } from './http/invitations.controller';
import { MemberStandingController } from './http/member-standing.controller';
import { MembersController } from './http/members.controller';
import { OwnAccountController } from './http/own-account.controller';
import { TenantPolicyController } from './http/tenant-policy.controller';
import { InvitationRow } from './infrastructure/invitation.row';
import { MembershipRoleRow, MembershipRow } from './infrastructure/membership.row';
import { RoleRow } from './infrastructure/role.row';
import { SqlInvitationQueries } from './infrastructure/sql-invitation-queries';
import { SqlMemberQueries } from './infrastructure/sql-member-queries';
import { SqlMembers } from './infrastructure/sql-members';
import { SqlTenancyQueries } from './infrastructure/sql-tenancy-queries';
import { TenancyPersonalData } from './infrastructure/tenancy-personal-data';
import { TenantRow } from './infrastructure/tenant.row';
import { TypeOrmInvitationRoles } from './infrastructure/typeorm-invitation-roles';
import { TypeOrmInvitations } from './infrastructure/typeorm-invitations';
import { TypeOrmTenantPolicies } from './infrastructure/typeorm-tenant-policies';
import { InvitationChores } from './invitation-chores';
import { InvitationSubscriptions } from './invitation-subscriptions';
import { limitsControllers, limitsProviders } from './limits.providers';
import { InvitationsFacade } from './invitations.facade';
import { MembersFacade } from './members.facade';
import { QuotasFacade } from './quotas.facade';
import { roleControllers, roleProviders } from './roles.providers';
import { RolesFacade } from './roles.facade';
import { SecondFactors } from './second-factors.facade';
import { TenancyFacade } from './tenancy.facade';
import { TenantsFacade } from './tenants.facade';
import { tenantsControllers, tenantsProviders } from './tenants.providers';
import { UsageFacade } from './usage.facade';

export const tenancyRows = [TenantRow, MembershipRow, MembershipRoleRow, RoleRow, InvitationRow];

/** Tenants, memberships, roles and permissions. */
@Module({
  imports: [IdentityModule],
  controllers: [
    OwnAccountController,
    InvitationsController,
    MembersController,
    MemberStandingController,
    TenantPolicyController,
    ...roleControllers,
    ...tenantsControllers,
    ...limitsControllers,
  ],
  providers: [
    ...limitsProviders,
    EndSentInvitations,
    InvitationChores,
    InvitationLetters,
    InvitationPost,
    InvitationRights,
    InvitationSecrets,
    InvitationSubscriptions,
    IssueInvitation,
    PeekInvitation,
    PresentInvitation,
    PutInvitation,
    RedeemInvitation,
    RemoveEndedInvitations,
    RenewInvitation,
    ResendInvitation,
    RevokeInvitation,
    TenantPolicyAdministration,
    TenancyPersonalData,
    UnlockMember,
    ActOnMember,
    ActorRights,
    DraftMember,
    AutoJoin,
    EmailDomains,
    InvitedAddress,
    EndAccount,
    GrantRole,
    ForgetNamesake,
    MemberInvitations,
    RemovedAccount,
    ChangeMemberStatus,
    CreateMember,
    EditMember,
    DeletionRecord,
    LeaveTenants,
    EraseAccount,
    ForgetInvitations,
    LastOwners,
    MembersFacade,
    QuotasFacade,
    RemoveMember,
    ResetSecondFactors,
    SecondFactors,
    SignOutMember,
    StripAccount,
    { provide: MemberQueries, useClass: SqlMemberQueries },
    { provide: Members, useClass: SqlMembers },
    { provide: InvitationQueries, useClass: SqlInvitationQueries },
    { provide: InvitationRoles, useClass: TypeOrmInvitationRoles },
    { provide: Invitations, useClass: TypeOrmInvitations },
    { provide: TenantPolicies, useClass: TypeOrmTenantPolicies },
    { provide: TenancyQueries, useClass: SqlTenancyQueries },
    InvitationsFacade,
    TenancyFacade,
    ...roleProviders,
    ...tenantsProviders,
  ],
  exports: [
    InvitationsFacade,
    MembersFacade,
    QuotasFacade,
    RolesFacade,
    SecondFactors,
    TenancyFacade,
    TenantsFacade,
    UsageFacade,
  ],
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
