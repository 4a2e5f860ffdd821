import type { DataSource } from 'typeorm';

/** The statements that something asks the database, in their order. */
export async function statementsOf(source: DataSource, something: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = [];
  const create = source.createQueryRunner.bind(source);
  const creating = jest.spyOn(source, 'createQueryRunner').mockImplementation((mode) => {
    const runner = create(mode);
    const query = runner.query.bind(runner) as (sql: string, ...rest: unknown[]) => Promise<unknown>;
    jest.spyOn(runner, 'query').mockImplementation((sql: string, ...rest: unknown[]) => {
      asked.push(sql);
      return query(sql, ...rest);
    });
    return runner;
  });
  await something();
  creating.mockRestore();
  return asked;
}
