import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotFound } from '../../../kernel/domain-error';
import type { Principal } from '../../../kernel/principal';
import { RequiresFreshly, RequiresSession } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { ApiKeyQueries } from '../application/api-keys/api-key-queries';
import { MintApiKey } from '../application/api-keys/mint-api-key';
import { RevokeApiKey } from '../application/api-keys/revoke-api-key';
import { type ApiKeyId, isApiKeyId } from '../domain/api-keys/api-key-id';
import {
  ApiKeyResponse,
  ApiKeysQuery,
  ApiKeysResponse,
  CreateApiKeyRequest,
  CreatedApiKeyResponse,
} from './api-keys.dto';

/** The keys of the active tenant. A key reaches none of this, whatever it may do. */
@ApiTags('API keys')
@Controller('api-keys')
export class ApiKeysController {
  constructor(
    private readonly mint: MintApiKey,
    private readonly revoke: RevokeApiKey,
    private readonly queries: ApiKeyQueries,
  ) {}

  /** Make a key that acts for the caller. The key itself is in this answer and in no other. */
  @Post()
  @RequiresFreshly('api_key:create', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(CreateApiKeyRequest, {
    'for 90 days': { name: 'nightly pipeline', permissions: ['detector:read', 'dataset:*'] },
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
