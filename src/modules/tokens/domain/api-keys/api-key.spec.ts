import { randomBytes, randomUUID } from 'node:crypto';
import { tenantId, userId } from '../../../../kernel/ids';
import { ApiKey, type NewApiKey } from './api-key';
import { apiKeyId, isApiKeyId } from './api-key-id';

const BORN = new Date('2026-01-01T12:00:00.000Z');
const LATER = new Date('2026-02-01T12:00:00.000Z');
const LATER_STILL = new Date('2026-02-02T12:00:00.000Z');

function newKey(): NewApiKey {
  return {
    id: apiKeyId(randomUUID()),
    tenantId: tenantId(randomUUID()),
    ownerId: userId(randomUUID()),
    name: 'pipeline',
    description: null,
    prefix: 'dw_live_Ab3d',
    secretHash: randomBytes(32),
    permissions: ['detector:read'],
    allowedIps: [],
    expiresAt: new Date('2026-04-01T12:00:00.000Z'),
  };
}

describe('an API key', () => {
  it('is what it was made of, from the moment it was made', () => {
    const key = newKey();
    expect(ApiKey.mint(key, BORN).snapshot()).toEqual({ ...key, createdAt: BORN, revokedAt: null });
  });

  it('is revoked once, and keeps the moment', () => {
    const key = ApiKey.mint(newKey(), BORN);
    expect(key.revoke(LATER)).toBe(true);
    expect(key.revoke(LATER_STILL)).toBe(false);
    expect(key.snapshot().revokedAt).toEqual(LATER);
  });

  it('comes back from its state, revoked or not', () => {
    const key = ApiKey.mint(newKey(), BORN);
    key.revoke(LATER);
    const restored = ApiKey.restore(key.snapshot());
    expect(restored.snapshot()).toEqual(key.snapshot());
    expect(restored.revoke(LATER_STILL)).toBe(false);
  });
});

describe('the id of an API key', () => {
  it('is made of a UUID', () => {
    expect(apiKeyId('01890a5d-ac96-774b-bcce-b302099a8057')).toBe('ak_01890a5dac96774bbcceb302099a8057');
    expect(isApiKeyId(apiKeyId(randomUUID()))).toBe(true);
  });

  it.each([
    '',
    'ak_',
    'ak_01890a5dac96774bbcceb302099a805',
    'ak_01890a5dac96774bbcceb302099a80577',
    'ak_01890A5DAC96774BBCCEB302099A8057',
    'ak_01890a5d-ac96-774b-bcce-b302099a8057',
    '01890a5d-ac96-774b-bcce-b302099a8057',
    'ak_01890a5dac96774bbcceb302099a8057\n',
    'xx_01890a5dac96774bbcceb302099a8057',
  ])('is never %j', (text) => {
    expect(isApiKeyId(text)).toBe(false);
  });

  it('is made of nothing else', () => {
    expect(() => apiKeyId('not a uuid')).toThrow(TypeError);
  });
});
