import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { ValidationFailed } from '../../../kernel/domain-error';
import { IsInstant } from '../../../platform/http/is-instant';
import { IsNetwork } from '../../../platform/http/is-network';
import { MayBeLeftOut } from '../../../platform/http/may-be-left-out';
import { NoControlCharacters } from '../../../platform/http/no-control-characters';
import { pageOf, PageQuery } from '../../../platform/http/page-query.dto';
import type { ApiKeyPage, ApiKeyView } from '../application/api-keys/api-key-queries';
import type { MintedApiKey } from '../application/api-keys/mint-api-key';
import type { ApiKeyChange } from '../domain/api-keys/api-key';
import { type ApiKeyId, isApiKeyId } from '../domain/api-keys/api-key-id';

const NAME_MAX = 100;
const DESCRIPTION_MAX = 500;
const MOST_PERMISSIONS = 100;
/** Two names of 64 characters and the colon between them. */
const PERMISSION_MAX = 129;
const NOT_BLANK = /\S/u;
const MOST_NETWORKS = 50;
/** An IPv6 address with an IPv4 address at its end, and the bits of its network. */
const NETWORK_MAX = 49;
const LONGEST_OVERLAP_SECONDS = 604_800;
const EXAMPLE = ['detector:read', 'dataset:*'];

/** Texts that may be permissions; whether they are is for the use case to say. */
const PermissionList = (nullable: boolean): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: [String], required: false, nullable, example: EXAMPLE }),
    nullable ? IsOptional() : MayBeLeftOut(),
    IsArray(),
    ArrayMaxSize(MOST_PERMISSIONS),
    IsString({ each: true }),
    MaxLength(PERMISSION_MAX, { each: true }),
  );

const NetworkList = (nullable: boolean): PropertyDecorator =>
  applyDecorators(
    ApiProperty({
      type: [String],
      required: false,
      nullable,
      maxItems: MOST_NETWORKS,
      example: ['203.0.113.0/24', '2001:db8::/32'],
    }),
    nullable ? IsOptional() : MayBeLeftOut(),
    IsArray(),
    ArrayMaxSize(MOST_NETWORKS),
    IsNetwork({ each: true }),
    MaxLength(NETWORK_MAX, { each: true }),
  );

const KeyName = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    IsNotEmpty(),
    MaxLength(NAME_MAX),
    Matches(NOT_BLANK, { message: 'Use more than blanks.' }),
    NoControlCharacters(),
  );

/** A key acts for the user who makes it, in the tenant they are in: neither can be chosen. */
export class CreateApiKeyRequest {
  /** @example "nightly pipeline" */
  @ApiProperty({ type: String, minLength: 1, maxLength: NAME_MAX })
  @KeyName()
  name!: string;

  /** @example "Reads detectors for the nightly report" */
  @IsOptional()
  @IsString()
  @MaxLength(DESCRIPTION_MAX)
  @NoControlCharacters()
  description?: string | null;

  /** What the key may do, as far as its owner may: `resource:action`, `resource:*` or `*:*`. At least one. */
  @PermissionList(true)
  permissions?: string[] | null;

  /** Another name for `permissions`. Give one of the two. */
  @PermissionList(true)
  scopes?: string[] | null;

  /** Addresses and networks from which alone the key is good, at most 50; none or left out: from any. */
  @NetworkList(true)
  allowed_ips?: string[] | null;

  /**
   * At most 365 days away, or what the tenant's policy says; left out, in 90 days or in as many as the tenant allows.
   * @example "2027-01-31T12:00:00Z"
   */
  @IsOptional()
  @MaxLength(40)
  @IsInstant()
  expires_at?: string | null;

  /** Throws ValidationFailed when the two names are given different lists. */
  static permissionsOf(body: CreateApiKeyRequest): readonly string[] {
    return permissionsIn(body) ?? [];
  }
}

/** What is left out stays as it is. Whom the key acts for and when it expires cannot be changed: rotate it. */
export class ChangeApiKeyRequest {
  /** @example "nightly pipeline" */
  @ApiProperty({ type: String, required: false, minLength: 1, maxLength: NAME_MAX })
  @MayBeLeftOut()
  @KeyName()
  name?: string;

  /**
   * null: none.
   * @example "Reads detectors for the nightly report"
   */
  @IsOptional()
  @IsString()
  @MaxLength(DESCRIPTION_MAX)
  @NoControlCharacters()
  description?: string | null;

  /** The whole list, at least one; nothing that the caller or the key's owner may not do. */
  @PermissionList(false)
  permissions?: string[];

  /** Another name for `permissions`. Give one of the two. */
  @PermissionList(false)
  scopes?: string[];

  /** The whole list; an empty one: the key is good from any address. */
  @NetworkList(false)
  allowed_ips?: string[];

  /** Throws ValidationFailed when the two names are given different lists. */
  static changeOf(body: ChangeApiKeyRequest): ApiKeyChange {
    const permissions = permissionsIn(body);
    return {
      ...(body.name !== undefined && { name: body.name }),
      ...(body.description !== undefined && { description: body.description }),
      ...(permissions !== null && { permissions: [...new Set(permissions)] }),
      ...(body.allowed_ips !== undefined && { allowedIps: [...new Set(body.allowed_ips)] }),
    };
  }
}

export class RotateApiKeyRequest {
  /**
   * For how long the former key stays good beside the new one, at most seven days and never beyond its own expiry. 0: it
   * ends at once.
   * @example 3600
   */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: LONGEST_OVERLAP_SECONDS, default: 0, required: false })
  @MayBeLeftOut()
  @IsInt()
  @Min(0)
  @Max(LONGEST_OVERLAP_SECONDS)
  overlap_seconds?: number;
}

type TwoNames = { readonly permissions?: string[] | null; readonly scopes?: string[] | null };

/** null: neither was given. */
function permissionsIn({ permissions, scopes }: TwoNames): readonly string[] | null {
  if (permissions && scopes && !holdTheSame(permissions, scopes)) {
    const message = 'scopes and permissions are two names of one list: give one of them.';
    throw new ValidationFailed([{ field: 'scopes', code: 'FIELD_INVALID', message }]);
  }
  return permissions ?? scopes ?? null;
}

function holdTheSame(some: readonly string[], others: readonly string[]): boolean {
  const [one, other] = [new Set(some), new Set(others)];
  return one.size === other.size && [...one].every((permission) => other.has(permission));
}

export class ApiKeysQuery extends PageQuery {
  /** `next_cursor` of the page before. */
  @IsOptional()
  @IsString()
  @Matches(/^ak_[0-9a-f]{32}$/)
  cursor?: string;

  static pageOf(query: ApiKeysQuery): { readonly limit: number; readonly cursor: ApiKeyId | null } {
    return pageOf(query, (text) => (isApiKeyId(text) ? text : null));
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
  /** Some seconds late; null: never. */
  last_used_at!: string | null;
  /**
   * Addresses and networks from which alone the key is good; empty: from any.
   * @example ["203.0.113.0/24"]
   */
  allowed_ips!: string[];
  /** The key that took its place, if it was rotated: until `expires_at` both are good. */
  successor_id!: string | null;

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
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    allowed_ips: [...key.allowedIps],
    successor_id: key.successorId,
  };
}
