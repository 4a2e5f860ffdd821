import { afterLook, type Look, NOTHING_SETTLED } from './horizon';

const settledAfter = (...looks: readonly Look[]): number => looks.reduce(afterLook, NOTHING_SETTLED).settled;

describe('what is settled', () => {
  it.each<[string, readonly Look[], number]>([
    ['is everything while nobody writes', [{ newest: 7, writers: [] }], 7],
    ['is nothing at the first look while somebody writes', [{ newest: 7, writers: ['a'] }], 0],
    [
      'is what was there at the first look once who wrote then is through, whoever writes now',
      [
        { newest: 7, writers: ['a'] },
        { newest: 9, writers: ['b'] },
      ],
      7,
    ],
    [
      'waits for all who wrote at the first look',
      [
        { newest: 7, writers: ['a', 'b'] },
        { newest: 9, writers: ['b', 'c'] },
      ],
      0,
    ],
    [
      'goes on from look to look under unbroken writing',
      [
        { newest: 7, writers: ['a'] },
        { newest: 9, writers: ['b'] },
        { newest: 12, writers: ['c'] },
      ],
      9,
    ],
    [
      'stays settled while the next wait goes on',
      [
        { newest: 7, writers: [] },
        { newest: 9, writers: ['a'] },
        { newest: 12, writers: ['a'] },
      ],
      7,
    ],
    [
      'is no more than there is, in a database that was put back',
      [
        { newest: 7, writers: [] },
        { newest: 3, writers: ['a'] },
      ],
      3,
    ],
  ])('%s', (_, looks, settled) => {
    expect(settledAfter(...looks)).toBe(settled);
  });
});
