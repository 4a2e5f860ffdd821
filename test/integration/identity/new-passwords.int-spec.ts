import { createHash, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ValidationFailed, type Violation } from '../../../src/kernel/domain-error';
import type { Principal } from '../../../src/kernel/principal';
import { ChangePassword } from '../../../src/modules/identity/application/passwords/change-password';
import { PasswordHistory } from '../../../src/modules/identity/application/passwords/password-history.port';
import { InvalidCredentials } from '../../../src/modules/identity/domain/errors';
import { SignIn } from '../../../src/modules/signin/application/sign-in';
import { SignUp, type SignUpInput } from '../../../src/modules/signin/application/sign-up';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { aSignIn, aSignUp, letIn } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { aFurtherTenant } from '../../support/further-tenant';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';

const BREACHED = 'somebody else had this one before';
const [ONE, TWO, THREE, FOUR] = [
  'the first of them all',
  'the second of them all',
  'the third one',
  'the fourth one',
].map((phrase) => `${phrase} to remember`) as [string, string, string, string];

/** A range API that knows one password. */
class Ranges {
  asked: string[] = [];
  isDown = false;
  transactions: number | null = null;
  whenAsked: () => Promise<void> = () => Promise.resolve();
  private readonly server: Server = createServer((request, response) => {
    this.asked.push(request.url ?? '');
    const hash = createHash('sha1').update(BREACHED).digest('hex').toUpperCase();
    const range = request.url === `/${hash.slice(0, 5)}` ? `${hash.slice(5)}:3` : `${'0'.repeat(35)}:1`;
    void this.whenAsked().then(() => response.writeHead(this.isDown ? 503 : 200).end(range));
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  forget(): void {
    [this.asked, this.isDown, this.transactions] = [[], false, null];
    this.whenAsked = () => Promise.resolve();
  }
}

describe('a new password', () => {
  const hasher = new PlainHasher();
  const ranges = new Ranges();
  let context: TestContext;
  let change: ChangePassword;

  beforeAll(async () => {
    const variables = { BREACHED_PASSWORDS_URL: await ranges.start() };
    context = await aContext({ hasher, variables });
    change = context.app.get(ChangePassword);
  });
  afterAll(async () => {
    await context.stop();
    ranges.stop();
  });
  beforeEach(() => {
    hasher.forget();
    ranges.forget();
  });

  const signIn = async (login: string, password = PASSWORD): Promise<Principal> => {
    const { tokens } = letIn(await context.app.get(SignIn).execute(aSignIn({ login, password })));
    const authentication = context.app.get(AuthenticateAccessToken);
    return (await authentication.execute(await authentication.verify(tokens.accessToken)))!;
  };
  /** Somebody new, signed in, of a tenant called Northwind Traders. */
  const anOwner = async (overrides: Partial<SignUpInput> = {}): Promise<Principal & { login: string }> => {
    const email = `${randomUUID()}@mail.example.com`;
    const input = aSignUp({ email, tenantName: 'Northwind Traders', ...overrides });
    await context.app.get(SignUp).execute(input);
    return { ...(await signIn(input.email)), login: input.email };
  };
  const violationsOf = async (attempt: Promise<unknown>): Promise<readonly Violation[]> => {
    try {
      await attempt;
    } catch (error) {
      if (error instanceof ValidationFailed) return error.violations;
      throw error;
    }
    return [];
  };
  const changed = (by: Principal, from: string, to: string): Promise<readonly Violation[]> =>
    violationsOf(change.execute(by, from, to));
  const demand = (by: Pick<Principal, 'tenantId'>, history: number): Promise<unknown> =>
    context.source.query('UPDATE tenants SET password_history = $2 WHERE id = $1', [by.tenantId, history]);
  const rememberedOf = (by: Principal): Promise<readonly string[]> =>
    context.app.get(PasswordHistory).latestOf(by.userId, 24);
  const blocked = (field: string, reason: string): unknown => [
    { field, code: 'PASSWORD_BLOCKED', message: expect.stringContaining(reason) as unknown },
  ];

  describe('of somebody who registers', () => {
    it.each<[string, Partial<SignUpInput>, string]>([
      ['one of those that are tried first', { password: '1qaz2wsx3edc4rfv' }, 'tried first'],
      ['the name of the new tenant with digits', { password: 'Northwind Traders 1' }, 'name'],
      ['the slug of the new tenant with digits', { password: 'northwindtraders123456789' }, 'name'],
      ['the address', { email: 'one@example.com', password: 'one@example.com' }, 'name'],
      ['the first name with digits', { firstName: 'Ann', password: 'ann123456789012' }, 'name'],
      ['the username with digits', { username: 'annabel.lee', password: 'Annabel.Lee.2026' }, 'name'],
      ['published in a breach', { password: BREACHED }, 'breach'],
    ])('is not %s', async (_, input, reason) => {
      const signUp = aSignUp({ email: 'two@example.com', tenantName: 'Northwind Traders', ...input });
      const attempt = context.app.get(SignUp).execute(signUp);
      expect(await violationsOf(attempt)).toEqual(blocked('password', reason));
    });
  });

  describe('in the place of another', () => {
    it('is no name of any tenant of the user', async () => {
      const by = await anOwner();
      const { slug } = await aFurtherTenant(context.app, by.userId, 'viewer', { name: 'Contoso', status: 'suspended' });
      for (const next of ['northwind traders', 'NorthwindTraders2026', 'Contoso-1234567', `${slug}!!!!!!`]) {
        expect(await changed(by, PASSWORD, next)).toEqual(blocked('new_password', 'of a tenant'));
      }
      expect(await changed(by, PASSWORD, 'contoso northwind and so on')).toEqual([]);
    });

    it('is none of the names of the user', async () => {
      const by = await anOwner({ username: 'bea.example', firstName: 'Beatrix', lastName: 'Lee' });
      for (const next of ['bea.example 1234567', 'Beatrix Lee 2026', by.login]) {
        expect(await changed(by, PASSWORD, next)).toEqual(blocked('new_password', 'your own name'));
      }
    });

    it('is not common, whoever can be asked', async () => {
      const by = await anOwner();
      ranges.isDown = true;
      expect(await changed(by, PASSWORD, 'passwordpassword')).toEqual(blocked('new_password', 'tried first'));
      context.clock.advance({ seconds: 60 });
      expect(await changed(by, PASSWORD, BREACHED)).toEqual([]);
      context.clock.advance({ seconds: 60 });
    });

    it('was not published in a breach, of which another service is asked last and outside any transaction', async () => {
      const by = await anOwner();
      await demand(by, 1);
      ranges.forget();
      expect(await changed(by, PASSWORD, 'weak')).not.toEqual([]);
      expect(await changed(by, PASSWORD, PASSWORD)).not.toEqual([]);
      await change.execute(by, 'not the password', BREACHED).catch(() => undefined);
      expect(ranges.asked).toEqual([]);
      ranges.whenAsked = async () => {
        const [open] = await context.source.query<{ transactions: number }[]>(
          `SELECT count(*)::int AS transactions FROM pg_stat_activity
           WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
        );
        ranges.transactions = open?.transactions ?? null;
      };
      expect(await changed(by, PASSWORD, BREACHED)).toEqual(blocked('new_password', 'published in a breach'));
      expect([ranges.asked.length, ranges.transactions]).toEqual([1, 0]);
      expect(await signIn(by.login)).not.toBeNull();
    });
  });

  describe('where a tenant demands that former ones do not come back', () => {
    const reused = [{ field: 'new_password', code: 'PASSWORD_REUSED', message: expect.any(String) as unknown }];

    it('is none of the latest so many, nor the one in use', async () => {
      const by = await anOwner();
      await demand(by, 2);
      expect(await changed(by, PASSWORD, PASSWORD)).toEqual(reused);
      for (const [from, to] of [
        [PASSWORD, ONE],
        [ONE, TWO],
        [TWO, THREE],
      ] as const) {
        expect(await changed(by, from, to)).toEqual([]);
      }
      expect(await rememberedOf(by)).toEqual([plainHash(TWO), plainHash(ONE)]);
      for (const former of [ONE, TWO, THREE]) expect(await changed(by, THREE, former)).toEqual(reused);
      expect(await changed(by, THREE, PASSWORD)).toEqual([]);
    });

    it('is held against the demand of the strictest tenant', async () => {
      const by = await anOwner();
      const further = await aFurtherTenant(context.app, by.userId);
      await demand(by, 1);
      await demand({ tenantId: further.id }, 2);
      await changed(by, PASSWORD, ONE);
      await changed(by, ONE, TWO);
      expect(await changed(by, TWO, PASSWORD)).toEqual(reused);
    });

    it('is held against no more than is demanded by now, and what is too much is forgotten with the next change', async () => {
      const by = await anOwner();
      await demand(by, 3);
      for (const [from, to] of [
        [PASSWORD, ONE],
        [ONE, TWO],
        [TWO, THREE],
      ] as const)
        await changed(by, from, to);
      await demand(by, 1);
      expect(await changed(by, THREE, TWO)).toEqual(reused);
      expect(await changed(by, THREE, PASSWORD)).toEqual([]);
      expect(await rememberedOf(by)).toEqual([plainHash(THREE)]);
      await demand(by, 0);
      expect(await changed(by, PASSWORD, THREE)).toEqual([]);
      expect(await rememberedOf(by)).toEqual([]);
      expect(await changed(by, THREE, THREE)).toEqual([]);
    });

    it('is compared with former ones only when it is right in all else', async () => {
      const by = await anOwner();
      await demand(by, 2);
      await changed(by, PASSWORD, ONE);
      hasher.forget();
      await changed(by, ONE, 'northwind 123456789');
      expect(hasher.compared).toEqual([ONE]);
      await changed(by, ONE, TWO);
      expect(hasher.compared).toEqual([ONE, ONE, TWO, TWO]);
    });

    it('leaves the old one remembered only when it took its place', async () => {
      const by = await anOwner();
      await demand(by, 2);
      const repair = await sabotage(context.source, 'audit_events', 'INSERT');
      await expect(change.execute(by, PASSWORD, ONE)).rejects.toThrow();
      await repair();
      await expect(change.execute(by, 'not the password', ONE)).rejects.toThrow(InvalidCredentials);
      expect(await rememberedOf(by)).toEqual([]);
    });

    it('takes the place of one that is remembered once, however many come at once', async () => {
      const by = await anOwner();
      await demand(by, 24);
      const next = [ONE, TWO, THREE, FOUR];
      const settled = await Promise.allSettled(next.map((password) => change.execute(by, PASSWORD, password)));
      const won = next.filter((_, place) => settled[place]?.status === 'fulfilled');
      expect(won).toHaveLength(1);
      expect(await rememberedOf(by)).toEqual([plainHash(PASSWORD)]);
      await change.execute(by, won[0]!, `${ONE} again`);
      expect(await rememberedOf(by)).toEqual([plainHash(won[0]!), plainHash(PASSWORD)]);
    });

    it('is told to nobody: no hash is on record', async () => {
      const by = await anOwner();
      await demand(by, 1);
      await changed(by, PASSWORD, ONE);
      expect(JSON.stringify(await recorded(context.source))).not.toContain('plain:');
    });
  });

  it.each([
    ['admin', 'admin'],
    ['root', 'root'],
    ['administrator', 'password'],
    ['admin@doorward.localhost', 'admin'],
  ])('is what every account needs: nobody signs in as %s with %s', async (login, password) => {
    await expect(signIn(login, password)).rejects.toThrow(InvalidCredentials);
  });
});
