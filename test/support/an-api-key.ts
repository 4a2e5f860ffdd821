import { randomBytes, randomUUID } from 'node:crypto';
import { ApiKey, type ApiKeyState } from '../../src/modules/tokens/domain/api-keys/api-key';
import { apiKeyId } from '../../src/modules/tokens/domain/api-keys/api-key-id';
import type { Member } from './stored';

const MADE = new Date('2026-01-01T00:00:00.000Z');
const IN_THREE_MONTHS = new Date('2026-04-01T00:00:00.000Z');

/** A key just made, that no text opens. */
export function anApiKey({ userId, tenantId }: Member, overrides: Partial<ApiKeyState> = {}): ApiKey {
  return ApiKey.restore({
    id: apiKeyId(randomUUID()),
    tenantId,
    ownerId: userId,
    name: 'pipeline',
    description: null,
    prefix: 'dw_live_Ab3d',
    secretHash: randomBytes(32),
    permissions: ['detector:read'],
    createdAt: MADE,
    expiresAt: IN_THREE_MONTHS,
    revokedAt: null,
    allowedIps: [],
    lastUsedAt: null,
    successorId: null,
    ...overrides,
  });
}
