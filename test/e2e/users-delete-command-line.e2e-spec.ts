import { command } from '../support/commands';
import { aContext } from '../support/context';
import { aDatabase, type TestDatabase } from '../support/database';
import { cleanUp, rows } from '../support/process';
import { type Member, Stored } from '../support/stored';

afterAll(cleanUp);

describe('the command users delete', () => {
  let database: TestDatabase;
  let ann: Member;
  let owner: Member;

  beforeAll(async () => {
    database = await aDatabase();
    const context = await aContext({ database });
    const stored = new Stored(context);
    ann = await stored.newMember({ email: 'ann@example.com', username: 'ann' });
    await stored.newMember({ email: 'bob@example.com', username: 'bob' });
    owner = await stored.newMember({ email: 'owner@example.com' });
    await stored.member(owner, 'owner');
    await stored.member({ userId: (await stored.user()).snapshot().id, tenantId: owner.tenantId });
    await context.stop();
  });

  const doorward = (...words: string[]) => command(['users', 'delete', ...words, '--yes'], { database });
  const usersOf = (...references: string[]): Promise<{ email: string }[]> =>
    rows(database, `SELECT email FROM users WHERE email IN (${references.map((email) => `'${email}'`).join(', ')})`);

  it('ends an account for good, and says with --json whose id is nobody’s now', async () => {
    const { code, stdout, stderr } = await doorward('Ann@Example.com', '--json');
    expect([code, stderr, JSON.parse(stdout)]).toEqual([0, '', { deleted: ann.userId }]);
    expect(await usersOf('ann@example.com')).toEqual([]);
    const sql = `SELECT actor, outcome, user_id FROM audit_events WHERE action = 'user.deleted'`;
    expect(await rows(database, sql)).toEqual([{ actor: 'cli', outcome: 'success', user_id: ann.userId }]);
  });

  it('finds the account by username, and says so in words', async () => {
    const { code, stdout, stderr } = await doorward('bob');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('bob@example.com');
    expect(await usersOf('bob@example.com')).toEqual([]);
  });

  it('ends with 1, and does nothing, for the last owner of a tenant and for nobody', async () => {
    const refused = [await doorward('owner@example.com', '--json'), await doorward('ann@example.com', '--json')];
    expect(refused.map(({ code, stdout }) => [code, stdout])).toEqual([
      [1, ''],
      [1, ''],
    ]);
    expect(refused.map(({ stderr }) => /\((\w+)\)/.exec(stderr)?.[1])).toEqual(['LAST_OWNER', 'NOT_FOUND']);
    expect(await usersOf('owner@example.com')).toHaveLength(1);
  });

  it('ends with 2 when nobody is named', async () => {
    expect((await doorward()).code).toBe(2);
  });
});
