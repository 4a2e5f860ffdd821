import { RowScopes } from './row-scope';
import type { DataSource } from 'typeorm';
import { Log } from '../logging/log';
import { Chores } from '../time/chores';
import { SystemClock } from '../time/clock';
import { DatabaseTime } from './database-time';

const START = new Date('2026-01-01T12:00:00.000Z');
const at = (milliseconds: number): Date => new Date(START.getTime() + milliseconds);

/** A database that is so many milliseconds ahead, and takes so many to answer. */
class Elsewhere {
  aheadMs = 0;
  takesMs = 0;
  away = false;

  async query(): Promise<{ now: Date }[]> {
    if (this.away) throw new Error('nobody there');
    jest.advanceTimersByTime(this.takesMs / 2);
    const now = new Date(Date.now() + this.aheadMs);
    jest.advanceTimersByTime(this.takesMs / 2);
    return Promise.resolve([{ now }]);
  }
}

describe('the time of the database', () => {
  let clock: SystemClock;
  let database: Elsewhere;
  let time: DatabaseTime;
  let chores: Chores;

  beforeEach(() => {
    jest.useFakeTimers({ now: START });
    [clock, database, chores] = [new SystemClock(), new Elsewhere(), new Chores(new Log('silent'), new RowScopes())];
    time = new DatabaseTime(database as unknown as DataSource, clock, chores);
  });
  afterEach(async () => {
    await chores.beforeApplicationShutdown();
    jest.useRealTimers();
  });

  it('is followed from the start', async () => {
    database.aheadMs = 20_000;
    await time.onModuleInit();
    expect(clock.now()).toEqual(at(20_000));
  });

  it('is followed as of when it was asked, however long the answer took', async () => {
    [database.aheadMs, database.takesMs] = [20_000, 3000];
    await time.onModuleInit();
    expect(clock.now()).toEqual(at(23_000));
  });

  it('is asked again every fifteen seconds while the server runs', async () => {
    await time.onModuleInit();
    chores.begin();
    database.aheadMs = 20_000;
    await jest.advanceTimersByTimeAsync(14_999);
    expect(clock.now()).toEqual(at(14_999));
    await jest.advanceTimersByTimeAsync(1);
    expect(clock.now()).toEqual(at(35_000));
    database.aheadMs = 0;
    await jest.advanceTimersByTimeAsync(15_000);
    expect(clock.now()).toEqual(at(30_000));
  });

  it('goes on from what is known while the database is away', async () => {
    database.aheadMs = 20_000;
    await time.onModuleInit();
    chores.begin();
    database.away = true;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(clock.now()).toEqual(at(80_000));
  });
});
