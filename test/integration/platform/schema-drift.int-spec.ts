import { aContext, type TestContext } from '../../support/context';

/** TypeORM lists for removal what it does not know: CHECKs, partial indexes, constraints with names of ours, comments. */
const UNKNOWN_TO_TYPEORM = /DROP (?:INDEX|CONSTRAINT)|^COMMENT ON COLUMN .* IS NULL$/;

describe('the mapped rows', () => {
  let context: TestContext;

  beforeAll(async () => {
    context = await aContext({ prepared: false });
  });
  afterAll(() => context.stop());

  it('are the tables the migrations make: nothing would be added or altered', async () => {
    const { upQueries } = await context.source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query).filter((sql) => !UNKNOWN_TO_TYPEORM.test(sql))).toEqual([]);
  });

  it('leave no column of their tables unmapped', async () => {
    const mapped = context.source.entityMetadatas.flatMap(({ tableName, columns }) =>
      columns.map(({ databaseName }) => `${tableName}.${databaseName}`),
    );
    const tables = context.source.entityMetadatas.map(({ tableName }) => tableName);
    const present = await context.source.query<{ name: string }[]>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name = ANY ($1)`,
      [tables],
    );
    expect(present.map(({ name }) => name).sort()).toEqual(mapped.sort());
  });
});
