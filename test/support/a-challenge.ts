import { randomBytes, randomUUID } from 'node:crypto';
import { Challenge, type ChallengeState } from '../../src/modules/signin/domain/challenge';
import type { Member } from './stored';

const GIVEN = new Date('2026-01-01T00:00:00.000Z');
const IN_FIVE_MINUTES = new Date('2026-01-01T00:05:00.000Z');

/** A challenge that no text opens. */
export function aChallenge({ userId, tenantId }: Member, overrides: Partial<ChallengeState> = {}): Challenge {
  return Challenge.restore({
    id: randomUUID(),
    tokenHash: randomBytes(32),
    userId,
    tenantId,
    securityStamp: randomUUID(),
    authenticationMethods: ['pwd'],
    rememberDevice: false,
    byUsername: false,
    deviceId: null,
    riskScore: 0,
    riskSignals: [],
    wrongCodes: 0,
    createdAt: GIVEN,
    expiresAt: IN_FIVE_MINUTES,
    ...overrides,
  });
}
