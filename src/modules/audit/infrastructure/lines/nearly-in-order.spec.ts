import type { LoggedEvent } from '../../domain/seals/logged-event';
import { nearlyInOrder } from './nearly-in-order';

const numbered = (sequence: number): LoggedEvent => ({ record: { sequence: String(sequence) } }) as LoggedEvent;

async function* lines(sequences: readonly number[]): AsyncGenerator<LoggedEvent> {
  for (const sequence of sequences) yield await Promise.resolve(numbered(sequence));
}

async function ordered(sequences: readonly number[], lookedAhead: number): Promise<number[]> {
  const found: number[] = [];
  for await (const { record } of nearlyInOrder(lines(sequences), lookedAhead)) found.push(Number(record.sequence));
  return found;
}

describe('lines in the order of time', () => {
  it.each([
    [[1, 2, 3], 2],
    [[2, 1, 3, 5, 4], 2],
    [[3, 2, 1, 6, 5, 4], 2],
    [[], 2],
  ])('of events %j come in the order of their numbers', async (sequences, lookedAhead) => {
    expect(await ordered(sequences, lookedAhead)).toEqual([...sequences].sort((a, b) => a - b));
  });

  it('come with each number as often as it is there', async () => {
    expect(await ordered([1, 2, 2, 1], 10)).toEqual([1, 1, 2, 2]);
  });

  it('come when they come, where they are too far from their place', async () => {
    expect(await ordered([2, 3, 4, 5, 1], 2)).toEqual([2, 3, 1, 4, 5]);
  });
});
