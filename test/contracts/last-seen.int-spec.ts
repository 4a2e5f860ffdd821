import { randomUUID } from 'node:crypto';
import { sessionId } from '../../src/kernel/ids';
import { LastSeen } from '../../src/modules/tokens/application/sessions/last-seen.port';
import { Sessions } from '../../src/modules/tokens/application/sessions/sessions.port';
import type { Session, SessionState } from '../../src/modules/tokens/domain/session';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { interleaved } from '../support/gates';
import { Stored } from '../support/stored';

const HOME = '203.0.113.7';
const CAFE = '192.0.2.44';
const at = (minute: number, milliseconds = 0): Date => new Date(Date.UTC(2026, 0, 1, 0, minute, 0, milliseconds));

describe.each(DATABASES)('every store of sightings (%s)', (database) => {
  let context: TestContext;
  let lastSeen: LastSeen;

  beforeAll(async () => {
    context = await aContext({ database });
    lastSeen = context.app.get(LastSeen);
  });
  afterAll(() => context.stop());

  const aSession = async (change: Partial<SessionState> = {}): Promise<Session> => {
    const stored = new Stored(context);
    return stored.session(await stored.newMember(), { ipAddress: HOME, ...change });
  };
  const idOf = (session: Session) => session.snapshot().id;
  const seen = async (session: Session): Promise<unknown> => {
    const [row] = await context.source.query<unknown[]>(
      'SELECT last_seen_at AS at, ip_address AS address FROM sessions WHERE id = $1',
      [idOf(session)],
    );
    return row;
  };

  it('writes nothing until it is told to', async () => {
    const session = await aSession();
    lastSeen.note(idOf(session), HOME, at(1));
    expect(await seen(session)).toEqual({ at: null, address: HOME });
    await lastSeen.write();
    expect(await seen(session)).toEqual({ at: at(1), address: HOME });
  });

  it('writes when and from where each of many sessions was seen last', async () => {
    const sessions = [await aSession(), await aSession(), await aSession()];
    for (const [index, session] of sessions.entries()) {
      lastSeen.note(idOf(session), HOME, at(1));
      lastSeen.note(idOf(session), CAFE, at(2 + index));
    }
    await lastSeen.write();
    expect(await Promise.all(sessions.map(seen))).toEqual([
      { at: at(2), address: CAFE },
      { at: at(3), address: CAFE },
      { at: at(4), address: CAFE },
    ]);
  });

  it('writes each sighting once', async () => {
    const session = await aSession();
    lastSeen.note(idOf(session), HOME, at(1));
    await lastSeen.write();
    await context.source.query('UPDATE sessions SET last_seen_at = NULL WHERE id = $1', [idOf(session)]);
    await lastSeen.write();
    expect(await seen(session)).toEqual({ at: null, address: HOME });
  });

  it('keeps the address it knows when a sighting has none', async () => {
    const session = await aSession();
    lastSeen.note(idOf(session), null, at(1));
    await lastSeen.write();
    expect(await seen(session)).toEqual({ at: at(1), address: HOME });
  });

  it('passes over a sighting that is no later than the rotation, which says as much', async () => {
    const session = await aSession({ rotatedAt: at(1) });
    lastSeen.note(idOf(session), CAFE, at(1));
    await lastSeen.write();
    expect(await seen(session)).toEqual({ at: null, address: HOME });
  });

  // Another replica may write later what it saw before.
  it('never goes back to an earlier sighting, even one from elsewhere', async () => {
    const session = await aSession();
    lastSeen.note(idOf(session), CAFE, at(3));
    await lastSeen.write();
    lastSeen.note(idOf(session), HOME, at(2));
    await lastSeen.write();
    expect(await seen(session)).toEqual({ at: at(3), address: CAFE });
  });

  it('touches no session that is revoked, and none that is gone', async () => {
    const session = await aSession({ revokedAt: at(1), revokedFor: 'signed_out' });
    lastSeen.note(idOf(session), CAFE, at(2));
    lastSeen.note(sessionId(randomUUID()), CAFE, at(2));
    await lastSeen.write();
    expect(await seen(session)).toEqual({ at: null, address: HOME });
  });

  it('changes nothing else of a session', async () => {
    const session = await aSession();
    lastSeen.note(idOf(session), HOME, at(1));
    await lastSeen.write();
    const { secret: _secret, ...state } = session.snapshot();
    const [row] = await context.source.query<{ generation: number; rotated_at: Date; idle_expires_at: Date }[]>(
      'SELECT generation, rotated_at, idle_expires_at FROM sessions WHERE id = $1',
      [idOf(session)],
    );
    expect(row).toEqual({
      generation: state.generation,
      rotated_at: state.rotatedAt,
      idle_expires_at: state.idleExpiresAt,
    });
  });

  // An embedded database has one session: nobody else can hold a row.
  if (database === 'postgres') {
    it('passes over a session that somebody holds, and waits for nobody', async () => {
      const [held, free] = [await aSession(), await aSession()];
      lastSeen.note(idOf(held), HOME, at(1));
      lastSeen.note(idOf(free), HOME, at(1));
      let whileHeld: unknown;
      await interleaved(
        context,
        () => context.app.get(Sessions).take(idOf(held)),
        async () => {
          await lastSeen.write();
          whileHeld = [await seen(held), await seen(free)];
        },
      );
      expect(whileHeld).toEqual([
        { at: null, address: HOME },
        { at: at(1), address: HOME },
      ]);
    });
  }
});
