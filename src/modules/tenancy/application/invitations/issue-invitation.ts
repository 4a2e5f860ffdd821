import { Injectable } from '@nestjs/common';
import { RateLimitExceeded } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { invitingRefused } from '../../invitation.events';
import { orOnRecord } from '../limits/or-on-record';
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
    private readonly events: EventLog,
  ) {}

  /**
   * Throws ValidationFailed for a role there is not, EmailDomainNotAllowed, RoleBeyondOwnPermissions, AlreadyMember,
   * and RateLimitExceeded when the address was sent too many invitations already: one that is not sent helps nobody.
   * NotFound when tenant or role have just ended.
   */
  async execute(by: Principal, email: string, roleName: string): Promise<InvitationView> {
    const role = await this.admit(by, email, roleName);
    if (!(await this.mayMail(by, email, roleName))) throw new RateLimitExceeded(TRY_AGAIN_SECONDS);
    return this.putting.execute(by, email, role);
  }

  private mayMail(by: Principal, email: string, role: string): Promise<boolean> {
    const { work, events } = this;
    const attempt = (): Promise<boolean> => this.post.takeAllowance(by.tenantId, email);
    return orOnRecord({ work, events }, attempt, () => invitingRefused(by, 'quota_exceeded', role));
  }

  private async admit(by: Principal, email: string, role: string): Promise<InvitableRole> {
    const admission = await this.work.run(() => this.rights.toInvite(by, email, role));
    if (admission.kind === 'admitted') return admission.role;
    if (admission.why === 'unknown_role') throw unknownRole('role');
    if (admission.why === 'email_domain_not_allowed') throw new EmailDomainNotAllowed();
    throw admission.why === 'already_member' ? new AlreadyMember() : new RoleBeyondOwnPermissions();
  }
}
