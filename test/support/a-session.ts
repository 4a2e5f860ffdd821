import { randomBytes, randomUUID } from 'node:crypto';
import { sessionId } from '../../src/kernel/ids';
import { Session, type SessionState } from '../../src/modules/tokens/domain/session';

const OPENED = new Date('2026-01-01T00:00:00.000Z');
const IN_A_WEEK = new Date('2026-01-08T00:00:00.000Z');
const IN_A_MONTH = new Date('2026-01-31T00:00:00.000Z');

/** A session just opened with a password. */
export function aSession(
  holder: Pick<SessionState, 'userId' | 'tenantId'>,
  overrides: Partial<SessionState> = {},
): Session {
  return Session.restore({
    id: sessionId(randomUUID()),
    userId: holder.userId,
    tenantId: holder.tenantId,
    secret: randomBytes(32),
    generation: 1,
    authenticationMethods: ['pwd'],
    deviceTrustedIn: null,
    authenticatedAt: OPENED,
    factorShownAt: null,
    assurance: 'aal1',
    securityStamp: null,
    deviceFingerprint: null,
    createdAt: OPENED,
    rotatedAt: OPENED,
    idleExpiresAt: IN_A_WEEK,
    expiresAt: IN_A_MONTH,
    ipAddress: '203.0.113.7',
    userAgent: 'a browser',
    revokedAt: null,
    revokedFor: null,
    ...overrides,
  });
}
