import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileCommonPasswords } from './file-common-passwords';

const FOLDER = join(__dirname, 'common-passwords');

describe('the list of common passwords', () => {
  const common = new FileCommonPasswords();
  const lines = readFileSync(join(FOLDER, 'passwords.txt'), 'utf8').trimEnd().split('\n');

  it('has more than ten thousand that the policy could accept for their length', () => {
    expect(lines.length).toBeGreaterThan(10_000);
    expect(lines.filter((line) => [...line].length < 8)).toEqual([]);
  });

  it('holds each once, in lower case and in NFC, in order', () => {
    expect(lines.map((line) => line.normalize('NFC').toLowerCase())).toEqual(lines);
    expect([...new Set(lines)].sort()).toEqual(lines);
  });

  it('comes with its licence and with the number of passwords it has', () => {
    expect(readFileSync(join(FOLDER, 'LICENSE.txt'), 'utf8')).toContain('Permission is hereby granted');
    const said = /: ([\d ]+) of them/.exec(readFileSync(join(FOLDER, 'README.md'), 'utf8'))?.[1];
    expect(said?.replace(' ', '')).toBe(String(lines.length));
  });

  it.each(['passwordpassword', 'PasswordPassword', '1qaz2wsx3edc4rfv', 'P@ssw0rd', 'qwertyuiop12345', lines.at(-1)!])(
    'knows %s',
    (password) => {
      expect(common.has(password)).toBe(true);
    },
  );

  it.each([
    'Abcdef1!',
    'abcdefghijklmno',
    'aaaaaaaaaaaaaaa',
    'abcdefghijklmnopqrst',
    '🦊'.repeat(15),
    'correct horse battery staple',
    'a wholly new phrase to remember',
    'passwordpasswor',
    ' passwordpassword',
    '',
    '\n',
  ])('does not know %j', (password) => {
    expect(common.has(password)).toBe(false);
  });
});
