import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { DomainEvent } from '../../../../platform/events/event-log';
import { EmailDomainNotAllowed } from '../../domain/errors';
import { RoleBeyondOwnPermissions } from '../../domain/invitation-errors';
import type { InvitationId } from '../../domain/invitation-id';
import { invitationNotResent } from '../../invitation.events';
import { InvitationPost } from './invitation-post';
import { InvitationQueries } from './invitation-queries';
import { InvitationRights } from './invitation-rights';
import { RenewInvitation } from './renew-invitation';

/** Sends an invitation of the active tenant again, with another link and code. */
@Injectable()
export class ResendInvitation {
  constructor(
    private readonly queries: InvitationQueries,
    private readonly rights: InvitationRights,
    private readonly post: InvitationPost,
    private readonly renewing: RenewInvitation,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Throws NotFound: not there, another tenant's, accepted, or revoked. Throws RoleBeyondOwnPermissions, for it rests
   * on the caller's rights from now on, and EmailDomainNotAllowed, for nobody could accept it. When the address was
   * sent too many already nothing happens, and nobody is told (LG-10). Throws QuotaExceeded when the tenant had all the
   * mails sent today that it may.
   */
  async execute(by: Principal, id: InvitationId): Promise<void> {
    const invitation = await this.work.run((now) => this.queries.find(by.tenantId, id, now));
    if (!invitation || invitation.status === 'accepted' || invitation.status === 'revoked') throw new NotFound();
    const admission = await this.work.run(() => this.rights.toResend(by, invitation));
    if (admission === 'email_domain_not_allowed') throw new EmailDomainNotAllowed();
    if (admission === 'beyond_own_permissions') throw new RoleBeyondOwnPermissions();
    const beyond = (): DomainEvent => invitationNotResent({ id, tenantId: by.tenantId }, by.userId, 'quota_exceeded');
    if (!(await this.post.takeAllowance(by.tenantId, invitation.email, beyond))) return;
    if (!(await this.renewing.execute(by, invitation))) throw new NotFound();
  }
}
