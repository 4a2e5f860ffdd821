import { Client as Postgres } from 'pg';
import { MakeMonths } from '../../../src/modules/audit/application/months/make-months';
import { ArchiveFacade, NotTheOwner } from '../../../src/modules/audit/archive.facade';
import { SignUp } from '../../../src/modules/signin/application/sign-up';
import { TenancyFacade } from '../../../src/modules/tenancy/tenancy.facade';
import { migrate } from '../../../src/platform/database/migrations';
import { letIn, aSignIn, aSignUp } from '../../support/a-sign-in';
import { SignIn } from '../../../src/modules/signin/application/sign-in';
import { Log } from '../../support/audit-log';
import { aContext } from '../../support/context';
import { anEmptyDatabase, DATABASES, type TestDatabase } from '../../support/database';
import { PlainHasher } from '../../support/plain-hasher';

const [OWNER, SERVER] = ['doorward_test_owner', 'doorward_test_server'];
/** The embedded database has one session, and that is its owner's. */
const SERVERS = DATABASES.filter((kind) => kind === 'postgres');

describe.each(SERVERS)('an installation whose service owns nothing (%s)', (kind) => {
  let database: TestDatabase;

  const administrator = async (...statements: readonly string[]): Promise<void> => {
    const client = new Postgres({ connectionString: database.variables.DATABASE_URL });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const as = (login: string): TestDatabase => {
    const url = new URL(database.variables.DATABASE_URL ?? '');
    url.username = login;
    return { ...database, variables: { ...database.variables, DATABASE_URL: url.href } };
  };

  beforeAll(async () => {
    database = await anEmptyDatabase(kind);
    const name = new URL(database.variables.DATABASE_URL ?? '').pathname.slice(1);
    await administrator(
      `CREATE ROLE ${OWNER} LOGIN NOSUPERUSER NOCREATEROLE`,
      `CREATE ROLE ${SERVER} LOGIN NOSUPERUSER NOCREATEROLE`,
      `ALTER DATABASE ${name} OWNER TO ${OWNER}`,
    );
  });

  afterAll(async () => {
    await administrator(
      `REASSIGN OWNED BY ${OWNER} TO CURRENT_USER`,
      `DROP OWNED BY ${OWNER}, ${SERVER}`,
      `DROP ROLE ${OWNER}`,
      `DROP ROLE ${SERVER}`,
    );
    await database.drop();
  });

  it('is told what an administrator of the server has to run, where the owner may not do it', async () => {
    const owner = await aContext({ database: as(OWNER), prepared: false });
    await expect(migrate(owner.source)).rejects.toMatchObject({
      message: expect.stringContaining('doorward_service') as unknown,
      driverError: expect.objectContaining({ hint: expect.stringContaining(`TO ${OWNER};`) as unknown }) as unknown,
    });
    await owner.stop();
  });

  it('is migrated by the owner, and serves as somebody who is but a member of the role', async () => {
    await administrator(`GRANT doorward_service TO ${OWNER}`, `GRANT doorward_service TO ${SERVER}`);
    const owner = await aContext({ database: as(OWNER) });
    const users = await owner.source.query<unknown[]>('SELECT 1 FROM roles');
    expect(users).toHaveLength(5);
    await new Log(owner).record({ at: new Date('2020-01-15T00:00:00.000Z') });
    const archived = await owner.app.get(ArchiveFacade).archive({ before: '2020-02-01' }, null);
    expect(archived).toMatchObject({ archived: [{ events: 1 }], stopped: null });
    expect(await new Log(owner).verify()).toMatchObject({ verified: true });
    await owner.stop();

    const server = await aContext({ database: as(SERVER), hasher: new PlainHasher() });
    const email = 'ann@example.com';
    await server.app.get(SignUp).execute(aSignUp({ email, tenantName: 'Acme' }));
    const { tokens } = letIn(await server.app.get(SignIn).execute(aSignIn({ login: email })));
    expect(await server.app.get(TenancyFacade).find('acme')).toMatchObject({ id: tokens.tenantId });
    // Without a scope not even somebody who signs in by hand as the service sees anything.
    expect(await server.source.query('SELECT 1 FROM tenants')).toEqual([]);
    await expect(server.source.query('CREATE TABLE mine (id int)')).rejects.toThrow('permission denied');
    // Months of the audit log are made for it, and dropped by their owner alone.
    expect(await server.app.get(MakeMonths).execute()).toBe(0);
    await expect(server.app.get(ArchiveFacade).due({ before: '2100-01-01' })).rejects.toThrow(NotTheOwner);
    await server.stop();
  });
});
