import { Injectable } from '@nestjs/common';
import { tenantId, type TenantId, userId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import {
  type InvitationPage,
  type InvitationPreview,
  InvitationQueries,
  type InvitationView,
} from '../application/invitations/invitation-queries';
import { invitationStatus } from '../domain/invitation';
import { type InvitationId, invitationId } from '../domain/invitation-id';

type Found = {
  id: string;
  tenant_id: string;
  email: string;
  role: string;
  invited_by: string;
  created_at: Date;
  expires_at: Date;
  accepted_at: Date | null;
  revoked_at: Date | null;
};

const SELECT = `SELECT i.id, i.tenant_id, i.email, r.name AS role, i.invited_by, i.created_at, i.expires_at,
                       i.accepted_at, i.revoked_at
                FROM invitations i JOIN roles r ON r.id = i.role_id`;

@Injectable()
export class SqlInvitationQueries extends InvitationQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async find(tenant: TenantId, id: InvitationId, now: Date): Promise<InvitationView | null> {
    const [found] = await this.query(`${SELECT} WHERE i.tenant_id = $1 AND i.id = $2`, [tenant, id]);
    return found ? viewOf(found, now) : null;
  }

  async list(
    tenant: TenantId,
    { limit, cursor }: { limit: number; cursor: InvitationId | null },
    now: Date,
  ): Promise<InvitationPage> {
    const found = await this.query(
      `${SELECT} WHERE i.tenant_id = $1 AND ($2::uuid IS NULL OR i.id > $2) ORDER BY i.id LIMIT $3`,
      [tenant, cursor, limit + 1],
    );
    const items = found.slice(0, limit).map((row) => viewOf(row, now));
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  async preview(tokenHash: Uint8Array, now: Date): Promise<InvitationPreview | null> {
    const [found] = await this.database.reader.query<(Found & { tenant_name: string })[]>(
      `SELECT f.*, t.name AS tenant_name FROM (${SELECT} WHERE i.token_hash = $1) f
       JOIN tenants t ON t.id = f.tenant_id AND t.status = 'active'`,
      [Buffer.from(tokenHash)],
    );
    if (!found || viewOf(found, now).status !== 'pending') return null;
    const { tenant_id, tenant_name: tenantName, role, invited_by, email } = found;
    return { tenantId: tenantId(tenant_id), tenantName, role, invitedBy: userId(invited_by), email };
  }

  private query(sql: string, values: readonly unknown[]): Promise<Found[]> {
    return this.database.reader.query<Found[]>(sql, [...values]);
  }
}

function viewOf(found: Found, now: Date): InvitationView {
  const { email, role, created_at: createdAt, expires_at: expiresAt } = found;
  const status = invitationStatus({ acceptedAt: found.accepted_at, revokedAt: found.revoked_at, expiresAt }, now);
  return { id: invitationId(found.id), email, role, invitedBy: userId(found.invited_by), status, createdAt, expiresAt };
}
