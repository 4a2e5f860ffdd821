import { Log } from '../logging/log';
import { Background } from './background';

describe('work in the background', () => {
  it('is waited for when the service ends, also what it begins meanwhile', async () => {
    const background = new Background(new Log('silent'));
    const done: string[] = [];
    background.run('first', async () => {
      await Promise.resolve();
      done.push('first');
      background.run('second', () => Promise.resolve(done.push('second')));
    });
    expect(done).toEqual([]);
    await background.beforeApplicationShutdown();
    expect(done).toEqual(['first', 'second']);
  });

  it('that fails is no error of whoever began it', async () => {
    const background = new Background(new Log('silent'));
    background.run('a failure', () => Promise.reject(new Error('It cannot be')));
    await expect(background.idle()).resolves.toBeUndefined();
  });
});
