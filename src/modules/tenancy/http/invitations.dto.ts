import { ApiProperty, PickType } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { pageOf, PageQuery } from '../../../platform/http/page-query.dto';
import { AccountFields } from '../../identity/identity.facade';
import type { InvitationPage, InvitationView } from '../application/invitations/invitation-queries';
import { type InvitationId, invitationId } from '../domain/invitation-id';

const STATUSES = ['pending', 'accepted', 'revoked', 'expired'];

export class InviteRequest extends PickType(AccountFields, ['email'] as const) {
  /**
   * The name of a role that may do nothing the caller may not.
   * @example "viewer"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  role!: string;
}

export class InvitationsQuery extends PageQuery {
  /** `next_cursor` of the page before. */
  @IsOptional()
  @IsUUID()
  cursor?: string;

  static pageOf(query: InvitationsQuery): { readonly limit: number; readonly cursor: InvitationId | null } {
    return pageOf(query, invitationId);
  }
}

/** An invitation without what it is accepted with: that is in the mail alone. */
export class InvitationResponse {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8057" */
  id!: string;
  /** @example "bob@example.com" */
  email!: string;
  /** @example "viewer" */
  role!: string;
  /** The user who invited. */
  invited_by!: string;
  @ApiProperty({ enum: STATUSES, example: 'pending' })
  status!: 'pending' | 'accepted' | 'revoked' | 'expired';
  /** @example "2026-11-21T12:00:00.000Z" */
  created_at!: string;
  /** @example "2026-11-28T12:00:00.000Z" */
  expires_at!: string;

  static from(invitation: InvitationView): InvitationResponse {
    return Object.assign(new InvitationResponse(), {
      id: invitation.id,
      email: invitation.email,
      role: invitation.role,
      invited_by: invitation.invitedBy,
      status: invitation.status,
      created_at: invitation.createdAt.toISOString(),
      expires_at: invitation.expiresAt.toISOString(),
    });
  }
}

export class InvitationsResponse {
  items!: InvitationResponse[];
  /** null on the last page. */
  next_cursor!: string | null;

  static from(page: InvitationPage): InvitationsResponse {
    const items = page.items.map((invitation) => InvitationResponse.from(invitation));
    return Object.assign(new InvitationsResponse(), { items, next_cursor: page.nextCursor });
  }
}
