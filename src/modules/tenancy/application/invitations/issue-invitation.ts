import { Injectable } from '@nestjs/common';
import { RateLimitExceeded } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { DomainEvent } from '../../../../platform/events/event-log';
import { invitingRefused } from '../../invitation.events';
import { EmailDomainNotAllowed } from '../../domain/errors';
import { AlreadyMember, RoleBeyondOwnPermissions } from '../../domain/invitation-errors';
import { unknownRole } from '../../domain/unknown-role';
import type { InvitationView } from './invitation-queries';
import type { InvitableRole } from './invitation-roles.port';
import { InvitationPost } from './invitation-post';
import { InvitationRights } from './invitation-rights';
import { PutInvitation } from './put-invitation';

/** A mailbox that is full for now has room again after so long. */
const TRY_AGAIN_SECONDS = 300;

/** Invites somebody to the active tenant of the caller. Whether the address has an account, the caller does not learn. */
@Injectable()
export class IssueInvitation {
  constructor(
    private readonly rights: InvitationRights,
    private readonly post: InvitationPost,
    private readonly putting: PutInvitation,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Throws ValidationFailed for a role there is not, EmailDomainNotAllowed, RoleBeyondOwnPermissions, AlreadyMember,
   * and RateLimitExceeded when the address was sent too many invitations already: one that is not sent helps nobody.
   * NotFound when tenant or role have just ended.
   */
  async execute(by: Principal, email: string, roleName: string): Promise<InvitationView> {
    const role = await this.admit(by, email, roleName);
    const beyond = (): DomainEvent => invitingRefused(by, 'quota_exceeded', roleName);
    if (!(await this.post.takeAllowance(by.tenantId, email, beyond))) throw new RateLimitExceeded(TRY_AGAIN_SECONDS);
    return this.putting.execute(by, email, role);
  }

  private async admit(by: Principal, email: string, role: string): Promise<InvitableRole> {
    const admission = await this.work.run(() => this.rights.toInvite(by, email, role));
    if (admission.kind === 'admitted') return admission.role;
    if (admission.why === 'unknown_role') throw unknownRole('role');
    if (admission.why === 'email_domain_not_allowed') throw new EmailDomainNotAllowed();
    throw admission.why === 'already_member' ? new AlreadyMember() : new RoleBeyondOwnPermissions();
  }
}
