import type { ApiKeyView } from '../modules/tokens/api-keys.facade';
import type { Json } from './terminal';

/** A key as programs read one; without the key. */
export function apiKeyJson(key: ApiKeyView): { readonly [name: string]: Json } {
  return {
    id: key.id,
    owner_id: key.ownerId,
    name: key.name,
    description: key.description,
    prefix: key.prefix,
    permissions: key.permissions,
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt.toISOString(),
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    allowed_ips: key.allowedIps,
    successor_id: key.successorId,
  };
}
