import { command } from '../support/commands';
import { aDatabase, type TestDatabase } from '../support/database';
import { cleanUp, rows } from '../support/process';
import { aService } from '../support/service';

type Account = {
  readonly user: { readonly id: string };
  readonly tenant: { readonly id: string; readonly slug: string };
};
type Created = { readonly id: string; readonly key: string; readonly created_at: string; readonly expires_at: string };
type Listed = {
  readonly items: readonly { readonly id: string; readonly name: string }[];
  readonly next_cursor: string;
};

afterAll(cleanUp);

describe('the api-keys commands', () => {
  let database: TestDatabase;
  let ann: Account;
  let key: Created;

  /** What a command printed, which succeeded and printed JSON and nothing else. */
  async function json<T>(...words: string[]): Promise<T> {
    const { code, stdout, stderr } = await command([...words, '--json'], { database });
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as T;
  }
  const create = (name: string, ...words: string[]): string[] => {
    return ['api-keys', 'create', name, '--owner', 'ann', '--tenant', ann.tenant.slug, ...words];
  };

  beforeAll(async () => {
    database = await aDatabase();
    await json('seed');
    ann = await json<Account>('users', 'create', 'ann@example.com', '--username', 'ann');
    key = await json<Created>(...create('gateway', '--permission', 'token:introspect', 'user:read'));
  });

  it('create prints a key for 90 days, or for the days it is told', async () => {
    expect(key).toMatchObject({
      id: expect.stringMatching(/^ak_[0-9a-f]{32}$/) as string,
      owner_id: ann.user.id,
      key: expect.stringMatching(/^dw_live_[0-9A-Za-z]{49}$/) as string,
      permissions: ['token:introspect', 'user:read'],
    });
    const short = await json<Created>(
      ...create('short', '--permission', 'user:read', '--permission', 'role:*', '--expires-in-days', '7'),
    );
    expect(short).toMatchObject({ permissions: ['user:read', 'role:*'] });
    expect([key, short]).toMatchObject(Array(2).fill({ allowed_ips: [], last_used_at: null, successor_id: null }));
    const networks = ['--allowed-ip', '203.0.113.0/24', '2001:db8::1', '--allowed-ip', '198.51.100.20'];
    const bound = await json<Created>(...create('bound', '--permission', 'user:read', ...networks));
    expect(bound).toMatchObject({ allowed_ips: ['203.0.113.0/24', '2001:db8::1', '198.51.100.20'] });
    await json('api-keys', 'revoke', bound.id, '--yes');
    const days = [key, short].map((made) => (Date.parse(made.expires_at) - Date.parse(made.created_at)) / 86_400_000);
    expect(days.map(Math.round)).toEqual([90, 7]);
  });

  it('create says the key once, in words too', async () => {
    const { code, stdout } = await command(create('words', '--permission', 'user:read'), { database });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^key +dw_live_[0-9A-Za-z]{49} {3}\(shown once\)$/m)]);
  });

  it('list pages through the keys of the tenant, and shows none', async () => {
    const first = await json<Listed>('api-keys', 'list', '--tenant', ann.tenant.slug, '--limit', '1');
    expect(first.items.map(({ name }) => name)).toEqual(['gateway']);
    const rest = await json<Listed>('api-keys', 'list', '--tenant', ann.tenant.id, '--cursor', first.next_cursor);
    expect(rest.items.map(({ name }) => name)).toEqual(['short', 'words']);
    const { stdout } = await command(['api-keys', 'list', '--tenant', ann.tenant.slug], { database });
    expect(stdout).toMatch(
      /^ID +NAME +BEGINS +EXPIRES +LAST USED +PERMISSIONS\nak_\w+ +gateway +dw_live_\w{4} +\S+ +never /,
    );
    expect(JSON.stringify(first) + stdout).not.toContain(key.key.slice(12));
  });

  it('refuse what nobody may have and what is not there with 1', async () => {
    const viewer = ['users', 'create', 'bob@example.com', '--tenant', ann.tenant.slug, '--role', 'viewer'];
    await json(...viewer);
    const forBob = ['api-keys', 'create', 'x', '--owner', 'bob@example.com', '--tenant', ann.tenant.slug];
    const refused = await Promise.all([
      command([...forBob, '--permission', 'user:read'], { database }),
      command(create('x', '--permission', 'nonsense'), { database }),
      command(['api-keys', 'create', 'x', '--owner', 'eve', '--tenant', 'x', '--permission', 'a:b'], { database }),
      command(['api-keys', 'list', '--tenant', 'nowhere'], { database }),
      command(['api-keys', 'revoke', 'ak_01890a5dac96774bbcceb302099a8057'], { database }),
      command(['api-keys', 'revoke', 'nonsense'], { database }),
    ]);
    expect(refused.map(({ code, stdout }) => [code, stdout])).toEqual(refused.map(() => [1, '']));
    expect(refused.map(({ stderr }) => stderr)).toEqual([
      expect.stringContaining('INSUFFICIENT_PERMISSIONS'),
      expect.stringMatching(/^permissions: /),
      ...refused.slice(2).map(() => 'Not found (NOT_FOUND)\n'),
    ]);
  });

  it('end with 2 when they are not understood', async () => {
    const misspelt = [
      ['api-keys'],
      ['api-keys', 'create', 'x'],
      ['api-keys', 'list'],
      ['api-keys', 'revoke'],
      create('x'),
      create('x', '--permission', 'a:b', '--expires-in-days', '3651'),
      create('two\nlines', '--permission', 'a:b'),
      create('x', '--permission', 'a:b', '--allowed-ip', 'home'),
    ];
    const ends = await Promise.all(misspelt.map((words) => command(words, { database })));
    expect(ends.map(({ code }, index) => [misspelt[index], code])).toEqual(misspelt.map((words) => [words, 2]));
  });

  it('revoke ends a key that was good over HTTP until then, and its actor is cli', async () => {
    const callWith = async (): Promise<number> => {
      const service = await aService({ database });
      const { status } = await service.client.get('/auth/me', { headers: { 'x-api-key': key.key } });
      await service.stop();
      return status;
    };
    expect(await callWith()).toBe(200);
    const { code, stdout } = await command(['api-keys', 'revoke', key.id, '--yes', '--json'], { database });
    expect([code, JSON.parse(stdout)]).toEqual([0, { revoked: key.id }]);
    expect(await callWith()).toBe(401);
    const recorded = await rows(
      database,
      `SELECT action, actor, user_id FROM audit_events WHERE target_id = '${key.id}' ORDER BY sequence`,
    );
    expect(recorded).toEqual([
      { action: 'api_key.created', actor: 'cli', user_id: ann.user.id },
      { action: 'api_key.used', actor: 'api_key', user_id: ann.user.id },
      { action: 'api_key.revoked', actor: 'cli', user_id: ann.user.id },
    ]);
  });
});
