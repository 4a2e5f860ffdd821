import { decodeProtectedHeader } from 'jose';
import { Installation } from '../../../src/boot/installation';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import { EndOtherSessions } from '../../../src/modules/tokens/application/sessions/end-other-sessions';
import { KeyMaker, type KeyMaterial } from '../../../src/modules/tokens/application/signing-keys/key-material.port';
import type { TokenPair } from '../../../src/modules/tokens/application/token-pairs';
import { InvalidRefreshToken } from '../../../src/modules/tokens/domain/errors';
import { sealContext } from '../../../src/modules/tokens/infrastructure/signing-keys/typeorm-key-rings';
import { SecretBox } from '../../../src/platform/crypto/secret-box';
import { aRefresh } from '../../support/a-device';
import { aKeyReplica, type KeyReplica } from '../../support/a-replica';
import { aContext, type TestContext } from '../../support/context';
import { type Member, Stored } from '../../support/stored';

/** The first migration of this version. */
const SINCE = 1_763_769_605_000;
const ROTATION_SECONDS = 7_776_000;

describe('a database of the version before', () => {
  let context: TestContext;
  let holder: Member;
  let pair: TokenPair;
  let former: KeyMaterial;
  let drained: KeyMaterial;

  beforeEach(async () => {
    context = await aContext();
    holder = await new Stored(context).newMember();
    pair = await new Stored(context).signedIn(holder);
    await toTheVersionBefore();
    [former, drained] = [await aKey('current'), await aKey('previous')];
    await new Installation(context.app).prepare();
    await now();
  });
  afterEach(() => context.stop());

  async function toTheVersionBefore(): Promise<void> {
    const { source } = context;
    const since = source.migrations.filter(({ name }) => Number(name?.slice(-13)) >= SINCE);
    expect(since.length).toBeGreaterThan(0);
    for (const _each of since) await source.undoLastMigration();
    await source.query('DELETE FROM signing_keys');
  }

  /** As that version stored it, long ago. */
  async function aKey(state: string): Promise<KeyMaterial> {
    const key = await context.app.get(KeyMaker).make('ES256');
    const whole = key.privateKey.export({ format: 'der', type: 'pkcs8' });
    await context.source.query(
      `INSERT INTO signing_keys (kid, algorithm, public_jwk, private_key_sealed, state, created_at)
       VALUES ($1, $2, $3, $4, $5, '2024-01-01')`,
      [key.kid, key.algorithm, key.jwk, context.app.get(SecretBox).seal(whole, sealContext(key.kid)), state],
    );
    return key;
  }

  /** The migration goes by the time of the database. */
  async function now(): Promise<void> {
    const [row] = await context.source.query<{ at: Date }[]>(
      "SELECT activated_at AS at FROM signing_keys WHERE state = 'current'",
    );
    later((row!.at.getTime() - context.clock.now().getTime()) / 1000);
  }
  function later(seconds: number): void {
    context.clock.advance({ seconds });
  }
  const aServer = async (privateKey?: string): Promise<KeyReplica> => {
    const replica = aKeyReplica(context, {
      keyRotationSeconds: ROTATION_SECONDS,
      ...(privateKey !== undefined && { privateKey }),
    });
    await replica.tending.followSettings();
    return replica;
  };
  const signerOf = async ({ keys }: KeyReplica): Promise<string> => (await keys.current()).kid;
  const stampOf = async ({ sessionId }: TokenPair): Promise<string | null | undefined> => {
    const [row] = await context.source.query<{ stamp: string | null }[]>(
      'SELECT security_stamp AS stamp FROM sessions WHERE id = $1',
      [sessionId],
    );
    return row?.stamp;
  };

  it('keeps its signing key for a whole rotation from the upgrade on, however old that is, and has one to follow', async () => {
    const server = await aServer();
    const [next] = (await server.administration.list()).filter(({ state }) => state === 'next');
    later(ROTATION_SECONDS - 1);
    await server.tending.execute();
    expect(await signerOf(server)).toBe(former.kid);
    later(1);
    await server.tending.execute();
    later(1);
    expect(await signerOf(server)).toBe(next?.kid);
  });

  it('keeps the keys that signed before for as long as a token of that version lives', async () => {
    const server = await aServer();
    later(3600);
    await server.tending.execute();
    expect(await server.keys.find(drained.kid)).not.toBeNull();
    later(61);
    await server.tending.execute();
    later(1);
    expect(await server.keys.find(drained.kid)).toBeNull();
    expect(await server.keys.find(former.kid)).not.toBeNull();
  });

  it('keeps the key an operator brought, from the first start on as one that nobody rotates', async () => {
    const server = await aServer(former.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
    later(2 * ROTATION_SECONDS);
    await server.tending.execute();
    expect(await signerOf(server)).toBe(former.kid);
    expect(await server.administration.rotate(true)).toEqual({ kind: 'refused', reason: 'brought' });
  });

  it('keeps its sessions, which know no stamp and go on without one', async () => {
    expect(await stampOf(pair)).toBeNull();
    await context.source.query(
      "UPDATE sessions SET idle_expires_at = now() + interval '1 day', expires_at = now() + interval '1 day'",
    );
    const next = await context.app.get(RotateRefreshToken).execute(aRefresh(pair.refreshToken));
    expect(decodeProtectedHeader(next.accessToken).kid).toBe(former.kid);
    const tokens = context.app.get(AuthenticateAccessToken);
    expect(await tokens.execute(await tokens.verify(next.accessToken))).toMatchObject({ userId: holder.userId });
    expect(await stampOf(pair)).toBeNull();
  });

  it('ends those sessions with a changed password like any other, and keeps the one it was changed in', async () => {
    await context.source.query(
      "UPDATE sessions SET idle_expires_at = now() + interval '1 day', expires_at = now() + interval '1 day'",
    );
    const here = await new Stored(context).signedIn(holder);
    await context.app.get(EndOtherSessions).onPasswordChanged({
      type: 'password.changed',
      outcome: 'success',
      ...holder,
      details: { kept_session_id: here.sessionId },
    });
    const rotate = context.app.get(RotateRefreshToken);
    await expect(rotate.execute(aRefresh(pair.refreshToken))).rejects.toThrow(InvalidRefreshToken);
    expect((await rotate.execute(aRefresh(here.refreshToken))).sessionId).toBe(here.sessionId);
  });
});
