import { Overloaded } from '../../kernel/domain-error';
import { Seats } from './seats';

const many = (count: number, take: (n: number) => () => void): (() => void)[] =>
  Array.from({ length: count }, (_, n) => take(n));
const strangers = (seats: Seats, count: number): (() => void)[] =>
  many(count, (n) => seats.take(`stranger-${n}`, false));

describe('seats', () => {
  it('are free again when somebody leaves', () => {
    const seats = new Seats(66);
    const [first] = strangers(seats, 57);
    expect(() => seats.take('late', false)).toThrow(Overloaded);
    first!();
    expect(() => seats.take('late', false)).not.toThrow();
  });

  it('are not all strangers’: one in eight is kept for those who are known', () => {
    const seats = new Seats(66);
    strangers(seats, 57);
    expect(seats.areTaken).toBe(true);
    many(9, (n) => seats.take(`owner-${n}`, true));
    expect(() => seats.take('owner', true)).toThrow(Overloaded);
  });

  it('are not all one stranger’s: one in eight of the rest is kept for others', () => {
    const seats = new Seats(66);
    many(49, () => seats.take('greedy', false));
    expect(() => seats.take('greedy', false)).toThrow(Overloaded);
    strangers(seats, 8);
    expect(() => seats.take('late', false)).toThrow(Overloaded);
  });

  it('forget who has left', () => {
    const seats = new Seats(8);
    for (let round = 0; round < 3; round += 1) {
      const taken = many(6, () => seats.take('greedy', false));
      expect(() => seats.take('greedy', false)).toThrow(Overloaded);
      for (const free of taken) free();
      expect(seats.areTaken).toBe(false);
    }
  });

  it('are one at least, however few there are', () => {
    const seats = new Seats(1);
    seats.take('only', false)();
    seats.take('only', false);
    expect(() => seats.take('other', true)).toThrow(Overloaded);
  });
});
