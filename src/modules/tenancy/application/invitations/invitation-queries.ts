import type { TenantId, UserId } from '../../../../kernel/ids';
import { type InvitationState, invitationStatus, type InvitationStatus } from '../../domain/invitation';
import type { InvitationId } from '../../domain/invitation-id';

/** An invitation as its tenant may know it: nothing in it opens anything. */
export type InvitationView = {
  readonly id: InvitationId;
  readonly email: string;
  /** A role's name. */
  readonly role: string;
  readonly invitedBy: UserId;
  readonly status: InvitationStatus;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

export type InvitationPage = { readonly items: readonly InvitationView[]; readonly nextCursor: InvitationId | null };

/** A pending invitation as whoever has its link may know it. */
export type InvitationPreview = {
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly role: string;
  readonly invitedBy: UserId;
  readonly email: string;
};

export function viewOf(invitation: InvitationState, role: string, now: Date): InvitationView {
  const { id, email, invitedBy, createdAt, expiresAt } = invitation;
  return { id, email, role, invitedBy, status: invitationStatus(invitation, now), createdAt, expiresAt };
}

/** Reads of invitations. */
export abstract class InvitationQueries {
  abstract find(tenantId: TenantId, id: InvitationId, now: Date): Promise<InvitationView | null>;

  /** Those of the tenant in the order they were made, ended ones for as long as they are kept, `limit` behind `cursor`. */
  abstract list(
    tenantId: TenantId,
    page: { limit: number; cursor: InvitationId | null },
    now: Date,
  ): Promise<InvitationPage>;

  /** What the link of a pending invitation invites to, without using it up. */
  abstract preview(tokenHash: Uint8Array, now: Date): Promise<InvitationPreview | null>;
}
