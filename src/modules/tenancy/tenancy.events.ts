import type { TenantId, UserId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';
import type { InvitationState } from './domain/invitation';

export function tenantCreated(id: TenantId, owner: UserId): DomainEvent {
  return { type: 'tenant.created', outcome: 'success', userId: owner, tenantId: id, target: { type: 'tenant', id } };
}

export function builtInRolesSeeded(names: readonly string[]): DomainEvent {
  return { type: 'system.roles_seeded', outcome: 'success', userId: null, tenantId: null, details: { roles: names } };
}

export function roleGranted(tenantId: TenantId, member: UserId, role: string): DomainEvent {
  return {
    type: 'role.granted',
    outcome: 'success',
    userId: member,
    tenantId,
    target: { type: 'user', id: member },
    details: { role },
  };
}

const POLICY_FIELDS = {
  refreshFromNewDevice: 'refresh_from_new_device',
  secondFactorAboveRisk: 'mfa_above_risk',
} as const;

/** Names of the contract, for the log outlives the names of the code. */
export function tenantPolicyChanged(
  by: Pick<Principal, 'userId'>,
  tenantId: TenantId,
  changed: readonly (keyof typeof POLICY_FIELDS)[],
): DomainEvent {
  const fields = changed.map((field) => POLICY_FIELDS[field]);
  const target = { type: 'tenant', id: tenantId };
  return { type: 'tenant.updated', outcome: 'success', userId: by.userId, tenantId, target, details: { fields } };
}

type InvitationSubject = Pick<InvitationState, 'id' | 'tenantId'>;

const aboutInvitation = ({ id, tenantId }: InvitationSubject): Pick<DomainEvent, 'tenantId' | 'target'> => ({
  tenantId,
  target: { type: 'invitation', id },
});

/** The address is in the invitation, which does not last as long as the log. */
export function userInvited(invitation: InvitationSubject, by: UserId, role: string): DomainEvent {
  return { type: 'user.invited', outcome: 'success', userId: by, ...aboutInvitation(invitation), details: { role } };
}

export function invitingRefused(
  { userId, tenantId }: Pick<Principal, 'userId' | 'tenantId'>,
  reason: string,
  role: string,
): DomainEvent {
  return { type: 'user.invited', outcome: 'failure', userId, tenantId, details: { reason, role } };
}

export function invitationResent(invitation: InvitationSubject, by: UserId): DomainEvent {
  return { type: 'user.invitation_resent', outcome: 'success', userId: by, ...aboutInvitation(invitation) };
}

/** `reason` is `replaced` when a newer invitation took its place. */
export function invitationRevoked(
  invitation: InvitationSubject,
  by: UserId,
  reason: 'revoked' | 'replaced',
): DomainEvent {
  const details = { reason };
  return { type: 'user.invitation_revoked', outcome: 'success', userId: by, ...aboutInvitation(invitation), details };
}

const INVITATION_ACCEPTED = 'user.invitation_accepted';

export function invitationAccepted(invitation: InvitationState, by: UserId, role: string): DomainEvent {
  const details = { role, invited_by: invitation.invitedBy };
  return { type: INVITATION_ACCEPTED, outcome: 'success', userId: by, ...aboutInvitation(invitation), details };
}

/** The true reason, for the log alone. `invitation` is null when there is none. */
export function invitationRefused(
  invitation: InvitationSubject | null,
  reason: string,
  userId: UserId | null = null,
): DomainEvent {
  const about = invitation === null ? { tenantId: null } : aboutInvitation(invitation);
  return { type: INVITATION_ACCEPTED, outcome: 'failure', userId, ...about, details: { reason } };
}
