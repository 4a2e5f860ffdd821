import { randomBytes } from 'node:crypto';
import { Algorithm, hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from 'bcrypt';
import { Overloaded } from '../../../kernel/domain-error';
import { readSettings } from '../../../platform/config/read-settings';
import { type Settings } from '../../../platform/config/settings';
import { SystemRandom } from '../../../platform/crypto/random';
import { SelectablePasswordHasher } from './selectable-password-hasher';

const PASSWORD = randomBytes(12).toString('hex');
const ANOTHER = randomBytes(12).toString('hex');
const ALGORITHMS = ['argon2id', 'bcrypt'] as const;

const hasherBy = ({ signIn, hashing }: Settings): SelectablePasswordHasher =>
  new SelectablePasswordHasher(signIn, hashing, new SystemRandom());
const hasherWith = (algorithm: string): SelectablePasswordHasher =>
  hasherBy(readSettings({ PASSWORD_ALGORITHM: algorithm }));

const argon2id = hasherWith('argon2id');
const bcryptHasher = hasherWith('bcrypt');

describe('a new hash', () => {
  it('is argon2id by default, at no less than OWASP’s cost, with 16 bytes of salt and a tag of 32', async () => {
    const hasher = hasherBy(readSettings({}));

    const [, memory, passes, lanes, salt, tag] =
      /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(await hasher.hash(PASSWORD)) ?? [];

    expect(Number(memory)).toBeGreaterThanOrEqual(19_456);
    expect(Number(passes)).toBeGreaterThanOrEqual(2);
    expect(Number(lanes)).toBe(1);
    expect(Buffer.from(salt ?? '', 'base64')).toHaveLength(16);
    expect(Buffer.from(tag ?? '', 'base64')).toHaveLength(32);
  });

  it('is bcrypt of cost 12 where the settings say bcrypt', async () => {
    expect(await bcryptHasher.hash(PASSWORD)).toMatch(/^\$2b\$12\$[./A-Za-z0-9]{53}$/);
  });

  it.each(ALGORITHMS)('of the same password is another one each time (%s)', async (algorithm) => {
    const hasher = hasherWith(algorithm);

    expect(await hasher.hash(PASSWORD)).not.toBe(await hasher.hash(PASSWORD));
  });

  it.each(ALGORITHMS)('is current (%s)', async (algorithm) => {
    const hasher = hasherWith(algorithm);

    expect(hasher.isCurrent(await hasher.hash(PASSWORD))).toBe(true);
  });
});

describe('a stored hash', () => {
  it.each([
    ['argon2id', 'argon2id'],
    ['argon2id', 'bcrypt'],
    ['bcrypt', 'argon2id'],
    ['bcrypt', 'bcrypt'],
  ])('of %s opens to its password alone where new ones are %s', async (made, selected) => {
    const stored = await hasherWith(made).hash(PASSWORD);

    expect(await hasherWith(selected).verify(stored, PASSWORD)).toBe(true);
    expect(await hasherWith(selected).verify(stored, ANOTHER)).toBe(false);
  });

  it.each(ALGORITHMS)('opens to no variation of its password (%s)', async (algorithm) => {
    const hasher = hasherWith(algorithm);
    const stored = await hasher.hash(`${PASSWORD}x`);
    const variations = [PASSWORD, `${PASSWORD}x `, ` ${PASSWORD}x`, `${PASSWORD}X`, `${PASSWORD}x\0`, ''];

    expect(await Promise.all(variations.map((password) => hasher.verify(stored, password)))).not.toContain(true);
  });

  it.each(['$2a$', '$2b$', '$2y$'])('of bcrypt that begins with %s opens, whoever wrote it', async (prefix) => {
    const stored = (await bcrypt(PASSWORD, 4)).replace(/^\$2b\$/, prefix);

    expect(await argon2id.verify(stored, PASSWORD)).toBe(true);
    expect(await argon2id.verify(stored, ANOTHER)).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['a word', 'garbage'],
    ['an argon2 hash without a body', '$argon2id$v=19$m=19456,t=2,p=1$'],
    ['an argon2 hash of an unknown kind', '$argon2x$v=19$m=19456,t=2,p=1$AAAA$AAAA'],
    ['a bcrypt hash without a body', '$2b$12$'],
    ['a bcrypt hash of an impossible cost', `$2b$99$${'.'.repeat(53)}`],
    ['a hash of another family', `$6$rounds=5000$${'.'.repeat(20)}`],
    ['the password itself', PASSWORD],
  ])('that is %s opens to nothing', async (_, stored) => {
    expect(await argon2id.verify(stored, PASSWORD)).toBe(false);
    expect(await argon2id.verify(stored, stored)).toBe(false);
    expect(await argon2id.verify(stored, '')).toBe(false);
  });
});

describe('passwords bcrypt would cut', () => {
  const longest = 'x'.repeat(72);

  it('are announced, so that the policy refuses them', () => {
    expect(bcryptHasher.maxBytes).toBe(72);
    expect(argon2id.maxBytes).toBeNull();
  });

  it('open nothing: neither 73 bytes nor bytes after a NUL are ignored', async () => {
    const stored = await bcrypt(longest, 4);

    expect(await bcryptHasher.verify(stored, longest)).toBe(true);
    expect(await bcryptHasher.verify(stored, `${longest}y`)).toBe(false);
    expect(await bcryptHasher.verify(await bcrypt('word', 4), 'word\0y')).toBe(false);
  });

  it('are counted in bytes, not characters', async () => {
    const stored = await bcrypt('é'.repeat(36), 4);

    expect(await bcryptHasher.verify(stored, 'é'.repeat(36))).toBe(true);
    expect(await bcryptHasher.verify(stored, 'é'.repeat(37))).toBe(false);
  });
});

describe('a hash that should be made anew at the next sign-in', () => {
  const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

  it.each([
    ['argon2id of today’s cost', cost, true],
    ['argon2id of more memory', { ...cost, memoryCost: 65_536 }, true],
    ['argon2id of more passes', { ...cost, timeCost: 3 }, true],
    ['argon2id of a little less memory', { ...cost, memoryCost: 19_455 }, false],
    ['argon2id of 4 MiB', { ...cost, memoryCost: 4096 }, false],
    ['argon2id of one pass', { ...cost, timeCost: 1 }, false],
    ['argon2i', { ...cost, algorithm: Algorithm.Argon2i }, false],
    ['argon2d', { ...cost, algorithm: Algorithm.Argon2d }, false],
  ])('is told from one that stays: %s', async (_, options, current) => {
    const stored = await argon2(PASSWORD, options);

    expect(argon2id.isCurrent(stored)).toBe(current);
    expect(await argon2id.verify(stored, PASSWORD)).toBe(true);
  });

  it.each([
    [4, false],
    [11, false],
    [12, true],
    [13, true],
  ])('is told from one that stays: bcrypt of cost %i', (rounds, current) => {
    const stored = `$2b$${String(rounds).padStart(2, '0')}$${'.'.repeat(53)}`;

    expect(bcryptHasher.isCurrent(stored)).toBe(current);
  });

  it('is one of the algorithm that is not selected', async () => {
    expect(argon2id.isCurrent(await bcryptHasher.hash(PASSWORD))).toBe(false);
    expect(bcryptHasher.isCurrent(await argon2id.hash(PASSWORD))).toBe(false);
  });

  it.each(['', 'garbage', '$argon2id$', '$2b$'])('is one nobody can read: %p', (stored) => {
    expect(argon2id.isCurrent(stored)).toBe(false);
    expect(bcryptHasher.isCurrent(stored)).toBe(false);
  });
});

describe('the password of nobody', () => {
  it('is verified in vain without an error, so that a name nobody has looks like one somebody has', async () => {
    await expect(argon2id.verifyNothing(PASSWORD)).resolves.toBeUndefined();
    await expect(argon2id.verifyNothing('')).resolves.toBeUndefined();
  });
});

describe('more passwords than can be hashed at once', () => {
  const bounded = (concurrency: number, queue: number): SelectablePasswordHasher =>
    hasherBy(
      readSettings({
        HASHING_CONCURRENCY: String(concurrency),
        HASHING_QUEUE: String(queue),
        PASSWORD_ALGORITHM: 'argon2id',
      }),
    );
  /** How each ended, asked for all at once. */
  const outcomes = async (asked: readonly Promise<unknown>[]): Promise<string[]> =>
    (await Promise.allSettled(asked)).map((each) => {
      if (each.status === 'fulfilled') return 'done';
      return each.reason instanceof Overloaded ? 'overloaded' : 'failed';
    });
  const times = (count: number, outcome: string): string[] => Array<string>(count).fill(outcome);

  it('wait while there is room, and are refused when there is none, whatever they are hashed for', async () => {
    const hasher = bounded(1, 3);
    const stored = await hasher.hash(PASSWORD);
    const asked = [
      hasher.verify(stored, PASSWORD),
      hasher.hash(PASSWORD),
      hasher.verify(stored, ANOTHER),
      hasher.verify(stored, PASSWORD),
    ];
    asked.push(hasher.verify(stored, PASSWORD), hasher.hash(PASSWORD));
    expect(await outcomes(asked)).toEqual([...times(4, 'done'), ...times(2, 'overloaded')]);
    expect(await hasher.verify(stored, PASSWORD)).toBe(true);
  });

  it('begin at once as far as HASHING_CONCURRENCY goes', async () => {
    const hasher = bounded(3, 0);
    const asked = Array.from({ length: 4 }, () => hasher.hash(PASSWORD));
    expect(await outcomes(asked)).toEqual([...times(3, 'done'), 'overloaded']);
  });

  it('are those of nobody, too', async () => {
    const hasher = bounded(1, 4);
    await hasher.onModuleInit();
    expect(await outcomes(Array.from({ length: 6 }, () => hasher.verifyNothing(PASSWORD)))).toEqual([
      ...times(5, 'done'),
      'overloaded',
    ]);
  });
});
