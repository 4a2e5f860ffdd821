import type { EntityManager } from 'typeorm';

/** What adapters ask of a database: each is one statement. */
export type Statements = Pick<
  EntityManager,
  'query' | 'find' | 'findBy' | 'findOne' | 'findOneBy' | 'existsBy' | 'insert' | 'update' | 'delete' | 'save'
>;

type Around = (statement: (manager: EntityManager) => Promise<unknown>) => Promise<unknown>;

/** Statements that `around` takes to a manager of its choice, with whatever belongs before and behind them. */
export function statementsThrough(around: Around): Statements {
  return new Proxy({} as Statements, {
    get:
      (_none, name) =>
      (...words: unknown[]): Promise<unknown> =>
        around((manager) => {
          const method = Reflect.get(manager, name) as (...words: unknown[]) => Promise<unknown>;
          return method.apply(manager, words);
        }),
  });
}
