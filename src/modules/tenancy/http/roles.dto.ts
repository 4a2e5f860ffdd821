import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { roleId } from '../../../kernel/ids';
import { NoControlCharacters } from '../../../platform/http/no-control-characters';
import { PageByIdQuery, pageOf } from '../../../platform/http/page-query.dto';
import type { RolePage, RolePageRequest } from '../application/roles/role-queries';
import type { RoleDefinition } from '../domain/built-in-roles';
import type { RoleState } from '../domain/role';
import { ROLE_NAME } from '../domain/role-name';
import { GrantedPermissions } from './permission-fields';

const DESCRIPTION_MAX = 500;

/** A role of the tenant, whole. */
export class RoleRequest {
  /**
   * 1 to 64 lower-case letters, digits, `_` and `-`, a letter first. No other role of the tenant, and no built-in one,
   * has it.
   * @example "curator"
   */
  @IsString()
  @Matches(ROLE_NAME, { message: 'Use up to 64 of a-z, 0-9, _ and -, beginning with a letter.' })
  name!: string;

  /** @example "Looks after the datasets" */
  @IsOptional()
  @IsString()
  @MaxLength(DESCRIPTION_MAX)
  @NoControlCharacters()
  description?: string | null;

  /** What holders may do: `resource:action`, `resource:*` or `*:*`, nothing the caller may not. None: nothing. */
  @GrantedPermissions()
  permissions!: string[];

  static definitionOf({ name, description, permissions }: RoleRequest): RoleDefinition {
    return { name, description: description ?? '', permissions };
  }
}

export class RolesQuery extends PageByIdQuery {
  static pageOf(query: RolesQuery): RolePageRequest {
    return pageOf(query, roleId);
  }
}

export class RoleResponse {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8057" */
  id!: string;
  /** @example "curator" */
  name!: string;
  /** @example "Looks after the datasets" */
  description!: string;
  /** @example ["detector:read", "dataset:*"] */
  permissions!: string[];
  /** Whether every tenant has it; then it cannot be changed. */
  built_in!: boolean;
  /** @example "2026-11-21T12:00:00.000Z" */
  created_at!: string;
  /** @example "2026-11-21T12:00:00.000Z" */
  updated_at!: string;

  static from(role: RoleState): RoleResponse {
    return Object.assign(new RoleResponse(), {
      id: role.id,
      name: role.name,
      description: role.description,
      permissions: [...role.permissions],
      built_in: role.tenantId === null,
      created_at: role.createdAt.toISOString(),
      updated_at: role.updatedAt.toISOString(),
    });
  }
}

export class RolesResponse {
  items!: RoleResponse[];
  /** null on the last page. */
  next_cursor!: string | null;

  static from(page: RolePage): RolesResponse {
    const items = page.items.map((role) => RoleResponse.from(role));
    return Object.assign(new RolesResponse(), { items, next_cursor: page.nextCursor });
  }
}
