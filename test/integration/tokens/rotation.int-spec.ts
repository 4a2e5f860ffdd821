import { sessionId } from '../../../src/kernel/ids';
import { EndSession } from '../../../src/modules/tokens/application/end-session';
import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import { Sessions } from '../../../src/modules/tokens/application/sessions.port';
import { StartSession } from '../../../src/modules/tokens/application/start-session';
import type { TokenPair } from '../../../src/modules/tokens/application/token-pairs';
import { InvalidRefreshToken } from '../../../src/modules/tokens/domain/errors';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { recorded, type Recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { Stored } from '../../support/stored';

const lifetimes = { graceSeconds: 10, idleSeconds: 604_800, absoluteSeconds: 2_592_000 };

describe('rotating a refresh token', () => {
  let context: TestContext;
  let rotate: RotateRefreshToken;

  beforeAll(async () => {
    context = await aContext({ variables: { DATABASE_POOL_SIZE: '60' } });
    rotate = context.app.get(RotateRefreshToken);
  });
  afterAll(() => context.stop());

  const aSignedInUser = async (): Promise<TokenPair> => {
    const member = await new Stored(context).newMember();
    const grants = { roles: [], permissions: [], authenticationMethods: ['pwd'], ipAddress: null, userAgent: null };
    return context.app.get(StartSession).execute({ ...member, ...grants });
  };
  const take = (id: string) => context.app.get(Sessions).take(sessionId(id));
  const stored = async ({ sessionId: id }: TokenPair) =>
    (await context.app.get(UnitOfWork).run(() => take(id)))!.snapshot();
  const refused = async (token: string): Promise<void> => {
    await expect(rotate.execute(token)).rejects.toThrow(InvalidRefreshToken);
  };
  const eventsOf = async ({ sessionId: id }: TokenPair): Promise<Pick<Recorded, 'action' | 'outcome' | 'details'>[]> =>
    context.source.query('SELECT action, outcome, details FROM audit_events WHERE target_id = $1 ORDER BY sequence', [
      id,
    ]);

  it('gives the next token of the same session, and a new access token', async () => {
    const first = await aSignedInUser();
    const second = await rotate.execute(first.refreshToken);
    expect(second.sessionId).toBe(first.sessionId);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(await eventsOf(first)).toMatchObject([
      { action: 'auth.token_refreshed', outcome: 'success', details: { generation: 2 } },
    ]);
  });

  it('gives fifty who come at once with one token the one successor, and rotates once', async () => {
    const first = await aSignedInUser();
    const settled = await interleaved(
      context,
      () => take(first.sessionId),
      () => Promise.all(Array.from({ length: 50 }, () => rotate.execute(first.refreshToken))),
      50,
    );
    expect(settled.status).toBe('fulfilled');
    const pairs = settled.status === 'fulfilled' ? settled.value : [];
    const successors = new Set(pairs.map(({ refreshToken }) => refreshToken));
    expect(successors.size).toBe(1);
    expect(await stored(first)).toMatchObject({ generation: 2, revokedAt: null });
    expect((await eventsOf(first)).filter(({ action }) => action === 'auth.token_refreshed')).toMatchObject([
      { action: 'auth.token_refreshed', outcome: 'success', details: { generation: 2 } },
    ]);
    expect((await rotate.execute([...successors][0]!)).sessionId).toBe(first.sessionId);
  });

  it('repeats the answer to the predecessor within the grace', async () => {
    const first = await aSignedInUser();
    const second = await rotate.execute(first.refreshToken);
    context.clock.advance({ seconds: 9 });
    expect((await rotate.execute(first.refreshToken)).refreshToken).toBe(second.refreshToken);
    expect(await stored(first)).toMatchObject({ generation: 2, revokedAt: null });
  });

  it('ends the session for good when the predecessor comes back after the grace', async () => {
    const first = await aSignedInUser();
    const second = await rotate.execute(first.refreshToken);
    context.clock.advance({ seconds: 10 });
    await refused(first.refreshToken);
    await refused(second.refreshToken);
    expect(await stored(first)).toMatchObject({ revokedFor: 'token_reuse', revokedAt: context.clock.now() });
  });

  it('ends the session for good when an older token comes back, even within the grace', async () => {
    const first = await aSignedInUser();
    const second = await rotate.execute(first.refreshToken);
    const third = await rotate.execute(second.refreshToken);
    await refused(first.refreshToken);
    await refused(third.refreshToken);
    expect(await stored(first)).toMatchObject({ revokedFor: 'token_reuse' });
  });

  it('keeps the return of a spent token on record, with its risk', async () => {
    const first = await aSignedInUser();
    const second = await rotate.execute(first.refreshToken);
    await rotate.execute(second.refreshToken);
    await refused(first.refreshToken);
    expect((await eventsOf(first)).slice(-2)).toMatchObject([
      { action: 'auth.token_reuse_detected', outcome: 'failure' },
      { action: 'session.revoked', outcome: 'success', details: { reason: 'token_reuse' } },
    ]);
  });

  it('leaves the other sessions of the user alone when it ends one', async () => {
    const member = await new Stored(context).newMember();
    const opening = { ...member, roles: [], permissions: [], authenticationMethods: ['pwd'] };
    const start = () => context.app.get(StartSession).execute({ ...opening, ipAddress: null, userAgent: null });
    const [stolen, other] = [await start(), await start()];
    const next = await rotate.execute(stolen.refreshToken);
    await rotate.execute(next.refreshToken);
    await refused(stolen.refreshToken);
    expect((await rotate.execute(other.refreshToken)).sessionId).toBe(other.sessionId);
  });

  it('never loses a sign-out that arrives in the middle of a rotation', async () => {
    const first = await aSignedInUser();
    await interleaved(
      context,
      async (now) => {
        const session = (await take(first.sessionId))!;
        session.rotate(1, lifetimes, now);
        await context.app.get(Sessions).save(session);
      },
      () => context.app.get(EndSession).executeById(sessionId(first.sessionId)),
    );
    expect(await stored(first)).toMatchObject({ generation: 2, revokedFor: 'signed_out' });
  });

  it('is refused when it arrives in the middle of a sign-out, which it does not undo', async () => {
    const first = await aSignedInUser();
    const rotation = await interleaved(
      context,
      async (now) => {
        const session = (await take(first.sessionId))!;
        session.revoke('signed_out', now);
        await context.app.get(Sessions).save(session);
      },
      () => rotate.execute(first.refreshToken),
    );
    expect(rotation).toMatchObject({ status: 'rejected', reason: expect.any(InvalidRefreshToken) as unknown });
    expect(await stored(first)).toMatchObject({ generation: 1, revokedFor: 'signed_out' });
  });

  it.each([
    ['sessions', 'UPDATE'],
    ['audit_events', 'INSERT'],
  ] as const)('leaves the old token good when %s cannot be written', async (table, operation) => {
    const first = await aSignedInUser();
    const repair = await sabotage(context.source, table, operation);
    await expect(rotate.execute(first.refreshToken)).rejects.toThrow();
    await repair();
    expect(await stored(first)).toMatchObject({ generation: 1 });
    expect((await rotate.execute(first.refreshToken)).sessionId).toBe(first.sessionId);
  });

  it('keeps on record that the predecessor was answered within the grace', async () => {
    const first = await aSignedInUser();
    await rotate.execute(first.refreshToken);
    await rotate.execute(first.refreshToken);
    expect(await eventsOf(first)).toMatchObject([
      { action: 'auth.token_refreshed', outcome: 'success', details: { generation: 2 } },
      { action: 'auth.token_repeated', outcome: 'success', details: { generation: 2 } },
    ]);
  });

  it.each(['', 'dwrt_', `dwrt_${'A'.repeat(71)}`, 'a.b.c'])('refuses %j without a trace', async (token) => {
    const before = (await recorded(context.source)).length;
    await refused(token);
    expect((await recorded(context.source)).length).toBe(before);
  });

  it('refuses a token whose proof is of another session', async () => {
    const [mine, other] = [await aSignedInUser(), await aSignedInUser()];
    const cut = 'dwrt_'.length + 28;
    await refused(mine.refreshToken.slice(0, cut) + other.refreshToken.slice(cut));
    expect(await stored(mine)).toMatchObject({ generation: 1, revokedAt: null });
  });
});

describe('rotating a refresh token without a grace', () => {
  it('ends the session when the predecessor comes back at once', async () => {
    const context = await aContext({ variables: { REFRESH_GRACE: '0' } });
    try {
      const rotate = context.app.get(RotateRefreshToken);
      const member = await new Stored(context).newMember();
      const opening = { roles: [], permissions: [], authenticationMethods: ['pwd'], ipAddress: null, userAgent: null };
      const first = await context.app.get(StartSession).execute({ ...member, ...opening });
      const second = await rotate.execute(first.refreshToken);
      for (const token of [first.refreshToken, second.refreshToken]) {
        await expect(rotate.execute(token)).rejects.toThrow(InvalidRefreshToken);
      }
    } finally {
      await context.stop();
    }
  });
});
