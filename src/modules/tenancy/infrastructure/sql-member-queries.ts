import { Injectable } from '@nestjs/common';
import { type TenantId, userId as asUserId, type UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { searchPattern } from '../../../platform/database/search-pattern';
import {
  type MemberFilter,
  type MemberPage,
  type MemberPageRequest,
  MemberQueries,
  type MemberView,
} from '../application/members/member-queries';
import type { MemberStatus } from '../domain/member-status';

type Found = {
  id: string;
  email: string;
  username: string | null;
  first_name: string | null;
  last_name: string | null;
  email_verified: boolean;
  status: MemberStatus;
  created_at: Date;
  last_login_at: Date | null;
  roles: string[];
};

/** An account that is not in force is so in every tenant. */
const STATUS = `CASE WHEN u.status = 'active' THEN m.status ELSE u.status END`;

/**
 * Members first, and the user of each by the key: OFFSET 0 keeps the planner from searching the users of all tenants for
 * the few of this one.
 */
const MEMBERS = `
  SELECT u.id, u.email, u.username, u.first_name, u.last_name, u.email_verified_at IS NOT NULL AS email_verified,
         ${STATUS} AS status, u.created_at, u.last_login_at, g.roles
  FROM memberships m
  CROSS JOIN LATERAL (SELECT * FROM users WHERE id = m.user_id OFFSET 0) u
  CROSS JOIN LATERAL (
    SELECT ARRAY(SELECT r.name FROM membership_roles mr JOIN roles r ON r.id = mr.role_id
                 WHERE mr.tenant_id = m.tenant_id AND mr.user_id = m.user_id ORDER BY r.name) AS roles
  ) g`;

/** One statement over what two modules keep, so that a page is of one moment. */
@Injectable()
export class SqlMemberQueries extends MemberQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async find(tenantId: TenantId, userId: UserId): Promise<MemberView | null> {
    const [found] = await this.database.reader.query<Found[]>(`${MEMBERS} WHERE m.tenant_id = $1 AND m.user_id = $2`, [
      tenantId,
      userId,
    ]);
    return found ? viewOf(found) : null;
  }

  async list(tenantId: TenantId, { search, status, role }: MemberFilter, page: MemberPageRequest): Promise<MemberPage> {
    const rows = await this.database.reader.query<Found[]>(
      `${MEMBERS}
       WHERE m.tenant_id = $1
         AND ($2::uuid IS NULL OR m.user_id > $2)
         AND ($3::text IS NULL
              OR concat_ws(E'\\n', u.email, u.username, u.first_name, u.last_name) ILIKE $3 ESCAPE '\\')
         AND ($4::text IS NULL OR ${STATUS} = $4)
         AND ($5::text IS NULL OR $5 = ANY (g.roles))
       ORDER BY m.user_id LIMIT $6`,
      [tenantId, page.cursor, searchPattern(search), status, role, page.limit + 1],
    );
    const items = rows.slice(0, page.limit).map(viewOf);
    return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
  }
}

function viewOf(found: Found): MemberView {
  return {
    id: asUserId(found.id),
    email: found.email,
    username: found.username,
    firstName: found.first_name,
    lastName: found.last_name,
    emailVerified: found.email_verified,
    status: found.status,
    createdAt: found.created_at,
    lastLoginAt: found.last_login_at,
    roles: found.roles,
  };
}
