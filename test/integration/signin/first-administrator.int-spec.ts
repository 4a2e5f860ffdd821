import { Database } from '../../../src/platform/database/database';
import { SigninFacade } from '../../../src/modules/signin/signin.facade';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { recorded } from '../../support/recorded';

describe('the first administrator', () => {
  let context: TestContext;

  beforeEach(async () => {
    context = await aContext({ variables: { DATABASE_POOL_SIZE: '20' } });
  });
  afterEach(() => context.stop());

  const create = (email: string) => context.app.get(SigninFacade).createFirstAdministrator({ email });
  const administrators = () =>
    context.source.query<{ email: string; password_change_required: boolean }[]>(
      'SELECT email, password_change_required FROM users WHERE system_administrator',
    );

  it('is made once by ten callers at the same time', async () => {
    // Nobody can be added before all ten have seen that there is no administrator, or wait for one who has.
    const settled = await interleaved(
      context,
      () => context.app.get(Database).writer.query('LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE'),
      () => Promise.all(Array.from({ length: 10 }, (_, n) => create(`admin-${n}@example.com`))),
      10,
    );

    expect(settled.status).toBe('fulfilled');
    const made = settled.status === 'fulfilled' ? settled.value.filter((account) => account !== null) : [];
    expect(made).toHaveLength(1);
    expect(await administrators()).toEqual([{ email: made[0]?.user.email, password_change_required: true }]);
    expect(await recorded(context.source, 'user.created')).toHaveLength(1);
  });

  it('has a one-time password nobody knows but the caller', async () => {
    const account = await create('admin@example.com');
    expect(account?.oneTimePassword).toMatch(/^[0-9a-z]{5}(-[0-9a-z]{5}){3}$/);
    const rows = await context.source.query<unknown[]>('SELECT to_jsonb(u) FROM users u');
    expect(JSON.stringify([rows, await recorded(context.source)])).not.toContain(account?.oneTimePassword);
  });

  it('is not made again while there is one', async () => {
    await create('admin@example.com');
    expect(await create('other@example.com')).toBeNull();
    expect(await administrators()).toHaveLength(1);
  });
});
