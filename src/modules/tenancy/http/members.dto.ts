import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { userId } from '../../../kernel/ids';
import { PageByIdQuery, pageOf } from '../../../platform/http/page-query.dto';
import { ProfileFields } from '../../identity/accounts.facade';
import { AccountFields, TYPED_PASSWORD_MAX } from '../../identity/identity.facade';
import type { MemberFilter, MemberPage, MemberPageRequest, MemberView } from '../application/members/member-queries';
import type { MemberStatus } from '../domain/member-status';
import { ROLE_NAME } from '../domain/role-name';

const SEARCH_MAX = 100;
const STATUSES = ['active', 'locked', 'disabled'] as const;

export class MembersQuery extends PageByIdQuery {
  /**
   * Part of the e-mail address, username, first or last name; upper and lower case alike.
   * @example "ann"
   */
  @IsOptional()
  @IsString()
  @MaxLength(SEARCH_MAX)
  @Matches(/^\P{Cc}*$/u, { message: 'Use no control characters.' })
  search?: string;

  @IsOptional()
  @IsIn(STATUSES)
  status?: MemberStatus;

  /**
   * The name of a role.
   * @example "viewer"
   */
  @IsOptional()
  @IsString()
  @Matches(ROLE_NAME)
  role?: string;

  static filterOf({ search, status, role }: MembersQuery): MemberFilter {
    return { search: search ?? null, status: status ?? null, role: role ?? null };
  }

  static pageOf(query: MembersQuery): MemberPageRequest {
    return pageOf(query, userId);
  }
}

export class CreateMemberRequest extends AccountFields {
  /**
   * 15 characters or more of anything, or 8 or more with lower case, upper case, digit and symbol. The user is to change it.
   * @example "correct horse battery staple"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(TYPED_PASSWORD_MAX)
  password!: string;

  /**
   * The name of a role that grants nothing the caller has not.
   * @example "viewer"
   */
  @IsString()
  @Matches(ROLE_NAME)
  role!: string;
}

export class EditMemberRequest extends ProfileFields {}

/** A user as the administrators of one tenant see them. */
export class MemberResponse {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8057" */
  id!: string;
  /** @example "ann@example.com" */
  email!: string;
  /** @example "ann" */
  username!: string | null;
  /** @example "Ann" */
  first_name!: string | null;
  /** @example "Example" */
  last_name!: string | null;
  email_verified!: boolean;
  /** In this tenant; `disabled` also where the account is so everywhere. */
  status!: 'active' | 'locked' | 'disabled';
  /** @example ["viewer"] */
  roles!: string[];
  /** @example "2026-11-21T12:00:00.000Z" */
  created_at!: string;
  /** @example "2026-11-21T12:00:00.000Z" */
  last_login_at!: string | null;

  static from(member: MemberView): MemberResponse {
    return Object.assign(new MemberResponse(), {
      id: member.id,
      email: member.email,
      username: member.username,
      first_name: member.firstName,
      last_name: member.lastName,
      email_verified: member.emailVerified,
      status: member.status,
      roles: [...member.roles],
      created_at: member.createdAt.toISOString(),
      last_login_at: member.lastLoginAt?.toISOString() ?? null,
    });
  }
}

export class MembersResponse {
  items!: MemberResponse[];
  /** null on the last page. */
  next_cursor!: string | null;

  static from(page: MemberPage): MembersResponse {
    const items = page.items.map((member) => MemberResponse.from(member));
    return Object.assign(new MembersResponse(), { items, next_cursor: page.nextCursor });
  }
}
