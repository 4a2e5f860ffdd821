import { Overloaded } from '../../../kernel/domain-error';
import { SystemRandom } from '../../../platform/crypto/random';
import { Argon2BackupCodeHasher } from './argon2-backup-code-hasher';

const aHasher = (queue = 100): Argon2BackupCodeHasher =>
  new Argon2BackupCodeHasher({ concurrency: 1, queue }, new SystemRandom());

describe('the hasher of backup codes', () => {
  it('hashes by argon2id, each with a salt of its own, and knows its hashes again', async () => {
    const hasher = aHasher();
    const [first = '', second = ''] = await hasher.hash(['9m2xq04vwt', '9m2xq04vwt']);
    for (const hash of [first, second]) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(first).not.toBe(second);
    expect([await hasher.matches(first, '9m2xq04vwt'), await hasher.matches(first, '9m2xq04vww')]).toEqual([
      true,
      false,
    ]);
  });

  it('refuses what is more than may wait, of comparisons with nothing too', async () => {
    const hasher = aHasher(1);
    await hasher.onModuleInit();
    const settled = await Promise.allSettled(['a', 'b', 'c', 'd'].map((secret) => hasher.matchNothing(secret)));
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    for (const each of settled) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(Overloaded);
  });

  it('takes a set for one piece of work', async () => {
    const hasher = aHasher(1);
    const settled = await Promise.allSettled([hasher.hash(['a', 'b', 'c']), hasher.hash(['d', 'e', 'f'])]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  });
});
