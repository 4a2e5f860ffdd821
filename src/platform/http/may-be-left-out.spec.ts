import { IsInt, validateSync } from 'class-validator';
import { MayBeLeftOut } from './may-be-left-out';

class Change {
  @MayBeLeftOut()
  @IsInt()
  days?: unknown;
}

const isTaken = (days: unknown): boolean => validateSync(Object.assign(new Change(), { days })).length === 0;

describe('a field that may be left out', () => {
  it.each([
    ['is left out', undefined, true],
    ['is what it is to be', 7, true],
    ['is null', null, false],
    ['is something else', '7', false],
  ])('%s', (_, days, taken) => {
    expect(isTaken(days)).toBe(taken);
  });
});
