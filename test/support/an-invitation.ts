import { randomBytes, randomUUID } from 'node:crypto';
import type { RoleId, UserId } from '../../src/kernel/ids';
import { Invitation, type InvitationState } from '../../src/modules/tenancy/domain/invitation';
import { invitationId } from '../../src/modules/tenancy/domain/invitation-id';

const SENT = new Date('2026-01-01T00:00:00.000Z');
const IN_A_QUARTER = new Date('2026-01-01T00:15:00.000Z');
const IN_A_WEEK = new Date('2026-01-08T00:00:00.000Z');

/** A pending invitation that no text opens. */
export function anInvitation(
  { tenantId, roleId, invitedBy }: Pick<InvitationState, 'tenantId'> & { roleId: string; invitedBy: string },
  overrides: Partial<InvitationState> = {},
): Invitation {
  return Invitation.restore({
    id: invitationId(randomUUID()),
    tenantId,
    roleId: roleId as RoleId,
    email: 'bob@example.com',
    emailKey: randomBytes(32),
    invitedBy: invitedBy as UserId,
    tokenHash: randomBytes(32),
    codeHash: randomBytes(32),
    codeFailures: 0,
    createdAt: SENT,
    sentAt: SENT,
    expiresAt: IN_A_WEEK,
    codeExpiresAt: overrides.expiresAt ?? IN_A_QUARTER,
    acceptedAt: null,
    acceptedBy: null,
    revokedAt: null,
    ...overrides,
  });
}
