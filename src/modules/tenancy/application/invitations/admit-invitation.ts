import { Injectable } from '@nestjs/common';
import { type TenantId, userId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { IdentityFacade } from '../../../identity/identity.facade';
import type { InvitationId } from '../../domain/invitation-id';
import { invitationNotResent, invitingRefused } from '../../invitation.events';
import { InvitationRights } from './invitation-rights';
import { type InvitableRole, InvitationRoles } from './invitation-roles.port';

export type InvitationAdmission =
  | { readonly kind: 'admitted'; readonly role: InvitableRole }
  | { readonly kind: 'refused'; readonly why: 'unknown_role' | 'beyond_own_permissions' | 'already_member' };

/** Who is a member of nothing. */
const NOBODY = userId('00000000-0000-0000-0000-000000000000');

/** Whether somebody may be invited, to which role, and by this caller. Within the caller's unit of work. */
@Injectable()
export class AdmitInvitation {
  constructor(
    private readonly roles: InvitationRoles,
    private readonly rights: InvitationRights,
    private readonly identity: IdentityFacade,
    private readonly events: EventLog,
  ) {}

  /** A refusal is on record with its true reason; a role there is not is a slip. */
  async execute(by: Principal, email: string, role: string): Promise<InvitationAdmission> {
    const found = await this.roles.named(by.tenantId, role);
    if (!found) return { kind: 'refused', why: 'unknown_role' };
    const refusal = await this.rights.refusalOf(by.userId, by.tenantId, found.permissions);
    const isMember = refusal === null && (await this.isMember(by.tenantId, email));
    if (refusal === null && !isMember) return { kind: 'admitted', role: found };
    await this.events.append(invitingRefused(by, refusal ?? 'already_member', role));
    return { kind: 'refused', why: isMember ? 'already_member' : 'beyond_own_permissions' };
  }

  /** Whether the caller may vouch for an invitation that somebody else may have made. A refusal is on record. */
  async ofResending(by: Principal, { id, role }: { id: InvitationId; role: string }): Promise<boolean> {
    const { tenantId } = by;
    const found = await this.roles.named(tenantId, role);
    const refusal = found && (await this.rights.refusalOf(by.userId, tenantId, found.permissions));
    if (found && refusal === null) return true;
    await this.events.append(invitationNotResent({ id, tenantId }, by.userId, refusal ?? 'unknown_role'));
    return false;
  }

  /**
   * Locked or disabled members too: an invitation must not lead past that. The same statements whether the address has an
   * account or not: inviters must not learn it from the time.
   */
  private async isMember(tenant: TenantId, email: string): Promise<boolean> {
    const account = await this.identity.users.findByReference(email);
    return (await this.rights.standingOf(account?.id ?? NOBODY, tenant)) !== null;
  }
}
