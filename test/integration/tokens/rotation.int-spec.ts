import { sessionId } from '../../../src/kernel/ids';
import { EndSession } from '../../../src/modules/tokens/application/sessions/end-session';
import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import { Sessions } from '../../../src/modules/tokens/application/sessions/sessions.port';
import type { TokenPair } from '../../../src/modules/tokens/application/token-pairs';
import { InvalidRefreshToken } from '../../../src/modules/tokens/domain/errors';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { aRefresh } from '../../support/a-device';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { recorded, type Recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { Stored } from '../../support/stored';

const policy = { graceSeconds: 10, idleSeconds: 604_800, newDevice: 'allow', maxDays: null } as const;

describe('rotating a refresh token', () => {
  let context: TestContext;
  let rotate: RotateRefreshToken;

  beforeAll(async () => {
    context = await aContext({ variables: { DATABASE_POOL_SIZE: '60' } });
    rotate = context.app.get(RotateRefreshToken);
  });
  afterAll(() => context.stop());

  const aSignedInUser = async (): Promise<TokenPair> => {
    const stored = new Stored(context);
    return stored.signedIn(await stored.newMember());
  };
  const take = (id: string) => context.app.get(Sessions).take(sessionId(id));
  const stored = async ({ sessionId: id }: TokenPair) =>
    (await context.app.get(UnitOfWork).run(() => take(id)))!.snapshot();
  const refused = async (token: string): Promise<void> => {
    await expect(rotate.execute(aRefresh(token))).rejects.toThrow(InvalidRefreshToken);
  };
  const eventsOf = async ({ sessionId: id }: TokenPair): Promise<Pick<Recorded, 'action' | 'outcome' | 'details'>[]> =>
    context.source.query('SELECT action, outcome, details FROM audit_events WHERE target_id = $1 ORDER BY sequence', [
      id,
    ]);

  it('gives the next token of the same session, and a new access token', async () => {
    const first = await aSignedInUser();
    const second = await rotate.execute(aRefresh(first.refreshToken));
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
      () => Promise.all(Array.from({ length: 50 }, () => rotate.execute(aRefresh(first.refreshToken)))),
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
    expect((await rotate.execute(aRefresh([...successors][0]!))).sessionId).toBe(first.sessionId);
  });

  it('repeats the answer to the predecessor within the grace', async () => {
    const first = await aSignedInUser();
    const second = await rotate.execute(aRefresh(first.refreshToken));
    context.clock.advance({ seconds: 9 });
    expect((await rotate.execute(aRefresh(first.refreshToken))).refreshToken).toBe(second.refreshToken);
    expect(await stored(first)).toMatchObject({ generation: 2, revokedAt: null });
  });

  it('ends the session for good when the predecessor comes back after the grace', async () => {
    const first = await aSignedInUser();
    const second = await rotate.execute(aRefresh(first.refreshToken));
    context.clock.advance({ seconds: 10 });
    await refused(first.refreshToken);
    await refused(second.refreshToken);
    expect(await stored(first)).toMatchObject({ revokedFor: 'token_reuse', revokedAt: context.clock.now() });
  });

  it('ends the session for good when an older token comes back, even within the grace', async () => {
    const first = await aSignedInUser();
    const second = await rotate.execute(aRefresh(first.refreshToken));
    const third = await rotate.execute(aRefresh(second.refreshToken));
    await refused(first.refreshToken);
    await refused(third.refreshToken);
    expect(await stored(first)).toMatchObject({ revokedFor: 'token_reuse' });
  });

  it('keeps the return of a spent token on record, with its risk', async () => {
    const first = await aSignedInUser();
    const second = await rotate.execute(aRefresh(first.refreshToken));
    await rotate.execute(aRefresh(second.refreshToken));
    await refused(first.refreshToken);
    expect((await eventsOf(first)).slice(-2)).toMatchObject([
      { action: 'auth.token_reuse_detected', outcome: 'failure' },
      { action: 'session.revoked', outcome: 'success', details: { reason: 'token_reuse' } },
    ]);
  });

  it('leaves the other sessions of the user alone when it ends one', async () => {
    const stored = new Stored(context);
    const member = await stored.newMember();
    const [stolen, other] = [await stored.signedIn(member), await stored.signedIn(member)];
    const next = await rotate.execute(aRefresh(stolen.refreshToken));
    await rotate.execute(aRefresh(next.refreshToken));
    await refused(stolen.refreshToken);
    expect((await rotate.execute(aRefresh(other.refreshToken))).sessionId).toBe(other.sessionId);
  });

  it('never loses a sign-out that arrives in the middle of a rotation', async () => {
    const first = await aSignedInUser();
    await interleaved(
      context,
      async (now) => {
        const session = (await take(first.sessionId))!;
        session.rotate(1, 'a device', policy, now);
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
      () => rotate.execute(aRefresh(first.refreshToken)),
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
    await expect(rotate.execute(aRefresh(first.refreshToken))).rejects.toThrow();
    await repair();
    expect(await stored(first)).toMatchObject({ generation: 1 });
    expect((await rotate.execute(aRefresh(first.refreshToken))).sessionId).toBe(first.sessionId);
  });

  it('keeps on record that the predecessor was answered within the grace', async () => {
    const first = await aSignedInUser();
    await rotate.execute(aRefresh(first.refreshToken));
    await rotate.execute(aRefresh(first.refreshToken));
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
      const stored = new Stored(context);
      const first = await stored.signedIn(await stored.newMember());
      const second = await rotate.execute(aRefresh(first.refreshToken));
      for (const token of [first.refreshToken, second.refreshToken]) {
        await expect(rotate.execute(aRefresh(token))).rejects.toThrow(InvalidRefreshToken);
      }
    } finally {
      await context.stop();
    }
  });
});
