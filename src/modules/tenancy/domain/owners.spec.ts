import { randomUUID } from 'node:crypto';
import { userId } from '../../../kernel/ids';
import { isLastOwner } from './owners';

const [ann, bob] = [userId(randomUUID()), userId(randomUUID())];

describe('the last owner', () => {
  it.each([
    ['the only owner', [ann], true],
    ['the only owner, listed twice', [ann, ann], true],
    ['one of two', [ann, bob], false],
    ['one of two, listed last', [bob, ann], false],
    ['no owner beside one', [bob], false],
    ['no owner where there is none', [], false],
  ])('is who is %s', (_who, owners, expected) => {
    expect(isLastOwner(owners, ann)).toBe(expected);
  });
});
