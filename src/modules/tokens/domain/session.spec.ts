import { randomBytes, randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { sessionId, tenantId, userId } from '../../../kernel/ids';
import { type Lifetimes, type NewSession, Session, type SessionState } from './session';

const START = new Date('2026-01-01T12:00:00Z');
const LIFETIMES: Lifetimes = { graceSeconds: 10, idleSeconds: 3600, absoluteSeconds: 86_400 };

const after = (milliseconds: number, since: Date = START): Date => new Date(since.getTime() + milliseconds);

function aNewSession(): NewSession {
  return {
    id: sessionId(randomUUID()),
    userId: userId(randomUUID()),
    tenantId: tenantId(randomUUID()),
    secret: randomBytes(32),
    authenticationMethods: ['pwd'],
    ipAddress: '192.0.2.1',
    userAgent: 'a browser',
  };
}

function aSession(change: Partial<SessionState> = {}): Session {
  return Session.restore({ ...Session.start(aNewSession(), LIFETIMES, START).snapshot(), ...change });
}

describe('a new session', () => {
  it('begins with the first refresh token and is open', () => {
    const begun = aNewSession();

    expect(Session.start(begun, LIFETIMES, START).snapshot()).toEqual({
      ...begun,
      generation: 1,
      authenticatedAt: START,
      createdAt: START,
      rotatedAt: START,
      idleExpiresAt: after(3_600_000),
      expiresAt: after(86_400_000),
      revokedAt: null,
      revokedFor: null,
    });
  });

  it('never idles beyond its absolute end', () => {
    const short = { ...LIFETIMES, idleSeconds: 100, absoluteSeconds: 20 };

    expect(Session.start(aNewSession(), short, START).snapshot()).toMatchObject({
      idleExpiresAt: after(20_000),
      expiresAt: after(20_000),
    });
  });
});

describe('the current refresh token', () => {
  it('is traded for its successor, and the session may idle anew', () => {
    const session = aSession({ generation: 4 });
    const before = session.snapshot();
    const now = after(60_000);

    expect(session.rotate(4, LIFETIMES, now)).toEqual({ kind: 'rotated' });
    expect(session.snapshot()).toEqual({
      ...before,
      generation: 5,
      rotatedAt: now,
      idleExpiresAt: after(3_600_000, now),
    });
  });

  it('never moves the absolute end, nor the idle end beyond it', () => {
    const session = aSession({ expiresAt: after(90_000) });

    session.rotate(1, LIFETIMES, after(60_000));

    expect(session.snapshot()).toMatchObject({ expiresAt: after(90_000), idleExpiresAt: after(90_000) });
  });

  it('keeps when and how its user signed in', () => {
    const session = aSession();
    const { authenticatedAt, authenticationMethods, createdAt } = session.snapshot();

    session.rotate(1, LIFETIMES, after(60_000));

    expect(session.snapshot()).toMatchObject({ authenticatedAt, authenticationMethods, createdAt });
  });
});

describe('the immediate predecessor', () => {
  const ROTATED = after(60_000);
  const rotated = (): Session => aSession({ generation: 5, rotatedAt: ROTATED });

  it.each([
    ['at once', 0],
    ['after five seconds', 5000],
    ['a millisecond before the grace ends', 9999],
  ])('gets the same answer again, unchanged, %s', (_, milliseconds) => {
    const session = rotated();
    const before = session.snapshot();

    expect(session.rotate(4, LIFETIMES, after(milliseconds, ROTATED))).toEqual({ kind: 'repeated' });
    expect(session.snapshot()).toEqual(before);
  });

  it.each([
    ['when the grace is over', 10_000],
    ['a minute later', 60_000],
  ])('ends the session %s', (_, milliseconds) => {
    const session = rotated();
    const now = after(milliseconds, ROTATED);

    expect(session.rotate(4, LIFETIMES, now)).toEqual({ kind: 'reuse_detected' });
    expect(session.snapshot()).toMatchObject({ revokedAt: now, revokedFor: 'token_reuse', generation: 5 });
  });

  it('ends the session at once where there is no grace', () => {
    expect(rotated().rotate(4, { ...LIFETIMES, graceSeconds: 0 }, ROTATED)).toEqual({ kind: 'reuse_detected' });
  });

  it('is repeated on a replica whose clock is behind', () => {
    expect(rotated().rotate(4, LIFETIMES, after(-5000, ROTATED))).toEqual({ kind: 'repeated' });
  });
});

describe('any older refresh token', () => {
  it.each([1, 2, 3])('ends the session, however soon it comes: generation %i of 5', (presented) => {
    const session = aSession({ generation: 5 });

    expect(session.rotate(presented, LIFETIMES, START)).toEqual({ kind: 'reuse_detected' });
    expect(session.snapshot()).toMatchObject({ revokedFor: 'token_reuse' });
  });

  it('leaves the newest token worth nothing', () => {
    const session = aSession({ generation: 5 });

    session.rotate(3, LIFETIMES, START);

    expect(session.rotate(5, LIFETIMES, START)).toEqual({ kind: 'refused', reason: 'revoked' });
  });
});

describe('the end of a session', () => {
  it.each([
    ['idle', { idleExpiresAt: after(60_000) }],
    ['absolute', { expiresAt: after(60_000) }],
  ])('comes exactly when its %s time is over', (_, change) => {
    expect(aSession(change).rotate(1, LIFETIMES, after(59_999))).toEqual({ kind: 'rotated' });
    expect(aSession(change).rotate(1, LIFETIMES, after(60_000))).toEqual({ kind: 'refused', reason: 'expired' });
  });

  it('is not mistaken for theft', () => {
    const session = aSession({ generation: 5, expiresAt: after(60_000) });
    const before = session.snapshot();

    expect(session.rotate(2, LIFETIMES, after(60_000))).toEqual({ kind: 'refused', reason: 'expired' });
    expect(session.snapshot()).toEqual(before);
  });

  it.each(['signed_out', 'token_reuse', 'password_changed'] as const)('by %s refuses every token', (reason) => {
    const session = aSession({ generation: 5 });

    expect(session.revoke(reason, after(1000))).toBe(true);
    expect(session.snapshot()).toMatchObject({ revokedAt: after(1000), revokedFor: reason });
    for (const presented of [5, 4, 3]) {
      expect(session.rotate(presented, LIFETIMES, after(1000))).toEqual({ kind: 'refused', reason: 'revoked' });
    }
  });

  it('keeps its first reason and instant', () => {
    const session = aSession();
    session.revoke('signed_out', after(1000));

    expect(session.revoke('token_reuse', after(2000))).toBe(false);
    expect(session.snapshot()).toMatchObject({ revokedAt: after(1000), revokedFor: 'signed_out' });
  });
});

/** A client and the clock: what it does next, and how long it waits before. */
const step = fc.record({
  loses: fc.boolean(),
  waits: fc.integer({ min: 0, max: 3_000_000 }),
  returnsWithin: fc.integer({ min: 0, max: 9999 }),
});

describe('whatever happens on the way', () => {
  const patient: Lifetimes = { ...LIFETIMES, absoluteSeconds: 1_000_000_000 };

  it('never signs out a client that uses its newest token, or its last one again within the grace', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const session = Session.start(aNewSession(), patient, START);
        let now = START;
        for (const { loses, waits, returnsWithin } of steps) {
          now = after(waits, now);
          const newest = session.snapshot().generation;
          expect(session.rotate(newest, patient, now)).toEqual({ kind: 'rotated' });
          if (loses) {
            // The answer never arrived: the client comes back with the token it still has.
            expect(session.rotate(newest, patient, after(returnsWithin, now))).toEqual({ kind: 'repeated' });
          }
        }
        expect(session.snapshot()).toMatchObject({ revokedAt: null, generation: steps.length + 1 });
      }),
    );
  });

  it('ends the session for thief and owner alike once a token that is twice spent comes back', () => {
    const rotations = fc.integer({ min: 1, max: 30 });
    const uses = fc.integer({ min: 2, max: 10 });
    fc.assert(
      fc.property(rotations, uses, fc.nat({ max: 60_000 }), (stolen, usesSince, wait) => {
        const session = Session.start(aNewSession(), patient, START);
        for (let generation = 1; generation < stolen + usesSince; generation++) {
          session.rotate(generation, patient, START);
        }
        const now = after(wait);

        expect(session.rotate(stolen, patient, now)).toEqual({ kind: 'reuse_detected' });
        for (let generation = 1; generation <= stolen + usesSince; generation++) {
          expect(session.rotate(generation, patient, now)).toEqual({ kind: 'refused', reason: 'revoked' });
        }
      }),
    );
  });
});
