import {
  type AsymmetricAlgorithm,
  KeyMaker,
} from '../../src/modules/tokens/application/signing-keys/key-material.port';
import { KeyRings } from '../../src/modules/tokens/application/signing-keys/key-rings.port';
import type { KeyRing } from '../../src/modules/tokens/domain/signing-keys/key-ring';
import { SealBroken } from '../../src/platform/crypto/secret-box';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { interleaved } from '../support/gates';

const TIMES = { publishSeconds: 600, drainSeconds: 900 };

describe.each(DATABASES)('every store of signing keys (%s)', (database) => {
  let context: TestContext;
  let rings: KeyRings;
  let work: UnitOfWork;

  beforeAll(async () => {
    context = await aContext({ database, prepared: false });
    await context.app.init();
    [rings, work] = [context.app.get(KeyRings), context.app.get(UnitOfWork)];
  });
  afterAll(() => context.stop());
  beforeEach(() => context.source.query('DELETE FROM signing_keys'));

  const aKey = (algorithm: AsymmetricAlgorithm = 'ES256') => context.app.get(KeyMaker).make(algorithm);
  const now = () => context.clock.now();
  const inOrder = (ring: KeyRing) => [...ring.snapshot()].sort((one, other) => one.kid.localeCompare(other.kid));
  const sealedBytes = async (kid: string): Promise<number | undefined> => {
    const [row] = await context.source.query<{ count: number }[]>(
      'SELECT octet_length(private_key_sealed) AS count FROM signing_keys WHERE kid = $1',
      [kid],
    );
    return row?.count;
  };
  /** A ring of one key that signs and one that stands by, as it is stored. */
  const aStoredRing = async () => {
    const [signs, standsBy] = [await aKey(), await aKey()];
    await work.run(async () => {
      const ring = await rings.take();
      ring.begin(signs, now());
      ring.standBy(standsBy, now(), true);
      await rings.save(ring, [signs, standsBy]);
    });
    return { signs, standsBy };
  };

  it('gives an empty ring where there is no key', async () => {
    expect((await rings.find()).snapshot()).toEqual([]);
  });

  it.each(['ES256', 'EdDSA'] as const)('gives a ring back as it was stored, with a key for %s', async (algorithm) => {
    const [signs, standsBy] = [await aKey(algorithm), await aKey(algorithm)];
    const ring = await work.run(async () => {
      const empty = await rings.take();
      empty.begin(signs, now());
      empty.takeOver({ ...standsBy, brought: true }, TIMES, now());
      await rings.save(empty, [signs, standsBy]);
      return empty;
    });
    expect(inOrder(await rings.find())).toEqual(inOrder(ring));
    expect((await rings.find()).current).toMatchObject({ kid: signs.kid, algorithm, brought: false });
    expect((await rings.find()).next).toMatchObject({ kid: standsBy.kid, brought: true });
  });

  it('stores what a rotation changed, the key that stops signing before the one that begins', async () => {
    const { signs, standsBy } = await aStoredRing();
    const ring = await work.run(async () => {
      const taken = await rings.take();
      taken.rotate(TIMES, now(), false);
      await rings.save(taken, []);
      return taken;
    });
    const found = await rings.find();
    expect(inOrder(found)).toEqual(inOrder(ring));
    expect(found.current?.kid).toBe(standsBy.kid);
    expect(await sealedBytes(signs.kid)).toBeGreaterThan(0);
  });

  it('stores that the key that signs is the operator’s', async () => {
    const { signs } = await aStoredRing();
    await work.run(async () => {
      const ring = await rings.take();
      ring.stay(true, now());
      await rings.save(ring, [signs]);
    });
    expect((await rings.find()).current).toMatchObject({ kid: signs.kid, brought: true, createdAt: now() });
    expect(await sealedBytes(signs.kid)).toBeGreaterThan(0);
  });

  it('destroys the private half of a key with its retirement, and keeps the others', async () => {
    const { signs, standsBy } = await aStoredRing();
    await work.run(async () => {
      const ring = await rings.take();
      ring.retire(standsBy.kid, now(), false);
      await rings.save(ring, []);
    });
    expect(await sealedBytes(standsBy.kid)).toBe(0);
    expect(await sealedBytes(signs.kid)).toBeGreaterThan(0);
  });

  it('stores a key that is brought back with its private half again', async () => {
    const { standsBy } = await aStoredRing();
    await work.run(async () => {
      const ring = await rings.take();
      ring.retire(standsBy.kid, now(), false);
      await rings.save(ring, []);
    });
    await work.run(async () => {
      const ring = await rings.take();
      ring.takeOver(standsBy, TIMES, now());
      await rings.save(ring, [standsBy]);
    });
    expect((await rings.find()).next).toMatchObject({ kid: standsBy.kid, retiresAt: null });
    expect(await sealedBytes(standsBy.kid)).toBeGreaterThan(0);
  });

  it('lets one change the ring at a time, even when it is empty: who comes second finds what the first stored', async () => {
    const [first, second] = [await aKey(), await aKey()];
    const begin = async (made: typeof first): Promise<void> => {
      const ring = await rings.take();
      if (ring.current) return;
      ring.begin(made, now());
      await rings.save(ring, [made]);
    };
    const settled = await interleaved(
      context,
      () => begin(first),
      () => work.run(() => begin(second)),
    );
    expect(settled.status).toBe('fulfilled');
    expect((await rings.find()).snapshot().map(({ kid }) => kid)).toEqual([first.kid]);
  });

  it.each(['current', 'next'] as const)('never stores two keys that are %s', async (state) => {
    const { signs, standsBy } = await aStoredRing();
    const other = state === 'current' ? standsBy : signs;
    const both = context.source.query('UPDATE signing_keys SET state = $2 WHERE kid = $1', [other.kid, state]);
    await expect(both).rejects.toThrow(`signing_keys_one_${state}`);
  });

  it('finds that it can read its keys, when there are none too, and retired ones', async () => {
    await expect(rings.assertReadable()).resolves.toBeUndefined();
    const { standsBy } = await aStoredRing();
    await work.run(async () => {
      const ring = await rings.take();
      ring.retire(standsBy.kid, now(), false);
      await rings.save(ring, []);
    });
    await expect(rings.assertReadable()).resolves.toBeUndefined();
  });

  it('finds that it cannot read a key that somebody put in the place of another', async () => {
    await aStoredRing();
    await context.source.query("UPDATE signing_keys SET kid = 'another' WHERE state = 'current'");
    await expect(rings.assertReadable()).rejects.toThrow(SealBroken);
  });

  it('refuses to write outside a unit of work', async () => {
    const made = await aKey();
    const ring = await rings.find();
    ring.begin(made, now());
    await expect(rings.save(ring, [made])).rejects.toThrow('outside UnitOfWork');
  });
});
