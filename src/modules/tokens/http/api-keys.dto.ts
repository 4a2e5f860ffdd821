import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { ValidationFailed } from '../../../kernel/domain-error';
import { IsInstant } from '../../../platform/http/is-instant';
import type { ApiKeyPage, ApiKeyView } from '../application/api-keys/api-key-queries';
import type { MintedApiKey } from '../application/api-keys/mint-api-key';
import { type ApiKeyId, isApiKeyId } from '../domain/api-keys/api-key-id';

const DEFAULT_LIMIT = 20;
const NAME_MAX = 100;
const DESCRIPTION_MAX = 500;
const MOST_PERMISSIONS = 100;
/** Two names of 64 characters and the colon between them. */
const PERMISSION_MAX = 129;
/** Nor such as turn the direction of what follows, or break the line. */
const NO_CONTROL_CHARACTERS = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;
const NOT_BLANK = /\S/u;
const EXAMPLE = ['detector:read', 'dataset:*'];

/** Texts that may be permissions; whether they are is for the use case to say. */
const PermissionList = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: [String], required: false, nullable: true, example: EXAMPLE }),
    IsOptional(),
    IsArray(),
    ArrayMaxSize(MOST_PERMISSIONS),
    IsString({ each: true }),
    MaxLength(PERMISSION_MAX, { each: true }),
  );

/** A key acts for the user who makes it, in the tenant they are in: neither can be chosen. */
export class CreateApiKeyRequest {
  /** @example "nightly pipeline" */
  @IsString()
  @IsNotEmpty()
  @MaxLength(NAME_MAX)
  @Matches(NOT_BLANK, { message: 'Use more than blanks.' })
  @Matches(NO_CONTROL_CHARACTERS, { message: 'Use no control characters.' })
  name!: string;

  /** @example "Reads detectors for the nightly report" */
  @IsOptional()
  @IsString()
  @MaxLength(DESCRIPTION_MAX)
  @Matches(NO_CONTROL_CHARACTERS, { message: 'Use no control characters.' })
  description?: string | null;

  /** What the key may do, as far as its owner may: `resource:action`, `resource:*` or `*:*`. At least one. */
  @PermissionList()
  permissions?: string[] | null;

  /** Another name for `permissions`. Give one of the two. */
  @PermissionList()
  scopes?: string[] | null;

  /**
   * At most 365 days away; left out, in 90 days.
   * @example "2027-01-31T12:00:00Z"
   */
  @IsOptional()
  @MaxLength(40)
  @IsInstant()
  expires_at?: string | null;

  /** Throws ValidationFailed when the two names are given different lists. */
  static permissionsOf({ permissions, scopes }: CreateApiKeyRequest): readonly string[] {
    if (permissions && scopes && !holdTheSame(permissions, scopes)) {
      const message = 'scopes and permissions are two names of one list: give one of them.';
      throw new ValidationFailed([{ field: 'scopes', code: 'FIELD_INVALID', message }]);
    }
    return permissions ?? scopes ?? [];
  }
}

function holdTheSame(some: readonly string[], others: readonly string[]): boolean {
  const [one, other] = [new Set(some), new Set(others)];
  return one.size === other.size && [...one].every((permission) => other.has(permission));
}

export class ApiKeysQuery {
  /** `next_cursor` of the page before. */
  @IsOptional()
  @IsString()
  @Matches(/^ak_[0-9a-f]{32}$/)
  cursor?: string;

  /** Keys on a page, 1 to 100. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100, default: DEFAULT_LIMIT, required: false })
  @IsOptional()
  @Matches(/^([1-9]\d?|100)$/, { message: 'This field must be a whole number from 1 to 100.' })
  limit?: string;

  static pageOf({ limit, cursor }: ApiKeysQuery): { readonly limit: number; readonly cursor: ApiKeyId | null } {
    return {
      limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
      cursor: cursor !== undefined && isApiKeyId(cursor) ? cursor : null,
    };
  }
}

/** A key without the key. */
export class ApiKeyResponse {
  /** @example "ak_01890a5dac96774bbcceb302099a8057" */
  id!: string;
  /** The user the key acts for. */
  owner_id!: string;
  /** @example "nightly pipeline" */
  name!: string;
  description!: string | null;
  /**
   * The beginning of the key.
   * @example "dw_live_Ab3d"
   */
  prefix!: string;
  /** The most the key may do; what its owner may not do, it may not do either. */
  permissions!: string[];
  /** The same list as `permissions`. */
  scopes!: string[];
  /** @example "2026-11-21T12:00:00.000Z" */
  created_at!: string;
  /** @example "2027-02-19T12:00:00.000Z" */
  expires_at!: string;

  static from(key: ApiKeyView): ApiKeyResponse {
    return Object.assign(new ApiKeyResponse(), fieldsOf(key));
  }
}

export class CreatedApiKeyResponse extends ApiKeyResponse {
  /**
   * The key itself. Shown this once; nobody can read it again.
   * @example "dw_live_..."
   */
  key!: string;

  static override from(minted: MintedApiKey): CreatedApiKeyResponse {
    return Object.assign(new CreatedApiKeyResponse(), fieldsOf(minted), { key: minted.key });
  }
}

export class ApiKeysResponse {
  items!: ApiKeyResponse[];
  /** null on the last page. */
  next_cursor!: string | null;

  static from(page: ApiKeyPage): ApiKeysResponse {
    const items = page.items.map((key) => ApiKeyResponse.from(key));
    return Object.assign(new ApiKeysResponse(), { items, next_cursor: page.nextCursor });
  }
}

function fieldsOf(key: ApiKeyView): ApiKeyResponse {
  return {
    id: key.id,
    owner_id: key.ownerId,
    name: key.name,
    description: key.description,
    prefix: key.prefix,
    permissions: [...key.permissions],
    scopes: [...key.permissions],
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt.toISOString(),
  };
}
