import { randomBytes } from 'node:crypto';
import { Installation } from '../../../src/boot/installation';
import { StoredSigningKeys } from '../../../src/modules/tokens/infrastructure/stored-signing-keys';
import { TokenSettings } from '../../../src/platform/config/settings';
import { SealBroken, SecretBox } from '../../../src/platform/crypto/secret-box';
import { Database } from '../../../src/platform/database/database';
import { EventLog } from '../../../src/platform/events/event-log';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { recorded } from '../../support/recorded';

describe('signing keys', () => {
  let context: TestContext;

  beforeEach(async () => {
    context = await aContext({ prepared: false, variables: { DATABASE_POOL_SIZE: '20' } });
    await context.app.init();
  });
  afterEach(() => context.stop());

  /** As another replica on the same database would have them. */
  const aReplica = (): StoredSigningKeys =>
    new StoredSigningKeys(
      context.app.get(Database),
      context.app.get(SecretBox),
      context.app.get(EventLog),
      context.app.get(TokenSettings),
      context.clock,
    );

  it('are one current key, whichever of ten replicas that start at once made it', async () => {
    const replicas = Array.from({ length: 10 }, aReplica);
    // None can be stored before all ten have seen that there is none, or wait for one who has.
    const settled = await interleaved(
      context,
      () => context.app.get(Database).writer.query('LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE'),
      () => Promise.all(replicas.map((replica) => replica.prepare())),
      10,
    );

    expect(settled).toMatchObject({ status: 'fulfilled' });
    const rows = await context.source.query<{ kid: string; state: string }[]>('SELECT kid, state FROM signing_keys');
    expect(rows).toEqual([{ kid: replicas[0]!.current.kid, state: 'current' }]);
    expect(new Set(replicas.map(({ current }) => current.kid)).size).toBe(1);
    expect(await recorded(context.source, 'signing_key.created')).toHaveLength(1);
  });

  it('stay the same at the next start', async () => {
    const [first, next] = [aReplica(), aReplica()];
    await first.prepare();
    await next.prepare();
    expect(next.current.kid).toBe(first.current.kid);
    expect(await recorded(context.source, 'signing_key.created')).toHaveLength(1);
  });

  it('cannot sign before they are prepared', () => {
    expect(() => aReplica().current).toThrow('not prepared');
  });

  it('are found by a replica that started before they were made', async () => {
    const [early, late] = [aReplica(), aReplica()];
    expect(await early.find('unheard-of')).toBeNull();
    await late.prepare();
    context.clock.advance({ seconds: 1 });
    expect(await early.find(late.current.kid)).toMatchObject({ algorithm: 'ES256' });
  });

  it('lie in the database without a readable private half', async () => {
    const keys = aReplica();
    await keys.prepare();
    const { d } = keys.current.key.export({ format: 'jwk' });
    const [row] = await context.source.query<{ all: string; x: string }[]>(
      `SELECT to_jsonb(k)::text AS all, public_jwk->>'x' AS x FROM signing_keys k`,
    );
    const secret = Buffer.from(d!, 'base64url');
    const whole = keys.current.key.export({ format: 'der', type: 'pkcs8' });
    expect(row?.all).toContain(row?.x);
    for (const bytes of [secret, whole]) {
      for (const form of ['hex', 'base64', 'base64url'] as const) expect(row?.all).not.toContain(bytes.toString(form));
    }
  });

  it('do not open under another master key', async () => {
    await aReplica().prepare();
    const MASTER_KEY = randomBytes(32).toString('base64');
    const { DATABASE_URL } = context.database.variables;
    if (DATABASE_URL === undefined) await context.app.close(); // an embedded database has one user at a time
    const other = await aContext({ database: context.database, prepared: false, variables: { MASTER_KEY } });
    try {
      await expect(new Installation(other.app).prepare()).rejects.toThrow(SealBroken);
    } finally {
      await other.stop();
    }
  });

  it('do not open in the place of another key', async () => {
    const keys = aReplica();
    await keys.prepare();
    await context.source.query("UPDATE signing_keys SET kid = 'another'");
    await expect(aReplica().prepare()).rejects.toThrow(SealBroken);
  });
});
