import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, EntityManager } from 'typeorm';
import { Clock } from '../time/clock';
import { isLostRace } from './failures';
import { UnitOfWork } from './unit-of-work';

const ATTEMPTS = 3;

type Running = { readonly manager: EntityManager; readonly now: Date; readonly afterwards: (() => void)[] };

/** The unit of work on TypeORM: an ambient transaction that adapters find here and use cases never see. */
@Injectable()
export class Database extends UnitOfWork {
  private readonly current = new AsyncLocalStorage<Running>();

  constructor(
    private readonly source: DataSource,
    private readonly clock: Clock,
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
    const result = await this.source.transaction((manager) => {
      const now = this.clock.now();
      return this.current.run({ manager, now, afterwards }, () => work(now));
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

  afterCommit(action: () => void): void {
    const running = this.current.getStore();
    if (running) running.afterwards.push(action);
    else action();
  }

  /** Reads that may run anywhere; inside a unit of work they see its writes. */
  get reader(): EntityManager {
    return this.current.getStore()?.manager ?? this.source.manager;
  }

  /** Writes and locks. Throws outside a unit of work, so that nobody forgets one. */
  get writer(): EntityManager {
    return this.inside().manager;
  }

  /**
   * The same over the rows of all tenants, whoever is calling. For statements that are asked of a user or of a secret and
   * not of a tenant: each says by its own conditions whose rows it means.
   */
  get acrossTenants(): { readonly reader: EntityManager; readonly writer: EntityManager } {
    return this;
  }

  /** The instant of the running unit of work. Throws outside one. */
  get instant(): Date {
    return this.inside().now;
  }

  private inside(): Running {
    const store = this.current.getStore();
    if (!store) throw new Error('A write was attempted outside UnitOfWork.run()');
    return store;
  }
}
