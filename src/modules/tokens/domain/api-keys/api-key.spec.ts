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
    const untouched = { revokedAt: null, lastUsedAt: null, successorId: null };
    expect(ApiKey.mint(key, BORN).snapshot()).toEqual({ ...key, createdAt: BORN, ...untouched });
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

describe('a change of an API key', () => {
  it('is of what it names, and of nothing else', () => {
    const key = ApiKey.mint(newKey(), BORN);
    const before = key.snapshot();
    expect(key.change({ name: 'report', permissions: ['dataset:read'] })).toEqual(['name', 'permissions']);
    expect(key.snapshot()).toEqual({ ...before, name: 'report', permissions: ['dataset:read'] });
    expect(key.change({ description: 'nightly', allowedIps: ['203.0.113.0/24'] })).toEqual([
      'description',
      'allowedIps',
    ]);
  });

  it('is none when all stays as it is', () => {
    const key = ApiKey.mint(newKey(), BORN);
    const { name, description, permissions, allowedIps } = newKey();
    expect(key.change({})).toEqual([]);
    expect(key.change({ name, description, permissions, allowedIps })).toEqual([]);
  });

  it('is none of one that is revoked', () => {
    const key = ApiKey.mint(newKey(), BORN);
    key.revoke(LATER);
    const before = key.snapshot();
    expect(key.change({ name: 'report' })).toEqual([]);
    expect(key.snapshot()).toEqual(before);
  });
});

describe('an API key that gives way to another', () => {
  const NEXT = apiKeyId(randomUUID());
  const EXPIRY = newKey().expiresAt;
  const secondsBefore = (at: Date, seconds: number): Date => new Date(at.getTime() - seconds * 1000);

  it.each([
    ['is good for as long as they are to overlap', LATER, 60, new Date(LATER.getTime() + 60_000)],
    ['is over at once when they are not', LATER, 0, LATER],
    ['is good for no longer than it was made for', secondsBefore(EXPIRY, 59), 60, EXPIRY],
    ['may do so in the moment it is made', BORN, 0, BORN],
    ['does not end before it began, by the clock of another replica', secondsBefore(BORN, 3), 1, BORN],
  ])('%s', (_, now, overlapSeconds, expiresAt) => {
    const key = ApiKey.mint(newKey(), BORN);
    expect(key.giveWayTo(NEXT, overlapSeconds, now)).toBe(true);
    expect(key.snapshot()).toMatchObject({ successorId: NEXT, expiresAt, revokedAt: null });
    expect(key.isInForce(expiresAt)).toBe(false);
  });

  it('does so once', () => {
    const key = ApiKey.mint(newKey(), BORN);
    expect(key.giveWayTo(NEXT, 60, LATER)).toBe(true);
    const before = key.snapshot();
    expect(key.giveWayTo(apiKeyId(randomUUID()), 60, LATER)).toBe(false);
    expect(key.snapshot()).toEqual(before);
  });

  it('does so only while it is in force', () => {
    const [expired, revoked] = [ApiKey.mint(newKey(), BORN), ApiKey.mint(newKey(), BORN)];
    revoked.revoke(LATER);
    expect(expired.giveWayTo(NEXT, 60, EXPIRY)).toBe(false);
    expect(revoked.giveWayTo(NEXT, 60, LATER_STILL)).toBe(false);
    for (const key of [expired, revoked]) expect(key.snapshot().successorId).toBeNull();
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
