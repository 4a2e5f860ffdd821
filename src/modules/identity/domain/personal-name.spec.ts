import { nameFrom } from './personal-name';

it.each([
  ['as it is', 'Ann-Sophie O’Hara', 'Ann-Sophie O’Hara'],
  ['without blanks around it', ' Ann ', 'Ann'],
  ['up to 100 characters', 'n'.repeat(100), 'n'.repeat(100)],
  ['unless it is longer', 'n'.repeat(101), null],
  ['unless it is empty', '', null],
  ['unless it is blank', '  ', null],
  ['unless it steers what is around it', 'Ann\u202e', null],
  ['unless it breaks lines', 'Ann\nBob', null],
  ['unless there is none', null, null],
])('a name that somebody else tells is taken over %s', (_, told, name) => {
  expect(nameFrom(told)).toBe(name);
});
