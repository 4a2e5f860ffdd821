import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { Clock } from '../time/clock';
import { isLostRace } from './failures';
import { ALL_TENANTS, type RowScope, RowScopes, SERVICE_ROLE_AGAIN, tenantSettingOf } from './row-scope';
import { type Statements, statementsThrough } from './statements';
import { inTransaction } from './transaction';
import { UnitOfWork } from './unit-of-work';

const ATTEMPTS = 3;
const OUTSIDE = 'A write was attempted outside UnitOfWork.run()';

type Running = {
  readonly runner: QueryRunner;
  readonly scope: RowScope;
  readonly now: Date;
  readonly afterwards: (() => void)[];
};

/** The unit of work on TypeORM: an ambient transaction that adapters find here and use cases never see. */
@Injectable()
export class Database extends UnitOfWork {
  private readonly current = new AsyncLocalStorage<Running>();

  constructor(
    private readonly source: DataSource,
    private readonly clock: Clock,
    private readonly scopes: RowScopes,
  ) {
    super();
  }

  async run<T>(work: (now: Date) => Promise<T>): Promise<T> {
    const outer = this.current.getStore();
    if (outer) return work(outer.now);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(work);
      } catch (error) {
        if (attempt === ATTEMPTS || !isLostRace(error)) throw error;
      }
    }
  }

  /** Nothing but the transaction remembers a run that failed, so it may be run anew. */
  private async once<T>(work: (now: Date) => Promise<T>): Promise<T> {
    const afterwards: (() => void)[] = [];
    const scope = this.scopes.current;
    const result = await inTransaction(this.source, scope, (runner) => {
      const now = this.clock.now();
      return this.current.run({ runner, scope, now, afterwards }, () => work(now));
    });
    for (const action of afterwards) action();
    return result;
  }

  runAlone<T>(name: string, work: (now: Date) => Promise<T>): Promise<T> {
    return this.run(async (now) => {
      await this.writer.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`doorward/${name}`]);
      return work(now);
    });
  }

  async overAllTenants<T>(work: () => Promise<T>): Promise<T> {
    const running = this.current.getStore();
    if (!running) return this.scopes.run(ALL_TENANTS, work);
    if (running.scope.kind === 'all_tenants') return work();
    return widened(running, () => this.current.run({ ...running, scope: ALL_TENANTS }, work));
  }

  afterCommit(action: () => void): void {
    const running = this.current.getStore();
    if (running) running.afterwards.push(action);
    else action();
  }

  /**
   * Does what only the owner of the tables may, within the running unit of work, and is the service again behind it. Whoever
   * is no more than a member of the service's role is refused by the database.
   */
  async asOwner<T>(work: () => Promise<T>): Promise<T> {
    const { runner } = this.inside();
    await runner.query('SET LOCAL ROLE NONE');
    try {
      return await work();
    } finally {
      // Where a statement has failed, the transaction takes no other, and ends.
      await runner.query(SERVICE_ROLE_AGAIN).catch(() => undefined);
    }
  }

  /** Reads that may run anywhere; inside a unit of work they see its writes, outside one each is a transaction of its own. */
  get reader(): Statements {
    return this.current.getStore()?.runner.manager ?? this.alone(this.scopes.current);
  }

  /** As `reader`, for what is built statement by statement. */
  read<T>(ask: (manager: EntityManager) => Promise<T>): Promise<T> {
    const running = this.current.getStore();
    if (running) return ask(running.runner.manager);
    return inTransaction(this.source, this.scopes.current, ({ manager }) => ask(manager));
  }

  /** Writes and locks. Throws outside a unit of work, so that nobody forgets one. */
  get writer(): Statements {
    return this.inside().runner.manager;
  }

  /**
   * The same over the rows of all tenants, whoever is calling. For statements that are asked of a user or of a secret and
   * not of a tenant: each says by its own conditions whose rows it means.
   */
  get acrossTenants(): { readonly reader: Statements; readonly writer: Statements } {
    const running = this.current.getStore();
    const statements = running ? across(running) : this.alone(ALL_TENANTS);
    return {
      reader: statements,
      get writer(): Statements {
        if (!running) throw new Error(OUTSIDE);
        return statements;
      },
    };
  }

  /** The instant of the running unit of work. Throws outside one. */
  get instant(): Date {
    return this.inside().now;
  }

  private inside(): Running {
    const store = this.current.getStore();
    if (!store) throw new Error(OUTSIDE);
    return store;
  }

  private alone(scope: RowScope): Statements {
    return statementsThrough((statement) => inTransaction(this.source, scope, ({ manager }) => statement(manager)));
  }
}

function across(running: Running): Statements {
  const { runner, scope } = running;
  if (scope.kind === 'all_tenants') return runner.manager;
  return statementsThrough((statement) => widened(running, () => statement(runner.manager)));
}

/** Whatever becomes of the work, what comes behind it sees no more than before. */
async function widened<T>({ runner, scope }: Running, work: () => Promise<T>): Promise<T> {
  await runner.query(tenantSettingOf(ALL_TENANTS));
  try {
    return await work();
  } finally {
    // Where a statement has failed, the transaction takes no other, and its scope ends with it.
    await runner.query(tenantSettingOf(scope)).catch(() => undefined);
  }
}
