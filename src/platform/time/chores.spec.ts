import { ALL_TENANTS, RowScopes } from '../database/row-scope';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Log } from '../logging/log';
import { Chores } from './chores';

/** Keeps what would have been logged. */
class KeptLog extends Log {
  readonly warnings: unknown[] = [];

  constructor() {
    super('silent');
  }

  override warn(message: unknown): void {
    this.warnings.push(message);
  }
}

/** A chore that takes until the test lets it end. */
class Work {
  begun = 0;
  private ends: (() => void)[] = [];

  readonly run = (): Promise<void> => {
    this.begun += 1;
    return new Promise((resolve) => this.ends.push(resolve));
  };

  async end(): Promise<void> {
    for (const end of this.ends.splice(0)) end();
    await jest.advanceTimersByTimeAsync(0);
  }
}

describe('chores', () => {
  let chores: Chores;
  let log: KeptLog;
  let work: Work;

  beforeEach(() => {
    jest.useFakeTimers();
    log = new KeptLog();
    chores = new Chores(log, new RowScopes());
    work = new Work();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const seconds = (count: number): Promise<void> => jest.advanceTimersByTimeAsync(count * 1000);

  it('wait until a server begins them', async () => {
    chores.add({ name: 'sweep', everySeconds: 5, run: work.run });
    await seconds(60);
    expect(work.begun).toBe(0);
  });

  it('run when their time has come, not at once', async () => {
    chores.add({ name: 'sweep', everySeconds: 5, run: work.run });
    chores.begin();
    await jest.advanceTimersByTimeAsync(4999);
    expect(work.begun).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(work.begun).toBe(1);
  });

  it('that are to run at once do so when they are begun, and then at their usual distance', async () => {
    chores.add({ name: 'sweep', everySeconds: 5, run: work.run, atOnce: true });
    await seconds(60);
    expect(work.begun).toBe(0);
    chores.begin();
    await jest.advanceTimersByTimeAsync(1);
    expect(work.begun).toBe(1);
    await work.end();
    await seconds(5);
    expect(work.begun).toBe(2);
  });

  it('never overlap themselves, however long one takes', async () => {
    chores.add({ name: 'sweep', everySeconds: 5, run: work.run });
    chores.begin();
    await seconds(60);
    expect(work.begun).toBe(1);
    await work.end();
    await seconds(4);
    expect(work.begun).toBe(1);
    await seconds(1);
    expect(work.begun).toBe(2);
  });

  it('do not wait for each other', async () => {
    let swept = 0;
    chores.add({ name: 'endless', everySeconds: 5, run: work.run });
    chores.add({ name: 'sweep', everySeconds: 5, run: () => Promise.resolve((swept += 1)) });
    chores.begin();
    await seconds(60);
    expect([work.begun, swept]).toEqual([1, 12]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['with an error', () => Promise.reject(new Error('no connection'))],
    [
      'before it gives a promise',
      () => {
        throw new Error('no connection');
      },
    ],
  ])('are tried again when one fails %s, and the failure is logged', async (_, run) => {
    let tried = 0;
    chores.add({
      name: 'sweep',
      everySeconds: 5,
      run: () => {
        tried += 1;
        return run();
      },
    });
    chores.begin();
    await seconds(15);
    expect(tried).toBe(3);
    expect(log.warnings).toEqual(Array(3).fill('The chore sweep failed: no connection'));
  });

  describe('that are nudged', () => {
    beforeEach(() => {
      chores.add({ name: 'sweep', everySeconds: 5, run: work.run });
    });

    it('run at once, and then at their usual distance', async () => {
      chores.begin();
      await seconds(1);
      chores.nudge('sweep');
      expect(work.begun).toBe(1);
      await work.end();
      await jest.advanceTimersByTimeAsync(4999);
      expect(work.begun).toBe(1);
      await jest.advanceTimersByTimeAsync(1);
      expect(work.begun).toBe(2);
    });

    it('run once more when they are running, however often', async () => {
      chores.begin();
      for (let times = 0; times < 5; times += 1) chores.nudge('sweep');
      expect(work.begun).toBe(1);
      await work.end();
      await jest.advanceTimersByTimeAsync(1);
      expect(work.begun).toBe(2);
      await work.end();
      await seconds(4);
      expect(work.begun).toBe(2);
    });

    it('do not run where none was begun, or all have ended', async () => {
      chores.nudge('sweep');
      await seconds(60);
      expect(work.begun).toBe(0);
      chores.begin();
      await chores.beforeApplicationShutdown();
      chores.nudge('sweep');
      await seconds(60);
      expect(work.begun).toBe(0);
    });

    it('leave the others alone', () => {
      chores.begin();
      chores.nudge('mop');
      expect(work.begun).toBe(0);
    });

    it('know nothing of the request that nudged them', async () => {
      const request = new AsyncLocalStorage<string>();
      const seen: unknown[] = [];
      chores.add({ name: 'look', everySeconds: 5, run: () => Promise.resolve(seen.push(request.getStore())) });
      chores.begin();
      request.run('of ann', () => {
        chores.nudge('look');
      });
      await seconds(5);
      expect(seen).toEqual([undefined, undefined]);
    });
  });

  it('begin no more once the service ends', async () => {
    chores.add({ name: 'sweep', everySeconds: 5, run: work.run });
    chores.begin();
    await chores.beforeApplicationShutdown();
    await seconds(60);
    expect(work.begun).toBe(0);
  });

  it('are waited for at the end of the service, and not begun anew', async () => {
    chores.add({ name: 'sweep', everySeconds: 5, run: work.run });
    chores.begin();
    await seconds(5);
    let isOver = false;
    const ending = chores.beforeApplicationShutdown().then(() => (isOver = true));
    await seconds(1);
    expect(isOver).toBe(false);
    await work.end();
    await ending;
    await seconds(60);
    expect(work.begun).toBe(1);
  });

  it('that write what is in memory run once more at the very end, over all tenants, whether the others fail or were begun', async () => {
    const scopes = new RowScopes();
    scopes.closeOutside();
    chores = new Chores(log, scopes);
    const seen: unknown[] = [];
    const write = (): Promise<unknown> => Promise.resolve(seen.push(scopes.current));
    chores.add({ name: 'broken', everySeconds: 5, run: () => Promise.reject(new Error('gone')), alsoLast: true });
    chores.add({ name: 'write', everySeconds: 5, run: write, alsoLast: true });
    chores.add({ name: 'sweep', everySeconds: 5, run: work.run });
    await chores.beforeApplicationShutdown();
    expect(seen).toEqual([]);
    await chores.runLast();
    expect([seen, work.begun, log.warnings]).toEqual([[ALL_TENANTS], 0, ['The chore broken failed: gone']]);
  });

  it('that write what is left run at the very end only where something is', async () => {
    const seen: string[] = [];
    for (const isLeft of [true, false]) {
      const run = (): Promise<unknown> => Promise.resolve(seen.push(String(isLeft)));
      chores.add({ name: 'write', everySeconds: 5, run, alsoLast: () => isLeft });
    }
    await chores.runLast();
    expect(seen).toEqual(['true']);
  });
});
