import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { tenantId } from '../../../kernel/ids';
import { MayBeLeftOut } from '../../../platform/http/may-be-left-out';
import { PageByIdQuery, pageOf } from '../../../platform/http/page-query.dto';
import type { TenantFilter, TenantPage, TenantPageRequest } from '../application/tenants/tenant-queries';
import { SLUG, SLUG_MAX } from '../domain/slug';
import { TENANT_NAME, TENANT_NAME_MAX, type TenantKind, type TenantRecord, type TenantStatus } from '../domain/tenant';

const SEARCH_MAX = 100;
const REASON_MAX = 200;
export const TENANT_STATUSES: readonly TenantStatus[] = ['active', 'suspended', 'deleted'];
const NAME_RULE = { message: 'Use no control characters, and not blanks alone.' };
const SLUG_RULE = { message: 'Use 2 to 63 lower-case letters, digits and single hyphens inside.' };

export class CreateTenantRequest {
  /** @example "Acme" */
  @IsString()
  @IsNotEmpty()
  @MaxLength(TENANT_NAME_MAX)
  @Matches(TENANT_NAME, NAME_RULE)
  name!: string;

  /**
   * By what the tenant is named beside its id: lower-case letters, digits and single hyphens; left out, made of the name.
   * @example "acme"
   */
  @IsOptional()
  @IsString()
  @MaxLength(SLUG_MAX)
  @Matches(SLUG, SLUG_RULE)
  slug?: string | null;
}

export class EditTenantRequest {
  /** @example "Acme Ltd" */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(TENANT_NAME_MAX)
  @Matches(TENANT_NAME, NAME_RULE)
  name?: string;

  /**
   * Sign-ins and commands that name the old one find the tenant no more.
   * @example "acme-ltd"
   */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(SLUG_MAX)
  @Matches(SLUG, SLUG_RULE)
  slug?: string;
}

export class SuspendTenantRequest {
  /**
   * For the record; members do not see it.
   * @example "invoices unpaid"
   */
  @IsOptional()
  @IsString()
  @MaxLength(REASON_MAX)
  @Matches(/^\P{Cc}*$/u, { message: 'Use no control characters.' })
  reason?: string | null;
}

export class TransferOwnershipRequest {
  /**
   * The member who is to own the tenant.
   * @example "01890a5d-ac96-774b-bcce-b302099a8057"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(36)
  user_id!: string;
}

export class TenantsQuery extends PageByIdQuery {
  /**
   * Part of the name or slug; upper and lower case alike.
   * @example "acme"
   */
  @IsOptional()
  @IsString()
  @MaxLength(SEARCH_MAX)
  @Matches(/^\P{Cc}*$/u, { message: 'Use no control characters.' })
  search?: string;

  @IsOptional()
  @IsIn(TENANT_STATUSES)
  status?: TenantStatus;

  static filterOf({ search, status }: TenantsQuery): TenantFilter {
    return { search: search ?? null, status: status ?? null };
  }

  static pageOf(query: TenantsQuery): TenantPageRequest {
    return pageOf(query, tenantId);
  }
}

export class TenantResponse {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8057" */
  id!: string;
  /** @example "Acme" */
  name!: string;
  /** @example "acme" */
  slug!: string;
  /** `personal`: opened with an account, and ends with it. */
  kind!: TenantKind;
  /** Who is not `active` lets nobody in. */
  status!: TenantStatus;
  /** @example "2026-11-21T12:00:00.000Z" */
  created_at!: string;
  /** @example "2026-11-21T12:00:00.000Z" */
  updated_at!: string;
  /**
   * Of a deleted tenant, until when it can be had back; else null.
   * @example "2026-12-21T12:00:00.000Z"
   */
  purge_after!: string | null;

  static from(tenant: TenantRecord): TenantResponse {
    return Object.assign(new TenantResponse(), {
      id: tenant.id,
      name: tenant.name,
      slug: tenant.slug,
      kind: tenant.kind,
      status: tenant.status,
      created_at: tenant.createdAt.toISOString(),
      updated_at: tenant.updatedAt.toISOString(),
      purge_after: tenant.purgeAfter?.toISOString() ?? null,
    });
  }
}

export class TenantsResponse {
  items!: TenantResponse[];
  /** null on the last page. */
  next_cursor!: string | null;

  static from(page: TenantPage): TenantsResponse {
    const items = page.items.map((tenant) => TenantResponse.from(tenant));
    return Object.assign(new TenantsResponse(), { items, next_cursor: page.nextCursor });
  }
}
