import type { UserId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';
import type { InvitationState } from './domain/invitation';

export const USER_INVITED = 'user.invited';
export const INVITATION_RESENT = 'user.invitation_resent';

type InvitationSubject = Pick<InvitationState, 'id' | 'tenantId'>;

const aboutInvitation = ({ id, tenantId }: InvitationSubject): Pick<DomainEvent, 'tenantId' | 'target'> => ({
  tenantId,
  target: { type: 'invitation', id },
});

/** Who does it, and the session they do it in; none other ends. */
type Inviter = Pick<Principal, 'userId' | 'sessionId'>;

/** The address is in the invitation, which does not last as long as the log. */
export function userInvited(invitation: InvitationSubject, { userId, sessionId }: Inviter, role: string): DomainEvent {
  const details = { role, kept_session_id: sessionId };
  return { type: USER_INVITED, outcome: 'success', userId, ...aboutInvitation(invitation), details };
}

export function invitingRefused(
  { userId, tenantId }: Pick<Principal, 'userId' | 'tenantId'>,
  reason: string,
  role: string,
): DomainEvent {
  return { type: USER_INVITED, outcome: 'failure', userId, tenantId, details: { reason, role } };
}

export function invitationResent(invitation: InvitationSubject, { userId, sessionId }: Inviter): DomainEvent {
  const details = { kept_session_id: sessionId };
  return { type: INVITATION_RESENT, outcome: 'success', userId, ...aboutInvitation(invitation), details };
}

export function invitationNotResent(invitation: InvitationSubject, by: UserId, reason: string): DomainEvent {
  const refused = { outcome: 'failure', userId: by, details: { reason } } as const;
  return { type: INVITATION_RESENT, ...refused, ...aboutInvitation(invitation) };
}

/** `replaced`: a newer invitation took its place. The last two: the owner of its sender's mailbox showed for the first time. */
export type InvitationEnd = 'revoked' | 'replaced' | 'account_reclaimed' | 'password_reset';

export function invitationRevoked(invitation: InvitationSubject, by: UserId, reason: InvitationEnd): DomainEvent {
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
