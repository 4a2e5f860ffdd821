import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { Installation } from '../../../src/boot/installation';
import { sessionId, tenantId, userId } from '../../../src/kernel/ids';
import { KeyRingChanges } from '../../../src/modules/tokens/application/signing-keys/key-ring-changes';
import { KeyRings } from '../../../src/modules/tokens/application/signing-keys/key-rings.port';
import { KEY_TIMES } from '../../../src/modules/tokens/application/signing-keys/key-times';
import { AccessTokenRefused, KeyOfAnotherAlgorithm } from '../../../src/modules/tokens/domain/errors';
import { TokenSettings } from '../../../src/platform/config/settings';
import { SealBroken } from '../../../src/platform/crypto/secret-box';
import { aKeyReplica, type KeyReplica } from '../../support/a-replica';
import { statementsOf } from '../../support/statements';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { recorded } from '../../support/recorded';

type StoredKey = { readonly kid: string; readonly state: string; readonly algorithm: string; readonly sealed: number };

type Told = { readonly action: string; readonly kid: string; readonly details: Readonly<Record<string, unknown>> };

const { publishSeconds, drainSeconds } = KEY_TIMES;
/** What a shared secret is instead of a key. */
const SHARED = { algorithm: 'HS256', sharedSecret: randomBytes(32).toString('base64') } as const;

function aPem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function anRsaPem(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

describe('signing keys', () => {
  let context: TestContext;

  beforeAll(async () => {
    context = await aContext({ prepared: false, variables: { DATABASE_POOL_SIZE: '20' } });
    await context.app.init();
  });
  afterAll(() => context.stop());
  // As new. Nothing is taken out of the audit log while its triggers are asked.
  beforeEach(() =>
    context.source.query(
      `SET session_replication_role = replica;
       DELETE FROM signing_keys;
       DELETE FROM audit_events;
       SET session_replication_role = DEFAULT`,
    ),
  );

  const aReplica = (change: Partial<TokenSettings> = {}): KeyReplica => aKeyReplica(context, change);
  /** As a server starts. */
  const aStartedReplica = async (change: Partial<TokenSettings> = {}): Promise<KeyReplica> => {
    const replica = aReplica(change);
    await replica.tending.prepare();
    await replica.tending.followSettings();
    return replica;
  };
  const after = (seconds: number): Date => new Date(context.clock.now().getTime() + seconds * 1000);
  const later = (seconds: number): void => {
    context.clock.advance({ seconds });
  };
  /** The chore of a replica, and its memory a moment later. */
  const tended = async ({ tending }: KeyReplica): Promise<void> => {
    await tending.execute();
    later(1);
  };
  const stored = (): Promise<StoredKey[]> =>
    context.source.query<StoredKey[]>(
      `SELECT kid, state, algorithm, octet_length(private_key_sealed) AS sealed FROM signing_keys
       ORDER BY created_at, CASE state WHEN 'current' THEN 0 ELSE 1 END`,
    );
  const inState = async (state: string): Promise<string[]> =>
    (await stored()).filter((key) => key.state === state).map(({ kid }) => kid);
  const told = (): Promise<Told[]> =>
    context.source.query<Told[]>(
      `SELECT action, target_id AS kid, details FROM audit_events WHERE action LIKE 'signing_key.%' ORDER BY sequence`,
    );
  const published = async ({ keys }: KeyReplica): Promise<string[]> => (await keys.published()).map(({ kid }) => kid);

  /** A token that lives as long as it may, by the settings of this service or of another process. */
  const aToken = ({ tokens }: KeyReplica, seconds?: number): Promise<string> => {
    const { issuer, audience, accessSeconds } = context.app.get(TokenSettings);
    const at = Math.floor(context.clock.now().getTime() / 1000);
    return tokens.sign({
      iss: issuer,
      aud: audience,
      sub: userId(randomUUID()),
      iat: at,
      nbf: at,
      exp: at + (seconds ?? accessSeconds),
      jti: randomUUID(),
      client_id: 'doorward',
      sid: sessionId(randomUUID()),
      tid: tenantId(randomUUID()),
      auth_time: at,
      acr: 'aal1',
      amr: ['pwd'],
      roles: [],
      permissions: [],
      scope: 'read write',
      api_version: '1',
    });
  };
  const signerOf = async (replica: KeyReplica): Promise<string | undefined> =>
    decodeProtectedHeader(await aToken(replica)).kid;
  const isGood = async ({ tokens }: KeyReplica, token: string): Promise<boolean> => {
    try {
      await tokens.verify(token);
      return true;
    } catch (error) {
      if (error instanceof AccessTokenRefused) return false;
      throw error;
    }
  };

  describe('at the first start', () => {
    it('are one that signs and one to follow, whichever of ten replicas that start at once made them', async () => {
      const replicas = Array.from({ length: 10 }, () => aReplica());
      // None can be stored before all ten have seen that there is none, or wait for one who has.
      const settled = await interleaved(
        context,
        () => context.app.get(KeyRings).take(),
        () => Promise.all(replicas.map(({ tending }) => tending.prepare())),
        10,
      );

      expect(settled).toMatchObject({ status: 'fulfilled' });
      expect((await stored()).map(({ state }) => state)).toEqual(['current', 'next']);
      const [current] = await inState('current');
      expect(new Set(await Promise.all(replicas.map(signerOf)))).toEqual(new Set([current]));
      expect(await recorded(context.source, 'signing_key.created')).toHaveLength(2);
    });

    it('cannot sign before they are prepared', async () => {
      await expect(aReplica().keys.current()).rejects.toThrow('not prepared');
    });

    it('are found within a tenth of a second by a replica that started before they were made', async () => {
      const early = aReplica();
      expect(await early.keys.find('unheard-of')).toBeNull();
      const late = await aStartedReplica();
      const token = await aToken(late);
      later(0.1);
      expect(await early.keys.find((await late.keys.current()).kid)).toMatchObject({ algorithm: 'ES256' });
      expect(await isGood(early, token)).toBe(true);
    });

    it('are published, the one that signs first', async () => {
      const replica = await aStartedReplica();
      expect(await published(replica)).toEqual([...(await inState('current')), ...(await inState('next'))]);
    });
  });

  it('stay the same at the next start', async () => {
    const first = await aStartedReplica();
    const next = await aStartedReplica();
    expect(await signerOf(next)).toBe(await signerOf(first));
    expect(await recorded(context.source, 'signing_key.created')).toHaveLength(2);
  });

  describe('that are rotated', () => {
    it('change at once the first time, for the next one has been published since ever', async () => {
      const replica = await aStartedReplica();
      const [[current], [next]] = [await inState('current'), await inState('next')];
      const token = await aToken(replica);

      expect(await replica.administration.rotate(false)).toEqual({ kind: 'rotated', from: current, to: next });
      later(1);
      expect(await signerOf(replica)).toBe(next);
      expect(await isGood(replica, token)).toBe(true);
      const [following] = await inState('next');
      expect((await told()).slice(2)).toEqual([
        { action: 'signing_key.rotated', kid: next, details: { algorithm: 'ES256' } },
        { action: 'signing_key.created', kid: following, details: { algorithm: 'ES256' } },
      ]);
    });

    it('are followed by a new one that is published at once, ten minutes before it may sign', async () => {
      const replica = await aStartedReplica();
      await replica.administration.rotate(false);
      later(1);
      const [next] = await inState('next');
      expect(await published(replica)).toContain(next);
      const former = await signerOf(replica);

      later(publishSeconds - 2);
      expect(await replica.administration.rotate(false)).toEqual({ kind: 'scheduled', to: next, at: after(1) });
      await replica.tending.execute();
      expect(await signerOf(replica)).toBe(former);
      later(1);
      await tended(replica);
      expect(await signerOf(replica)).toBe(next);
    });

    it('do not wait for anybody when they are rotated at once', async () => {
      const replica = await aStartedReplica();
      await replica.administration.rotate(false);
      const [next] = await inState('next');

      expect(await replica.administration.rotate(true)).toMatchObject({ kind: 'rotated', to: next });
      later(1);
      expect(await signerOf(replica)).toBe(next);
    });

    it('are signed with at most a second longer by another replica, whose tokens are good', async () => {
      const [here, there] = [await aStartedReplica(), await aStartedReplica()];
      const [former, next] = [await signerOf(there), (await inState('next'))[0]];
      await here.administration.rotate(false);
      here.keys.forget();

      later(0.999);
      expect([await signerOf(here), await signerOf(there)]).toEqual([next, former]);
      expect(await isGood(here, await aToken(there))).toBe(true);
      expect(await isGood(there, await aToken(here))).toBe(true);
      later(0.001);
      expect(await signerOf(there)).toBe(next);
    });

    it('do not forget a rotation that has to wait when a replica starts meanwhile', async () => {
      const replica = await aStartedReplica({ keyRotationSeconds: 0 });
      await replica.administration.rotate(false);
      const [next] = await inState('next');
      const takes_over_at = after(publishSeconds).toISOString();
      expect(await replica.administration.rotate(false)).toMatchObject({ kind: 'scheduled', to: next });

      const again = await aStartedReplica({ keyRotationSeconds: 0 });
      expect(await inState('next')).toEqual([next]);
      later(publishSeconds);
      await tended(again);
      expect([await signerOf(replica), await signerOf(again)]).toEqual([next, next]);
      expect((await told()).filter(({ kid, action }) => kid === next && action !== 'signing_key.created')).toEqual([
        { action: 'signing_key.scheduled', kid: next, details: { algorithm: 'ES256', takes_over_at } },
        { action: 'signing_key.rotated', kid: next, details: { algorithm: 'ES256' } },
      ]);
    });

    it('are put on record as scheduled once, however often somebody asks', async () => {
      const replica = await aStartedReplica();
      await replica.administration.rotate(false);
      for (const _each of [1, 2, 3]) {
        expect(await replica.administration.rotate(false)).toMatchObject({ kind: 'scheduled' });
      }
      expect(await recorded(context.source, 'signing_key.scheduled')).toHaveLength(1);
    });

    it('are rotated once by an operator, even at the moment a rotation is due', async () => {
      const replica = await aStartedReplica({ keyRotationSeconds: 3600 });
      const [[first], [second]] = [await inState('current'), await inState('next')];
      later(3600);
      expect(await replica.administration.rotate(true)).toEqual({ kind: 'rotated', from: first, to: second });
      expect(await inState('current')).toEqual([second]);
      expect(await recorded(context.source, 'signing_key.rotated')).toHaveLength(1);
    });

    it('are made by nobody who only prepares: a command leaves the ring to the servers', async () => {
      const replica = await aStartedReplica();
      const before = await stored();
      await aReplica({ algorithm: 'RS256' }).tending.prepare();
      await aReplica({ privateKey: aPem() }).tending.prepare();
      expect(await stored()).toEqual(before);
      expect(await inState('current')).toEqual([await signerOf(replica)]);
    });

    it('rotate once when ten replicas find at once that it is time', async () => {
      const replicas = await Promise.all(
        Array.from({ length: 10 }, () => aStartedReplica({ keyRotationSeconds: 3600 })),
      );
      const [next] = await inState('next');
      later(3600);
      const settled = await interleaved(
        context,
        () => context.app.get(KeyRings).take(),
        () => Promise.all(replicas.map(({ tending }) => tending.execute())),
        10,
      );
      expect(settled).toMatchObject({ status: 'fulfilled' });
      expect(await inState('current')).toEqual([next]);
      expect(await inState('next')).toHaveLength(1);
      expect(await recorded(context.source, 'signing_key.rotated')).toHaveLength(1);
    });
  });

  describe('by schedule', () => {
    it('are rotated when the current one has signed for SIGNING_KEY_ROTATION, and again', async () => {
      const replica = await aStartedReplica({ keyRotationSeconds: 3600 });
      const first = await signerOf(replica);
      later(3599);
      await replica.tending.execute();
      expect(await signerOf(replica)).toBe(first);
      later(1);
      await replica.tending.execute();
      later(1);
      const second = await signerOf(replica);
      expect(second).not.toBe(first);
      later(3598);
      await replica.tending.execute();
      expect(await signerOf(replica)).toBe(second);
      later(1);
      await tended(replica);
      expect([first, second]).not.toContain(await signerOf(replica));
    });

    it('are never rotated when it is 0', async () => {
      const replica = await aStartedReplica({ keyRotationSeconds: 0 });
      const first = await signerOf(replica);
      later(315_360_000);
      await tended(replica);
      expect(await signerOf(replica)).toBe(first);
    });
  });

  describe('of another kind, by a changed setting,', () => {
    it.each([
      ['another algorithm', () => ({ algorithm: 'RS256' }) as const],
      ['a key that somebody brings', () => ({ privateKey: aPem() }) as const],
    ])('take over when everybody can know them, and what was signed before stays good: %s', async (_, change) => {
      const before = await aStartedReplica();
      const former = await signerOf(before);
      const token = await aToken(before);
      const replica = await aStartedReplica(change());
      const [next] = await inState('next');

      later(1);
      expect(await published(before)).toContain(next);
      expect(await signerOf(replica)).toBe(former);
      later(publishSeconds - 2);
      await replica.tending.execute();
      expect(await signerOf(replica)).toBe(former);
      later(1);
      await tended(replica);
      expect([await signerOf(replica), await signerOf(before)]).toEqual([next, next]);
      for (const each of [replica, before]) {
        expect(await isGood(each, token)).toBe(true);
        expect(await isGood(each, await aToken(replica))).toBe(true);
      }
    });

    it('never sign when the setting is changed back before', async () => {
      await aStartedReplica();
      await aStartedReplica({ algorithm: 'RS256' });
      const [unwanted] = await inState('next');
      const again = await aStartedReplica();

      later(publishSeconds);
      await tended(again);
      expect(await signerOf(again)).not.toBe(unwanted);
      expect(decodeProtectedHeader(await aToken(again)).alg).toBe('ES256');
      expect((await stored()).find(({ kid }) => kid === unwanted)).toMatchObject({ state: 'retired', sealed: 0 });
    });

    it.each([
      ['for another one', () => ({ privateKey: aPem() })],
      ['for one of the service', () => ({})],
    ])('keep the operator’s key signing when it was given up %s and is back before', async (_, other) => {
      const brought = { privateKey: aPem() };
      const kid = await signerOf(await aStartedReplica(brought));
      await aStartedReplica(other());
      const again = await aStartedReplica(brought);

      later(publishSeconds);
      await tended(again);
      expect(await signerOf(again)).toBe(kid);
    });

    it('are put on record when they are made and when they take over, once each', async () => {
      await aStartedReplica();
      const replicas = [await aStartedReplica({ algorithm: 'EdDSA' }), await aStartedReplica({ algorithm: 'EdDSA' })];
      const [next] = await inState('next');
      expect((await told()).filter(({ kid }) => kid === next)).toEqual([
        {
          action: 'signing_key.created',
          kid: next,
          details: { algorithm: 'EdDSA', takes_over_at: expect.any(String) as string },
        },
      ]);
      later(publishSeconds);
      for (const replica of replicas) await tended(replica);
      expect((await told()).filter(({ kid, action }) => kid === next && action === 'signing_key.rotated')).toHaveLength(
        1,
      );
    });

    it('drain on when they are brought back and given up again before they sign', async () => {
      const [one, other] = [{ privateKey: aPem() }, { privateKey: aPem() }];
      const before = await aStartedReplica(one);
      const token = await aToken(before);
      const kid = await signerOf(before);
      const changed = await aStartedReplica(other);
      later(publishSeconds);
      await tended(changed);
      const until = after(drainSeconds - 1);

      await before.tending.prepare();
      // Brought back by one server, it signs at its next chance; given up by another first.
      const ring = context.app.get(KeyRings);
      expect((await ring.find()).snapshot().find((key) => key.kid === kid)).toMatchObject({ retiresAt: until });
      await context.app.get(KeyRingChanges).run((taken, now) => {
        taken.takeOver({ kid: kid!, algorithm: 'ES256', brought: true }, KEY_TIMES, now);
      });
      expect(await inState('next')).toEqual([kid]);
      expect(await isGood(changed, token)).toBe(true);
      await aStartedReplica({ privateKey: aPem() });
      expect((await ring.find()).snapshot().find((key) => key.kid === kid)).toMatchObject({
        state: 'previous',
        retiresAt: until,
      });
      later(1);
      expect(await isGood(changed, token)).toBe(true);
      later(drainSeconds);
      await tended(changed);
      expect((await stored()).find((key) => key.kid === kid)).toMatchObject({ state: 'retired', sealed: 0 });
    });

    it.each([
      ['RS256', 'PS256'],
      ['PS256', 'RS256'],
    ] as const)('are refused when they were used with %s before and are brought for %s', async (one, other) => {
      const privateKey = anRsaPem();
      await aStartedReplica({ algorithm: one, privateKey });
      const before = await stored();
      await expect(aStartedReplica({ algorithm: other, privateKey })).rejects.toThrow(KeyOfAnotherAlgorithm);
      expect(await stored()).toEqual(before);
      await aStartedReplica({ algorithm: one, privateKey });
    });

    it('become the operator’s when the key that signs already is brought', async () => {
      const privateKey = aPem();
      await aStartedReplica({ privateKey });
      // As the version before stored it.
      await context.source.query('UPDATE signing_keys SET brought = false');
      await aReplica({ privateKey }).tending.prepare();
      expect(await recorded(context.source, 'signing_key.created')).toHaveLength(1);
      const replica = await aStartedReplica({ privateKey, keyRotationSeconds: 3600 });
      expect(await replica.administration.list()).toMatchObject([{ state: 'current', brought: true }]);
      expect(await replica.administration.rotate(true)).toEqual({ kind: 'refused', reason: 'brought' });
    });

    it('may be given up: the service makes one of its own, which takes over and is followed and rotated', async () => {
      const before = await aStartedReplica({ privateKey: aPem() });
      const token = await aToken(before);
      const replica = await aStartedReplica({ keyRotationSeconds: 3600 });
      const [next] = await inState('next');
      later(publishSeconds);
      await tended(replica);
      expect(await signerOf(replica)).toBe(next);
      expect(await isGood(replica, token)).toBe(true);
      const [following] = await inState('next');
      later(3600);
      await tended(replica);
      expect(await signerOf(replica)).toBe(following);
    });

    it('sign again at once when the setting is changed back while they drain', async () => {
      const [one, other] = [aPem(), aPem()];
      const kid = await signerOf(await aStartedReplica({ privateKey: one }));
      const changed = await aStartedReplica({ privateKey: other });
      later(publishSeconds);
      await tended(changed);
      expect(await signerOf(changed)).not.toBe(kid);

      expect(await signerOf(await aStartedReplica({ privateKey: one }))).toBe(kid);
    });

    it('are left to the operator who brings them: none follows, and none is rotated', async () => {
      const replica = await aStartedReplica({ privateKey: aPem(), keyRotationSeconds: 3600 });
      const kid = await signerOf(replica);
      expect(await replica.administration.rotate(true)).toEqual({ kind: 'refused', reason: 'brought' });
      // Whoever asks, with whichever settings: what counts is in the ring.
      expect(await aReplica().administration.rotate(true)).toEqual({ kind: 'refused', reason: 'brought' });
      later(7200);
      await tended(replica);
      expect(await signerOf(replica)).toBe(kid);
      expect(await stored()).toHaveLength(1);
    });
  });

  describe('that sign no more', () => {
    it('are retired when the last token they signed is over, and their private half is destroyed', async () => {
      const replica = await aStartedReplica();
      const [former] = await inState('current');
      await replica.administration.rotate(false);

      later(drainSeconds - 1);
      await replica.tending.execute();
      expect(await inState('previous')).toEqual([former]);
      expect(await published(replica)).toContain(former);
      later(1);
      await tended(replica);
      expect((await stored()).find(({ kid }) => kid === former)).toMatchObject({ state: 'retired', sealed: 0 });
      expect(await published(replica)).not.toContain(former);
      expect(await recorded(context.source, 'signing_key.retired')).toHaveLength(1);
    });

    it('outlive every token they have signed', async () => {
      const [replica, other] = [await aStartedReplica({ accessSeconds: 60 }), await aStartedReplica()];
      const former = await signerOf(other);
      await replica.administration.rotate(false);
      // Another replica may not know for a second, and may let tokens live as long as any setting does.
      later(0.999);
      const token = await aToken(other, 3600);
      expect(decodeProtectedHeader(token).kid).toBe(former);
      later(3599);
      await replica.tending.execute();
      expect(await isGood(replica, token)).toBe(true);
    });

    it('are not retired by hand while a token they signed is good, unless at once; then it is refused', async () => {
      const replica = await aStartedReplica();
      const [former] = await inState('current');
      const token = await aToken(replica);
      await replica.administration.rotate(false);
      const until = after(drainSeconds);

      expect(await replica.administration.retire(former!, false)).toEqual({ kind: 'in_use', until });
      later(1);
      expect(await isGood(replica, token)).toBe(true);
      expect(await replica.administration.retire(former!, true)).toEqual({ kind: 'retired' });
      later(1);
      expect(await isGood(replica, token)).toBe(false);
    });

    it('are kept for as long as any process may have signed with them, whatever this one’s ACCESS_TOKEN_TTL', async () => {
      const replica = await aStartedReplica({ accessSeconds: 60 });
      const [former] = await inState('current');
      await replica.administration.rotate(false);
      expect(await replica.administration.retire(former!, false)).toEqual({ kind: 'in_use', until: after(3660) });
    });

    it('may be retired, even the one that would sign, where a shared secret signs', async () => {
      await aStartedReplica();
      const [current] = await inState('current');
      const replica = await aStartedReplica(SHARED);
      expect(await replica.administration.rotate(true)).toEqual({ kind: 'refused', reason: 'no_next_key' });
      expect(await replica.administration.retire(current!, true)).toEqual({ kind: 'retired' });
      expect((await stored()).find(({ kid }) => kid === current)).toMatchObject({ state: 'retired', sealed: 0 });
      expect((await told()).at(-1)).toEqual({
        action: 'signing_key.retired',
        kid: current,
        details: { algorithm: 'ES256' },
      });
      await tended(replica);
      expect(await inState('current')).toEqual([]);
    });

    it('are followed by new ones when the shared secret is given up again', async () => {
      await aStartedReplica();
      const [current] = await inState('current');
      await (await aStartedReplica(SHARED)).administration.retire(current!, true);
      const replica = await aStartedReplica();
      expect(await inState('current')).toEqual([await signerOf(replica)]);
      expect(await signerOf(replica)).not.toBe(current);
    });

    it.each([true, false])('are retired by nobody while they sign, at once: %s', async (atOnce) => {
      const replica = await aStartedReplica();
      const [current] = await inState('current');
      expect(await replica.administration.retire(current!, atOnce)).toEqual({ kind: 'refused', reason: 'signs' });
    });
  });

  it('are listed, the newest first, retired ones too, and nothing secret of them', async () => {
    const replica = await aStartedReplica();
    later(10);
    await replica.administration.rotate(false);
    later(drainSeconds);
    await replica.tending.execute();
    const listed = await replica.administration.list();
    expect(listed.map(({ state }) => state)).toEqual(['next', expect.any(String), expect.any(String)]);
    expect(listed.map(({ state }) => state).sort()).toEqual(['current', 'next', 'retired']);
    expect(JSON.stringify(listed)).not.toMatch(/private|sealed|jwk/i);
  });

  it('are not asked for in the database again for every key id somebody makes up', async () => {
    const { keys } = await aStartedReplica();
    const asked = await statementsOf(context.source, async () => {
      for (let each = 0; each < 50; each++) expect(await keys.find(`made-up-${each}`)).toBeNull();
    });
    expect(asked.filter((sql) => sql.includes('signing_keys'))).toHaveLength(2);
  });

  it('lie in the database without a readable private half', async () => {
    const { keys } = await aStartedReplica();
    const { key } = await keys.current();
    const { d } = key.export({ format: 'jwk' });
    const rows = await context.source.query<{ all: string; x: string }[]>(
      `SELECT to_jsonb(k)::text AS all, public_jwk->>'x' AS x FROM signing_keys k`,
    );
    const secret = Buffer.from(d!, 'base64url');
    const whole = key.export({ format: 'der', type: 'pkcs8' });
    expect(rows).toHaveLength(2);
    for (const { all, x } of rows) {
      expect(all).toContain(x);
      expect(all).not.toMatch(/"d":/);
      for (const bytes of [secret, whole]) {
        for (const form of ['hex', 'base64', 'base64url'] as const) expect(all).not.toContain(bytes.toString(form));
      }
    }
  });

  it('do not open under another master key, and the service does not start', async () => {
    const { app, database, stop } = await aContext();
    const MASTER_KEY = randomBytes(32).toString('base64');
    if (database.kind === 'embedded') await app.close(); // It has one user at a time.
    const other = await aContext({ database, prepared: false, variables: { MASTER_KEY } });
    try {
      await expect(new Installation(other.app).prepare()).rejects.toThrow(SealBroken);
    } finally {
      await other.stop();
      await stop();
    }
  });

  it('do not open in the place of another key', async () => {
    await aStartedReplica();
    await context.source.query("UPDATE signing_keys SET kid = 'another' WHERE state = 'current'");
    await expect(aReplica().keys.current()).rejects.toThrow(SealBroken);
  });
});
