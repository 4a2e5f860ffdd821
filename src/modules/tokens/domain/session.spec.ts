import { randomBytes, randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { sessionId, type TenantId, tenantId, userId } from '../../../kernel/ids';
import {
  assuranceOf,
  type Lifetimes,
  type NewSession,
  type Rotation,
  type RotationPolicy,
  Session,
  type SessionState,
  type Switch,
} from './session';

const START = new Date('2026-01-01T12:00:00Z');
const LIFETIMES: Lifetimes = { idleSeconds: 3600, absoluteSeconds: 86_400 };
const POLICY: RotationPolicy = { graceSeconds: 10, idleSeconds: 3600, newDevice: 'allow', maxDays: null };
const STRICT: RotationPolicy = { ...POLICY, newDevice: 'refuse' };
const HERE = '1.this device';
const ELSEWHERE = '1.another device';
/** Made in another way, so that nobody can tell whether it is of the same device. */
const OF_ANOTHER_VERSION = '2.this device';
const ROTATED: Rotation = { kind: 'rotated', onNewDevice: false };
const REPEATED: Rotation = { kind: 'repeated', onNewDevice: false };

const after = (milliseconds: number, since: Date = START): Date => new Date(since.getTime() + milliseconds);

function aNewSession(): NewSession {
  return {
    id: sessionId(randomUUID()),
    userId: userId(randomUUID()),
    tenantId: tenantId(randomUUID()),
    secret: randomBytes(32),
    authenticationMethods: ['pwd'],
    deviceTrustedIn: null,
    securityStamp: randomUUID(),
    deviceFingerprint: HERE,
    ipAddress: '192.0.2.1',
    userAgent: 'a browser',
  };
}

function aSession(change: Partial<SessionState> = {}): Session {
  return Session.restore({ ...Session.start(aNewSession(), LIFETIMES, START).snapshot(), ...change });
}

describe('a session in a tenant that lets it go on for some days', () => {
  const DAY = 86_400_000;
  const LONG: Lifetimes = { idleSeconds: 5 * 86_400, absoluteSeconds: 30 * 86_400 };
  const STRICT_TENANT: RotationPolicy = { ...POLICY, idleSeconds: LONG.idleSeconds, maxDays: 7 };

  it('says from the first moment when it ends there', () => {
    const { idleExpiresAt, expiresAt } = Session.start(aNewSession(), LONG, START, 2).snapshot();
    expect([idleExpiresAt, expiresAt]).toEqual([after(2 * DAY), after(30 * DAY)]);
    expect(Session.start(aNewSession(), LONG, START, 29).snapshot().idleExpiresAt).toEqual(after(5 * DAY));
    expect(Session.start(aNewSession(), LONG, START, 365).snapshot().expiresAt).toEqual(after(30 * DAY));
  });

  it('is not renewed beyond that, however often it is refreshed', () => {
    const session = Session.start(aNewSession(), LONG, START, 7);
    session.rotate(1, HERE, STRICT_TENANT, after(4 * DAY));
    expect(session.snapshot().idleExpiresAt).toEqual(after(7 * DAY));
    session.rotate(2, HERE, STRICT_TENANT, after(7 * DAY - 1));
    expect(session.snapshot().idleExpiresAt).toEqual(after(7 * DAY));
    expect(session.rotate(3, HERE, STRICT_TENANT, after(7 * DAY))).toMatchObject({
      kind: 'refused',
      reason: 'expired',
    });
  });

  it('goes on as everywhere once it is in another tenant', () => {
    const session = Session.start(aNewSession(), LONG, START, 2);
    const { tenantId: from } = session.snapshot();
    const elsewhere: RotationPolicy = { ...STRICT_TENANT, maxDays: null };
    session.switchTo(tenantId(randomUUID()), from, HERE, elsewhere, after(DAY));
    expect(session.snapshot().idleExpiresAt).toEqual(after(6 * DAY));
  });
});

describe('a new session', () => {
  it('begins with the first refresh token and is open', () => {
    const begun = aNewSession();

    expect(Session.start(begun, LIFETIMES, START).snapshot()).toEqual({
      ...begun,
      generation: 1,
      authenticatedAt: START,
      factorShownAt: null,
      assurance: 'aal1',
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

describe('how surely a user was known', () => {
  it.each([
    [['pwd'], 'aal1'],
    [['pwd', 'pwd'], 'aal1'],
    [[], 'aal1'],
    [['fed'], 'aal1'],
    [['fed', 'pwd'], 'aal1'],
    [['pwd', 'otp'], 'aal2'],
    [['fed', 'otp'], 'aal2'],
    [['pwd', 'otp', 'otp'], 'aal2'],
  ] as const)('is told by the factors that were proven: %j is %s', (methods, assurance) => {
    expect(assuranceOf(methods)).toBe(assurance);
    const begun = { ...aNewSession(), authenticationMethods: [...methods] };
    expect(Session.start(begun, LIFETIMES, START).snapshot()).toMatchObject({ assurance });
  });
});

describe('when a second factor was last shown', () => {
  const SHOWN = ['otp', 'mfa'];
  const shownAt = (session: Session): Date | null => session.snapshot().factorShownAt;

  it('is the sign-in where that was by two factors, and never where it was not', () => {
    const begun = { ...aNewSession(), authenticationMethods: ['pwd', ...SHOWN] };
    expect(shownAt(Session.start(begun, LIFETIMES, START))).toEqual(START);
    expect(shownAt(aSession())).toBeNull();
  });

  it('is the proof by one, and the setting up of one', () => {
    const [raised, enrolled] = [aSession(), aSession()];
    raised.reauthenticate(SHOWN, LIFETIMES, after(1000));
    enrolled.prove(SHOWN, LIFETIMES, after(2000));
    expect([shownAt(raised), shownAt(enrolled)]).toEqual([after(1000), after(2000)]);
  });

  it('is not the proof of a password, nor a refresh', () => {
    const session = aSession({ authenticationMethods: ['pwd', ...SHOWN], factorShownAt: START });
    session.reauthenticate(['pwd'], LIFETIMES, after(1000));
    session.rotate(1, HERE, POLICY, after(2000));
    expect(session.snapshot()).toMatchObject({ factorShownAt: START, authenticatedAt: after(1000) });
  });
});

describe('a session whose user has no second factor any more', () => {
  it('has proven what is left without one, and ends no later', () => {
    const methods = ['pwd', 'otp', 'sms', 'mfa'];
    const session = aSession({ authenticationMethods: methods, factorShownAt: START, assurance: 'aal2' });
    const before = session.snapshot();
    session.forgetFactors();
    expect(session.snapshot()).toEqual({ ...before, authenticationMethods: ['pwd'], factorShownAt: null });
  });
});

describe('a session that is by two factors from now on', () => {
  const SHORT: Lifetimes = { idleSeconds: 600, absoluteSeconds: 7200 };
  const ENDS = { idleExpiresAt: after(3_600_000), expiresAt: after(86_400_000) };
  const raised = (how: 'prove' | 'reauthenticate', change: Partial<SessionState> = {}): SessionState => {
    const session = aSession(change);
    session[how](['otp', 'mfa'], SHORT, after(60_000));
    return session.snapshot();
  };

  it.each(['prove', 'reauthenticate'] as const)('ends as early as one that begins now (%s)', (how) => {
    const ends = { idleExpiresAt: after(660_000), expiresAt: after(7_260_000) };
    expect(raised(how)).toMatchObject({ assurance: 'aal2', ...ends });
  });

  it('never ends later for it', () => {
    const ends = { idleExpiresAt: after(70_000), expiresAt: after(80_000) };
    expect(raised('prove', ends)).toMatchObject({ assurance: 'aal2', ...ends });
  });

  it('never idles beyond its absolute end', () => {
    const session = aSession();
    session.prove(['otp', 'mfa'], { idleSeconds: 600, absoluteSeconds: 60 }, START);
    expect(session.snapshot()).toMatchObject({ idleExpiresAt: after(60_000), expiresAt: after(60_000) });
  });

  it('is none by the same factor again, nor by further proofs of two', () => {
    const [again, further] = [
      aSession(),
      aSession({ assurance: 'aal2', authenticationMethods: ['pwd', 'otp', 'mfa'] }),
    ];
    again.prove(['pwd'], SHORT, after(60_000));
    further.prove(['otp', 'mfa'], SHORT, after(60_000));
    expect(again.snapshot()).toMatchObject({ assurance: 'aal1', ...ENDS });
    expect(further.snapshot()).toMatchObject({ assurance: 'aal2', ...ENDS });
  });
});

describe('the current refresh token', () => {
  it('is traded for its successor, and the session may idle anew', () => {
    const session = aSession({ generation: 4 });
    const before = session.snapshot();
    const now = after(60_000);

    expect(session.rotate(4, HERE, POLICY, now)).toEqual(ROTATED);
    expect(session.snapshot()).toEqual({
      ...before,
      generation: 5,
      rotatedAt: now,
      idleExpiresAt: after(3_600_000, now),
    });
  });

  it('never moves the absolute end, nor the idle end beyond it', () => {
    const session = aSession({ expiresAt: after(90_000) });

    session.rotate(1, HERE, POLICY, after(60_000));

    expect(session.snapshot()).toMatchObject({ expiresAt: after(90_000), idleExpiresAt: after(90_000) });
  });

  it('keeps when and how its user signed in', () => {
    const session = aSession();
    const { authenticatedAt, authenticationMethods, createdAt } = session.snapshot();

    session.rotate(1, HERE, POLICY, after(60_000));

    expect(session.snapshot()).toMatchObject({ authenticatedAt, authenticationMethods, createdAt });
  });
});

describe('the immediate predecessor', () => {
  const ROTATED_AT = after(60_000);
  const rotated = (): Session => aSession({ generation: 5, rotatedAt: ROTATED_AT });

  it.each([
    ['at once', 0],
    ['after five seconds', 5000],
    ['a millisecond before the grace ends', 9999],
  ])('gets the same answer again, unchanged, %s', (_, milliseconds) => {
    const session = rotated();
    const before = session.snapshot();

    expect(session.rotate(4, HERE, POLICY, after(milliseconds, ROTATED_AT))).toEqual(REPEATED);
    expect(session.snapshot()).toEqual(before);
  });

  it.each([
    ['when the grace is over', 10_000],
    ['a minute later', 60_000],
  ])('ends the session %s', (_, milliseconds) => {
    const session = rotated();
    const now = after(milliseconds, ROTATED_AT);

    expect(session.rotate(4, HERE, POLICY, now)).toEqual({ kind: 'reuse_detected' });
    expect(session.snapshot()).toMatchObject({ revokedAt: now, revokedFor: 'token_reuse', generation: 5 });
  });

  it('ends the session at once where there is no grace', () => {
    expect(rotated().rotate(4, HERE, { ...POLICY, graceSeconds: 0 }, ROTATED_AT)).toEqual({ kind: 'reuse_detected' });
  });

  it('is repeated on a replica whose clock is behind', () => {
    expect(rotated().rotate(4, HERE, POLICY, after(-5000, ROTATED_AT))).toEqual(REPEATED);
  });
});

describe('a refresh token that is newer than what is stored', () => {
  it.each([6, 7, 100])(
    'is one whose commit was lost, and is traded for its successor: generation %i of 5',
    (presented) => {
      const session = aSession({ generation: 5 });
      const now = after(60_000);

      expect(session.rotate(presented, HERE, POLICY, now)).toEqual(ROTATED);
      expect(session.snapshot()).toMatchObject({ generation: presented + 1, rotatedAt: now, revokedAt: null });
    },
  );

  it('makes the tokens of before worth what they would have been without the loss', () => {
    const session = aSession({ generation: 5 });
    session.rotate(7, HERE, POLICY, START);

    expect(session.rotate(7, HERE, POLICY, after(9999))).toEqual(REPEATED);
    expect(session.rotate(5, HERE, POLICY, after(9999))).toEqual({ kind: 'reuse_detected' });
  });

  it('brings no session back that is over', () => {
    const session = aSession({ generation: 5, revokedAt: START, revokedFor: 'signed_out' });

    expect(session.rotate(6, HERE, POLICY, START)).toEqual({ kind: 'refused', reason: 'revoked' });
  });

  it('is refused on a new device like any other', () => {
    const session = aSession({ generation: 5 });

    expect(session.rotate(6, ELSEWHERE, STRICT, START)).toEqual({ kind: 'refused', reason: 'new_device' });
    expect(session.snapshot()).toMatchObject({ generation: 5 });
  });
});

describe('any older refresh token', () => {
  it.each([1, 2, 3])('ends the session, however soon it comes: generation %i of 5', (presented) => {
    const session = aSession({ generation: 5 });

    expect(session.rotate(presented, HERE, POLICY, START)).toEqual({ kind: 'reuse_detected' });
    expect(session.snapshot()).toMatchObject({ revokedFor: 'token_reuse' });
  });

  it('leaves the newest token worth nothing', () => {
    const session = aSession({ generation: 5 });

    session.rotate(3, HERE, POLICY, START);

    expect(session.rotate(5, HERE, POLICY, START)).toEqual({ kind: 'refused', reason: 'revoked' });
  });
});

describe('the end of a session', () => {
  const REASONS = ['signed_out', 'token_reuse', 'password_changed', 'ended_by_user', 'revoked_by_client'] as const;

  it.each([
    ['idle', { idleExpiresAt: after(60_000) }],
    ['absolute', { expiresAt: after(60_000) }],
  ])('comes exactly when its %s time is over', (_, change) => {
    expect(aSession(change).rotate(1, HERE, POLICY, after(59_999))).toEqual(ROTATED);
    expect(aSession(change).rotate(1, HERE, POLICY, after(60_000))).toEqual({ kind: 'refused', reason: 'expired' });
  });

  it('is not mistaken for theft', () => {
    const session = aSession({ generation: 5, expiresAt: after(60_000) });
    const before = session.snapshot();

    expect(session.rotate(2, HERE, POLICY, after(60_000))).toEqual({ kind: 'refused', reason: 'expired' });
    expect(session.snapshot()).toEqual(before);
  });

  it.each(REASONS)('by %s refuses every token', (reason) => {
    const session = aSession({ generation: 5 });

    expect(session.revoke(reason, after(1000))).toBe(true);
    expect(session.snapshot()).toMatchObject({ revokedAt: after(1000), revokedFor: reason });
    for (const presented of [5, 4, 3]) {
      expect(session.rotate(presented, HERE, POLICY, after(1000))).toEqual({ kind: 'refused', reason: 'revoked' });
    }
  });

  it('keeps its first reason and instant', () => {
    const session = aSession();
    session.revoke('signed_out', after(1000));

    expect(session.revoke('token_reuse', after(2000))).toBe(false);
    expect(session.snapshot()).toMatchObject({ revokedAt: after(1000), revokedFor: 'signed_out' });
  });
});

describe('a refresh token on a device that looks different', () => {
  it('is good where the tenant allows it, and stays a new one: the known device is the one of sign-in', () => {
    const session = aSession();

    expect(session.rotate(1, ELSEWHERE, POLICY, after(1000))).toEqual({ kind: 'rotated', onNewDevice: true });
    expect(session.snapshot()).toMatchObject({ generation: 2, deviceFingerprint: HERE });
    expect(session.rotate(2, ELSEWHERE, STRICT, after(2000))).toEqual({ kind: 'refused', reason: 'new_device' });
    expect(session.rotate(2, HERE, STRICT, after(3000))).toEqual(ROTATED);
  });

  it.each([
    ['later', HERE, OF_ANOTHER_VERSION],
    ['earlier', OF_ANOTHER_VERSION, HERE],
  ])('is not known to be one when the fingerprint was made by a %s version', (_, deviceFingerprint, presented) => {
    const session = aSession({ deviceFingerprint });

    expect(session.rotate(1, presented, STRICT, after(1000))).toEqual(ROTATED);
    expect(session.snapshot()).toMatchObject({ deviceFingerprint });
  });

  it('gets the answer of its predecessor where the tenant allows it, which changes nothing', () => {
    const session = aSession({ generation: 2 });
    const before = session.snapshot();

    expect(session.rotate(1, ELSEWHERE, POLICY, after(1000))).toEqual({ kind: 'repeated', onNewDevice: true });
    expect(session.snapshot()).toEqual(before);
  });

  it.each([
    ['the current token', 5],
    ['its predecessor', 4],
  ])('changes nothing where the tenant refuses it: %s', (_, presented) => {
    const session = aSession({ generation: 5 });
    const before = session.snapshot();

    expect(session.rotate(presented, ELSEWHERE, STRICT, after(1000))).toEqual({
      kind: 'refused',
      reason: 'new_device',
    });
    expect(session.snapshot()).toEqual(before);
    expect(session.rotate(5, HERE, STRICT, after(2000))).toEqual(ROTATED);
  });

  it('ends the session all the same when it was spent', () => {
    const session = aSession({ generation: 5 });

    expect(session.rotate(3, ELSEWHERE, STRICT, after(1000))).toEqual({ kind: 'reuse_detected' });
  });

  it('is no stranger in a session of which no device is known, and never becomes one', () => {
    const session = aSession({ deviceFingerprint: null });

    expect(session.rotate(1, HERE, STRICT, after(1000))).toEqual(ROTATED);
    expect(session.rotate(2, ELSEWHERE, STRICT, after(2000))).toEqual(ROTATED);
    expect(session.snapshot()).toMatchObject({ deviceFingerprint: null });
  });
});

describe('where a session is used from', () => {
  it('is what its client said last, while the device stays the one of sign-in', () => {
    const session = aSession();
    const before = session.snapshot();
    const traits = { userAgent: 'another browser', ipAddress: '192.0.2.2', acceptLanguage: 'de' };

    session.usedFrom(traits);

    expect(session.snapshot()).toEqual({ ...before, userAgent: 'another browser', ipAddress: '192.0.2.2' });
  });
});

describe('switching to another tenant', () => {
  const here = tenantId(randomUUID());
  const there = tenantId(randomUUID());
  const elsewhere = tenantId(randomUUID());
  const SHORT: RotationPolicy = { ...POLICY, idleSeconds: 600 };
  const switched = (session: Session, change: { from?: TenantId; to?: TenantId; at?: number } = {}): Switch =>
    session.switchTo(change.to ?? there, change.from ?? here, HERE, SHORT, after(change.at ?? 60_000));
  const atHome = (change: Partial<SessionState> = {}): Session =>
    aSession({ tenantId: here, generation: 4, ...change });

  it('makes it the active one, and spends the refresh token', () => {
    const session = atHome();
    const before = session.snapshot();
    const now = after(60_000);

    expect(switched(session)).toEqual(ROTATED);
    expect(session.snapshot()).toEqual({
      ...before,
      tenantId: there,
      generation: 5,
      rotatedAt: now,
      idleExpiresAt: after(600_000, now),
    });
  });

  it('lets a client that never got the answer come back within the grace', () => {
    const session = atHome();
    switched(session);

    expect(session.rotate(4, HERE, POLICY, after(69_999))).toEqual(REPEATED);
    expect(session.snapshot()).toMatchObject({ tenantId: there, generation: 5 });
  });

  it.each([
    ['at once', 60_000],
    ['a millisecond before the grace ends', 69_999],
    ['on a replica whose clock is behind', 55_000],
  ])('that was made is answered again to who comes from where it was made, %s', (_, at) => {
    const session = atHome();
    switched(session);
    const before = session.snapshot();

    expect(switched(session, { at })).toEqual(REPEATED);
    expect(session.snapshot()).toEqual(before);
  });

  it.each<[string, { from?: TenantId; to?: TenantId; at?: number }]>([
    ['when the grace is over', { at: 70_000 }],
    ['by who is there already', { from: there, at: 60_001 }],
    ['to a third one', { to: elsewhere, at: 60_001 }],
  ])('is a new one, which spends another refresh token, %s', (_, change) => {
    const session = atHome();
    switched(session);

    expect(switched(session, change)).toEqual(ROTATED);
    expect(session.snapshot()).toMatchObject({ generation: 6, tenantId: change.to ?? there });
  });

  it('there and back again is done twice, however quickly', () => {
    const session = atHome();
    switched(session);

    expect(switched(session, { from: there, to: here, at: 60_001 })).toEqual(ROTATED);
    expect(session.snapshot()).toMatchObject({ tenantId: here, generation: 6 });
  });

  it('is found out by the next refresh of the owner when somebody else did it', () => {
    const session = atHome();
    switched(session);

    expect(session.rotate(4, HERE, POLICY, after(70_000))).toEqual({ kind: 'reuse_detected' });
  });

  it('never moves the absolute end, nor the idle end beyond it', () => {
    const session = atHome({ expiresAt: after(90_000) });

    switched(session);

    expect(session.snapshot()).toMatchObject({ expiresAt: after(90_000), idleExpiresAt: after(90_000) });
  });

  it('is refused on a new device where that tenant says so, and changes nothing', () => {
    const session = atHome();
    const before = session.snapshot();

    const refused = { kind: 'refused', reason: 'new_device' };
    expect(session.switchTo(there, here, ELSEWHERE, STRICT, after(1000))).toEqual(refused);
    expect(session.snapshot()).toEqual(before);
    expect(session.switchTo(there, here, HERE, STRICT, after(1000))).toEqual(ROTATED);
    // Nor is the answer given again there.
    expect(session.switchTo(there, here, ELSEWHERE, STRICT, after(1001))).toEqual(refused);
  });

  it('tells of a new device where that tenant allows it, and keeps the one of sign-in', () => {
    const session = atHome();

    expect(session.switchTo(there, here, ELSEWHERE, POLICY, after(1000))).toEqual({
      kind: 'rotated',
      onNewDevice: true,
    });
    expect(session.switchTo(there, here, ELSEWHERE, POLICY, after(1001))).toEqual({
      kind: 'repeated',
      onNewDevice: true,
    });
    expect(session.snapshot()).toMatchObject({ deviceFingerprint: HERE });
  });
});

describe('proving again who the user is', () => {
  it('is remembered with its instant and method, and touches neither token nor end', () => {
    const session = aSession({ generation: 4 });
    const before = session.snapshot();
    const now = after(60_000);

    expect(session.reauthenticate(['pwd'], LIFETIMES, now)).toBe(true);
    expect(session.snapshot()).toEqual({ ...before, authenticatedAt: now });
  });

  it('adds what was proven to what was proven before, once', () => {
    const session = aSession();

    session.reauthenticate(['otp', 'pwd'], LIFETIMES, after(1000));

    expect(session.snapshot()).toMatchObject({ authenticationMethods: ['pwd', 'otp'] });
  });
});

describe('a session that is over', () => {
  it.each([
    ['revoked', { revokedAt: START, revokedFor: 'signed_out' }, 'revoked'],
    ['idle for too long', { idleExpiresAt: after(1000) }, 'expired'],
    ['at its absolute end', { expiresAt: after(1000) }, 'expired'],
  ] as const)('is neither switched nor proven anew: %s', (_, change, reason) => {
    const session = aSession(change);
    const before = session.snapshot();

    const switched = session.switchTo(tenantId(randomUUID()), before.tenantId, HERE, POLICY, after(1000));
    expect(switched).toEqual({ kind: 'refused', reason });
    expect(session.reauthenticate(['pwd'], LIFETIMES, after(1000))).toBe(false);
    expect(session.snapshot()).toEqual(before);
  });
});

const GRACE_MS = POLICY.graceSeconds * 1000;
const IDLE_MS = POLICY.idleSeconds * 1000;
/** So long that no history below comes to its end by itself. */
const LONG: Lifetimes = { idleSeconds: POLICY.idleSeconds, absoluteSeconds: 1_000_000_000 };

/** Watches a session: whatever is done to it, some things are never so. */
class Watched {
  readonly session = Session.start(aNewSession(), LONG, START);
  private readonly successors = new Map<number, number>();

  /** Presents a token; what the answer would carry, or null when there is none. */
  present(generation: number, now: Date, fingerprint = HERE): number | null {
    const { kind } = this.session.rotate(generation, fingerprint, POLICY, now);
    this.holds();
    if (kind !== 'rotated' && kind !== 'repeated') return null;
    const successor = this.generation;
    // Two different successors of one token would be two sessions of one sign-in.
    expect(this.successors.get(generation) ?? successor).toBe(successor);
    this.successors.set(generation, successor);
    return successor;
  }

  get generation(): number {
    return this.session.snapshot().generation;
  }

  get isOpen(): boolean {
    return this.session.snapshot().revokedAt === null;
  }

  private holds(): void {
    const { expiresAt, idleExpiresAt } = this.session.snapshot();
    expect(expiresAt).toEqual(after(LONG.absoluteSeconds * 1000));
    expect(idleExpiresAt.getTime()).toBeLessThanOrEqual(expiresAt.getTime());
  }
}

/** One refresh of an honest client: how long it waited before, and when it asked again, at once or one after another. */
const refresh = fc.record({
  waitsMs: fc.integer({ min: 0, max: IDLE_MS - 1 - GRACE_MS }),
  // Replicas' clocks differ: what comes later may carry an earlier instant.
  asksAgainAfterMs: fc.array(fc.integer({ min: -2000, max: GRACE_MS - 1 }), { maxLength: 5 }),
  hears: fc.nat({ max: 5 }),
});

/** One use of a token by one of two who hold it, so long after the one before. */
const use = fc.record({
  by: fc.constantFrom('owner' as const, 'thief' as const),
  waitsMs: fc.integer({ min: GRACE_MS, max: IDLE_MS - 1 }),
});

describe('whatever happens on the way', () => {
  it('never signs out a client with one token, whichever answers are lost and however many ask at once', () => {
    fc.assert(
      fc.property(fc.array(refresh, { maxLength: 40 }), (refreshes) => {
        const watched = new Watched();
        let [token, now] = [1, START];
        for (const { waitsMs, asksAgainAfterMs, hears } of refreshes) {
          now = after(waitsMs, now);
          const answers = [0, ...asksAgainAfterMs].map((offset) => watched.present(token, after(offset, now)));
          expect(answers).toEqual(answers.map(() => token + 1));
          // Whichever of the answers arrives, the client holds the same token.
          token = answers[hears % answers.length]!;
          now = after(Math.max(0, ...asksAgainAfterMs), now);
        }
        expect(watched.isOpen).toBe(true);
        expect(watched.present(token, after(1, now))).toBe(refreshes.length + 2);
      }),
    );
  });

  it('never signs out a client when the database loses commits, whichever and however many', () => {
    const lossy = fc.record({ waitsMs: fc.integer({ min: GRACE_MS, max: IDLE_MS - 1 }), isLost: fc.boolean() });
    fc.assert(
      fc.property(fc.array(lossy, { maxLength: 40 }), (refreshes) => {
        let stored = aSession({ expiresAt: after(LONG.absoluteSeconds * 1000) }).snapshot();
        let [token, now] = [1, START];
        for (const { waitsMs, isLost } of refreshes) {
          now = after(waitsMs, now);
          const session = Session.restore(stored);
          expect(session.rotate(token, HERE, POLICY, now)).toEqual(ROTATED);
          // The client got its answer; the database remembers of it no more than that time has passed.
          token = session.snapshot().generation;
          const { generation, rotatedAt } = stored;
          stored = isLost ? { ...session.snapshot(), generation, rotatedAt } : session.snapshot();
        }
        expect(token).toBe(refreshes.length + 1);
      }),
    );
  });

  it('keeps the device of sign-in, whoever refreshes and switches', () => {
    const there = tenantId(randomUUID());
    const move = fc.record({
      fingerprint: fc.constantFrom(HERE, ELSEWHERE, OF_ANOTHER_VERSION),
      policy: fc.constantFrom(POLICY, STRICT),
      does: fc.constantFrom('refresh' as const, 'switch' as const),
    });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
        const session = aSession();
        const home = session.snapshot().tenantId;
        for (const { fingerprint, policy, does } of moves) {
          const { generation } = session.snapshot();
          const { kind } =
            does === 'refresh'
              ? session.rotate(generation, fingerprint, policy, START)
              : session.switchTo(there, home, fingerprint, policy, START);
          expect(kind === 'refused').toBe(fingerprint === ELSEWHERE && policy === STRICT);
          expect(session.snapshot()).toMatchObject({ deviceFingerprint: HERE, revokedAt: null });
        }
      }),
    );
  });

  it('ends the session at the latest when the second of two who hold one token uses it', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 }), fc.array(use, { minLength: 1, maxLength: 20 }), (before, uses) => {
        const watched = new Watched();
        for (let generation = 1; generation <= before; generation++) watched.present(generation, START);
        const holds = { owner: before + 1, thief: before + 1 };
        const first = uses[0]!.by;
        let now = START;
        for (const { by, waitsMs } of uses) {
          now = after(waitsMs, now);
          const answer = watched.present(holds[by], now);
          if (by !== first) {
            expect(answer).toBeNull();
            expect(watched.session.snapshot()).toMatchObject({ revokedFor: 'token_reuse', revokedAt: now });
            // And neither of them gets anything for anything they ever held.
            for (let held = 1; held <= watched.generation; held++) expect(watched.present(held, now)).toBeNull();
            return;
          }
          expect(answer).toBe(holds[by] + 1);
          holds[by] = answer!;
        }
        expect(watched.isOpen).toBe(true);
      }),
    );
  });

  it('never lets two who hold one token both go on, however quick they are', () => {
    const quick = fc.record({
      by: fc.constantFrom('owner' as const, 'thief' as const),
      waitsMs: fc.nat({ max: 30_000 }),
    });
    fc.assert(
      fc.property(fc.array(quick, { maxLength: 60 }), (uses) => {
        const watched = new Watched();
        const holds = { owner: 1, thief: 1 };
        let now = START;
        for (const { by, waitsMs } of uses) {
          now = after(waitsMs, now);
          const answer = watched.present(holds[by], now);
          if (answer === null) {
            expect(watched.isOpen).toBe(false);
            return;
          }
          // Both are at most one step apart while both are answered: who is two behind ends it for both.
          holds[by] = answer;
          expect(answer).toBe(watched.generation);
        }
      }),
    );
  });

  it('ends the session for thief and owner alike once a token that is twice spent comes back', () => {
    const rotations = fc.integer({ min: 1, max: 30 });
    const uses = fc.integer({ min: 2, max: 10 });
    fc.assert(
      fc.property(rotations, uses, fc.nat({ max: 60_000 }), (stolen, usesSince, wait) => {
        const watched = new Watched();
        for (let generation = 1; generation < stolen + usesSince; generation++) watched.present(generation, START);

        expect(watched.session.rotate(stolen, HERE, POLICY, after(wait))).toEqual({ kind: 'reuse_detected' });
        for (let generation = 1; generation <= stolen + usesSince; generation++) {
          expect(watched.present(generation, after(wait))).toBeNull();
        }
      }),
    );
  });

  it('changes nothing by a good token on a device the tenant refuses', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 50 }), fc.boolean(), fc.nat({ max: GRACE_MS - 1 }), (n, isNewest, wait) => {
        const session = aSession({ generation: n });
        const before = session.snapshot();

        const rotation = session.rotate(isNewest ? n : n - 1, ELSEWHERE, STRICT, after(wait));

        expect(rotation).toEqual({ kind: 'refused', reason: 'new_device' });
        expect(session.snapshot()).toEqual(before);
      }),
    );
  });
});
