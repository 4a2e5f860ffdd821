import { USERNAME, usernameKey } from './username';

describe('a username', () => {
  it.each(['ann', 'Ann', 'a_b', 'a.b', 'a-b', '007', 'a..b', 'ann.example-1_x', 'a'.repeat(64)])(
    'may be %s',
    (name) => {
      expect(USERNAME.test(name)).toBe(true);
    },
  );

  it.each([
    ['empty', ''],
    ['one letter', 'a'],
    ['two letters', 'ab'],
    ['65 letters', 'a'.repeat(65)],
    ['an e-mail address, which could be somebody else’s', 'ann@example.com'],
    ['begun with a dot', '.ann'],
    ['begun with a hyphen', '-ann'],
    ['ended with a dot', 'ann.'],
    ['ended with an underscore', 'ann_'],
    ['broken by a blank', 'ann example'],
    ['followed by a line break', 'ann\n'],
    ['written with look-alikes of other scripts', 'аnn'],
    ['accented', 'änn'],
    ['a path', 'a/b'],
  ])('is never %s', (_, name) => {
    expect(USERNAME.test(name)).toBe(false);
  });

  it('is the same in capitals', () => {
    expect(usernameKey('Ann.Example')).toBe(usernameKey('aNN.eXAMPLE'));
  });
});
