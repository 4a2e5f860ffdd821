import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotFound } from '../../../kernel/domain-error';
import type { Principal } from '../../../kernel/principal';
import { RequiresFreshly, RequiresSession } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { ApiKeyQueries } from '../application/api-keys/api-key-queries';
import { ChangeApiKey } from '../application/api-keys/change-api-key';
import { MintApiKey } from '../application/api-keys/mint-api-key';
import { RevokeApiKey } from '../application/api-keys/revoke-api-key';
import { RotateApiKey } from '../application/api-keys/rotate-api-key';
import { type ApiKeyId, isApiKeyId } from '../domain/api-keys/api-key-id';
import {
  ApiKeyResponse,
  ApiKeysQuery,
  ApiKeysResponse,
  ChangeApiKeyRequest,
  CreateApiKeyRequest,
  CreatedApiKeyResponse,
  RotateApiKeyRequest,
} from './api-keys.dto';

/** The keys of the active tenant. A key reaches none of this, whatever it may do. */
@ApiTags('API keys')
@Controller('api-keys')
export class ApiKeysController {
  constructor(
    private readonly mint: MintApiKey,
    private readonly changing: ChangeApiKey,
    private readonly rotation: RotateApiKey,
    private readonly revoke: RevokeApiKey,
    private readonly queries: ApiKeyQueries,
  ) {}

  /** Make a key that acts for the caller. The key itself is in this answer and in no other. */
  @Post()
  @RequiresFreshly('api_key:create', 'VALIDATION_FAILED', 'MALFORMED_REQUEST', 'QUOTA_EXCEEDED')
  @BodyExamples(CreateApiKeyRequest, {
    'for 90 days': { name: 'nightly pipeline', permissions: ['detector:read', 'dataset:*'] },
    'good from one network': { name: 'gateway', permissions: ['detector:read'], allowed_ips: ['203.0.113.0/24'] },
    'that another service checks tokens with': { name: 'gateway', scopes: ['token:introspect'] },
  })
  async create(@CurrentPrincipal() by: Principal, @Body() body: CreateApiKeyRequest): Promise<CreatedApiKeyResponse> {
    const minted = await this.mint.execute({
      tenantId: by.tenantId,
      ownerId: by.userId,
      madeIn: by.sessionId,
      name: body.name,
      description: body.description ?? null,
      permissions: CreateApiKeyRequest.permissionsOf(body),
      expiresAt: body.expires_at ? new Date(body.expires_at) : null,
      allowedIps: body.allowed_ips ?? [],
    });
    return CreatedApiKeyResponse.from(minted);
  }

  /** The keys of the active tenant in the order they were made, expired ones too. */
  @Get()
  @RequiresSession('api_key:read', 'VALIDATION_FAILED')
  async list(@CurrentPrincipal() by: Principal, @Query() query: ApiKeysQuery): Promise<ApiKeysResponse> {
    const { limit, cursor } = ApiKeysQuery.pageOf(query);
    return ApiKeysResponse.from(await this.queries.list(by.tenantId, limit, cursor));
  }

  /** One key of the active tenant. */
  @Get(':id')
  @RequiresSession('api_key:read', 'NOT_FOUND')
  async one(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<ApiKeyResponse> {
    const key = await this.queries.find(by.tenantId, named(id));
    if (!key) throw new NotFound();
    return ApiKeyResponse.from(key);
  }

  /** Change the name, the description, the permissions or the networks of a key. What is left out stays. */
  @Patch(':id')
  @RequiresFreshly('api_key:update', 'VALIDATION_FAILED', 'MALFORMED_REQUEST', 'NOT_FOUND')
  @BodyExamples(ChangeApiKeyRequest, {
    'fewer permissions': { permissions: ['detector:read'] },
    'good from one network': { allowed_ips: ['203.0.113.0/24'] },
  })
  async change(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Body() body: ChangeApiKeyRequest,
  ): Promise<ApiKeyResponse> {
    return ApiKeyResponse.from(await this.changing.execute(by, named(id), ChangeApiKeyRequest.changeOf(body)));
  }

  /**
   * Put a new key in the place of one of the caller's own, with its name, permissions, networks and lifetime. The former one
   * stays good for the overlap and names its successor.
   */
  @Post(':id/rotate')
  @RequiresFreshly(
    'api_key:create',
    'VALIDATION_FAILED',
    'MALFORMED_REQUEST',
    'NOT_FOUND',
    'CONFLICT',
    'QUOTA_EXCEEDED',
  )
  @BodyExamples(RotateApiKeyRequest, {
    'with an hour to change over': { overlap_seconds: 3600 },
    'the former one is over at once': {},
  })
  async rotate(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Body() { overlap_seconds: overlapSeconds = 0 }: RotateApiKeyRequest,
  ): Promise<CreatedApiKeyResponse> {
    return CreatedApiKeyResponse.from(await this.rotation.execute({ by, id: named(id), overlapSeconds }));
  }

  /** Revoke a key of the active tenant, at once and for good. */
  @Delete(':id')
  @HttpCode(204)
  @RequiresFreshly('api_key:delete', 'NOT_FOUND')
  async remove(@CurrentPrincipal() by: Principal, @Param('id') id: string): Promise<void> {
    await this.revoke.execute(by.tenantId, named(id), by.userId);
  }
}

/** What cannot be the id of a key names none. */
function named(text: string): ApiKeyId {
  if (!isApiKeyId(text)) throw new NotFound();
  return text;
}
