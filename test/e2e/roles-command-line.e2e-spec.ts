import { command, type Ended } from '../support/commands';
import { aDatabase, type TestDatabase } from '../support/database';
import { cleanUp, rows } from '../support/process';

type Account = {
  readonly user: { readonly id: string };
  readonly tenant: { readonly id: string; readonly slug: string };
};
type Listed = {
  readonly items: readonly { readonly name: string; readonly built_in: boolean }[];
  readonly next_cursor: string;
};

afterAll(cleanUp);

describe('the roles commands', () => {
  let database: TestDatabase;
  let ann: Account;

  const run = (...words: string[]): Promise<Ended> => command(words, { database });
  /** What a command printed, which succeeded and printed JSON and nothing else. */
  async function json<T>(...words: string[]): Promise<T> {
    const { code, stdout, stderr } = await run(...words, '--json');
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as T;
  }
  const here = (...words: string[]): string[] => ['roles', ...words, '--tenant', ann.tenant.slug];

  beforeAll(async () => {
    database = await aDatabase();
    await json('seed');
    ann = await json<Account>('users', 'create', 'ann@example.com', '--username', 'ann');
  });

  it('make a role, list it in pages, give it to a member and take it away, with the actor cli', async () => {
    const made = here('create', 'curator', '--permission', 'dataset:*', '--permission', 'detector:read');
    const role = await json<{ id: string }>(...made, '--description', 'Looks after datasets');
    expect(role).toMatchObject({ name: 'curator', permissions: ['dataset:*', 'detector:read'], built_in: false });
    const first = await json<Listed>(...here('list', '--limit', '5'));
    const rest = await json<Listed>('roles', 'list', '--tenant', ann.tenant.id, '--cursor', first.next_cursor);
    expect(rest).toMatchObject({ items: [role], next_cursor: null });
    expect(first.items.every((one) => one.built_in)).toBe(true);
    const words = await run(...here('list'));
    expect(words.stdout).toMatch(/^ID +NAME +BUILT IN +PERMISSIONS\n[^]*curator +no +dataset:\* detector:read$/m);

    const change = { user: ann.user.id, role: 'curator' };
    expect(await json(...here('grant', 'ann', 'curator'))).toEqual({ ...change, granted: true });
    expect(await json(...here('grant', 'ann', 'curator'))).toEqual({ ...change, granted: false });
    expect(
      await json('users', 'create', 'bob@example.com', '--tenant', ann.tenant.id, '--role', 'curator'),
    ).toBeDefined();
    expect(await json(...here('revoke', 'ann@example.com', 'curator'))).toEqual({ ...change, revoked: true });
    expect(await json(...here('revoke', ann.user.id, 'curator'))).toEqual({ ...change, revoked: false });
    const recorded = await rows(
      database,
      `SELECT action, actor FROM audit_events WHERE details->>'role' = 'curator' ORDER BY sequence`,
    );
    const actor = 'cli';
    expect(recorded).toEqual([
      { action: 'role.created', actor },
      { action: 'role.granted', actor },
      { action: 'role.granted', actor },
      { action: 'role.revoked', actor },
    ]);
  });

  it('end with 1 when they are refused, and with 2 when they are not understood', async () => {
    const refused = [
      await run(...here('create', 'viewer', '--permission', 'a:b')),
      await run(...here('grant', 'ann', 'emperor')),
      await run(...here('grant', 'eve', 'viewer')),
      await run(...here('revoke', 'ann', 'owner')),
      await run('roles', 'list', '--tenant', 'nowhere'),
    ];
    expect(refused.map(({ code, stdout }) => [code, stdout])).toEqual(refused.map(() => [1, '']));
    const reasons = ['CONFLICT', 'role: There is no such role.', 'NOT_FOUND', 'LAST_OWNER', 'NOT_FOUND'];
    expect(refused.map(({ stderr }) => stderr)).toEqual(
      reasons.map((reason) => expect.stringContaining(reason) as unknown),
    );
    const misspelt = [
      ['roles'],
      ['roles', 'list'],
      here('create', 'curator'),
      here('create', 'Curator', '--permission', 'a:b'),
      here('create', 'x', '--permission', 'nonsense'),
      here('grant', 'ann'),
      here('list', '--cursor', 'forged'),
    ];
    const codes: unknown[] = [];
    for (const words of misspelt) codes.push([words, (await run(...words)).code]);
    expect(codes).toEqual(misspelt.map((words) => [words, 2]));
  });
});
