import { type Algorithm, hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from 'bcrypt';
import { SignIn } from '../../../src/modules/signin/application/sign-in';
import { InvalidCredentials } from '../../../src/modules/identity/domain/errors';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { aSignIn } from '../../support/a-sign-in';
import { Stored } from '../../support/stored';

// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the library's enum is there for the compiler alone
const ARGON2I = 1 as Algorithm;
const WEAK = { memoryCost: 4096, timeCost: 2, parallelism: 1 };
const CURRENT = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const inPhp = (hash: string): string => hash.replace(/^\$2b\$/, '$2y$');

async function hashAfterSignIn(context: TestContext, passwordHash: string): Promise<string> {
  const { userId } = await new Stored(context).newMember({ passwordHash });
  const login = `${userId}@example.com`;
  await context.app.get(SignIn).execute(aSignIn({ login }));
  // What was stored opens the account from now on.
  await context.app.get(SignIn).execute(aSignIn({ login }));
  const refused = context.app.get(SignIn).execute(aSignIn({ login, password: `${PASSWORD}!` }));
  await expect(refused).rejects.toThrow(InvalidCredentials);
  const [row] = await context.source.query<{ password_hash: string }[]>(
    'SELECT password_hash FROM users WHERE id = $1',
    [userId],
  );
  return row!.password_hash;
}

describe('a stored hash, after signing in', () => {
  let context: TestContext;

  beforeAll(async () => {
    context = await aContext();
  });
  afterAll(() => context.stop());

  it.each([
    ['argon2id of less memory', () => argon2(PASSWORD, WEAK)],
    ['argon2id of fewer passes', () => argon2(PASSWORD, { ...CURRENT, timeCost: 1 })],
    ['argon2i', () => argon2(PASSWORD, { ...CURRENT, algorithm: ARGON2I })],
    ['bcrypt of cost 10', () => bcrypt(PASSWORD, 10)],
    ['bcrypt as PHP writes it', async () => inPhp(await bcrypt(PASSWORD, 10))],
  ])('is of the current strength where it was %s', async (_kind, plant) => {
    const planted = await plant();
    const after = await hashAfterSignIn(context, planted);
    expect(after).not.toBe(planted);
    expect(after).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('stays as it was where it was of the current strength, or stronger', async () => {
    const strong = await argon2(PASSWORD, { ...CURRENT, memoryCost: 47_104 });
    expect(await hashAfterSignIn(context, strong)).toBe(strong);
  });

  it.each(['', '$argon2id$v=19$m=19456', '$1$md5$hash', PASSWORD, '$2b$12$short'])(
    'opens nothing when nobody can read it: %j',
    async (passwordHash) => {
      const { userId } = await new Stored(context).newMember({ passwordHash });
      const attempt = context.app.get(SignIn).execute(aSignIn({ login: `${userId}@example.com` }));
      await expect(attempt).rejects.toThrow(InvalidCredentials);
    },
  );
});

describe('a stored hash, after signing in where bcrypt is chosen', () => {
  let context: TestContext;

  beforeAll(async () => {
    context = await aContext({ variables: { PASSWORD_ALGORITHM: 'bcrypt' } });
  });
  afterAll(() => context.stop());

  it.each([
    ['argon2id', () => argon2(PASSWORD, CURRENT)],
    ['bcrypt of cost 10', () => bcrypt(PASSWORD, 10)],
  ])('is bcrypt of cost 12 where it was %s', async (_kind, planted) => {
    expect(await hashAfterSignIn(context, await planted())).toMatch(/^\$2[ab]\$12\$/);
  });

  it('stays argon2id for a password bcrypt would cut short', async () => {
    const password = 'é'.repeat(40);
    const passwordHash = await argon2(password, CURRENT);
    const { userId } = await new Stored(context).newMember({ passwordHash });
    await context.app.get(SignIn).execute(aSignIn({ login: `${userId}@example.com`, password }));
    const kept = await context.source.query<unknown[]>('SELECT password_hash FROM users WHERE id = $1', [userId]);
    expect(kept).toEqual([{ password_hash: passwordHash }]);
  });
});
