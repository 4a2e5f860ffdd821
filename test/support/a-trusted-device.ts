import { randomBytes, randomUUID } from 'node:crypto';
import { TrustedDevice, type TrustedDeviceState } from '../../src/modules/mfa/domain/trusted-device';
import type { Member } from './stored';

const TRUSTED = new Date('2026-01-01T00:00:00.000Z');
const A_MONTH_LATER = new Date('2026-01-31T00:00:00.000Z');

/** A device of a member, trusted for a month under a stamp of nobody. */
export function aTrustedDevice(
  { userId, tenantId }: Member,
  overrides: Partial<TrustedDeviceState> = {},
): TrustedDevice {
  return TrustedDevice.restore({
    id: randomUUID(),
    userId,
    tenantId,
    tokenHash: new Uint8Array(randomBytes(32)),
    securityStamp: randomUUID(),
    name: 'Firefox on Linux',
    ipAddress: '203.0.113.7',
    createdAt: TRUSTED,
    lastUsedAt: null,
    expiresAt: A_MONTH_LATER,
    ...overrides,
  });
}
