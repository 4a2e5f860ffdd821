import { ValidationFailed } from '../../../kernel/domain-error';
import { readSettings } from '../../../platform/config/read-settings';
import { SystemRandom } from '../../../platform/crypto/random';
import { FileCommonPasswords } from '../infrastructure/file-common-passwords';
import { SelectablePasswordHasher } from '../infrastructure/selectable-password-hasher';
import { BreachedPasswords } from './passwords/breached-passwords.port';
import { Passwords } from './passwords/passwords';

const NOTHING = { words: [], own: [], former: [] };

class NoneBreached extends BreachedPasswords {
  has(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

/** The real hash functions, one after the other. */
function passwordsOf(variables: Record<string, string> = {}): Passwords {
  const settings = readSettings({ NODE_ENV: 'test', ...variables });
  const hasher = new SelectablePasswordHasher(settings.signIn, settings.hashing, new SystemRandom());
  return new Passwords(hasher, new FileCommonPasswords(), new NoneBreached(), settings.signIn);
}

describe('passwords', () => {
  const passwords = passwordsOf();
  const hashOf = (password: string): Promise<string> => passwords.hashNew(password, 'password', NOTHING);

  it.each([
    ['15 lower-case letters', 'abcdefghijklmno'],
    ['20 lower-case letters', 'abcdefghijklmnopqrst'],
    ['eight characters of four kinds', 'Abcdef1!'],
    ['64 characters', 'x'.repeat(64)],
    ['256 characters', 'x'.repeat(256)],
    ['256 characters of four bytes', '🦊'.repeat(256)],
    ['emoji', '🦊'.repeat(15)],
    ['ideographs', '春眠不覚暁処処聞啼鳥夜来風雨声'],
    ['blanks at its ends', ' correct horse battery '],
    ['nothing but blanks', ' '.repeat(15)],
    ['a NUL in its middle', 'correct\0horse battery'],
  ])('are taken and known again: %s', async (_, password) => {
    expect(await passwords.verify(await hashOf(password), password)).toBe(true);
  });

  it('are compared whole and exactly', async () => {
    const hash = await hashOf(' Correct horse\0battery ');
    for (const other of [
      ' Correct horse\0battery',
      'Correct horse\0battery ',
      ' correct horse\0battery ',
      ' Correct horse\0batter',
      ' Correct horse',
      ' Correct horse\0battery  ',
      '',
    ]) {
      expect(await passwords.verify(hash, other)).toBe(false);
    }
    const longest = 'x'.repeat(256);
    expect(await passwords.verify(await hashOf(longest), longest.slice(1))).toBe(false);
  });

  it('are the same however their accents were typed, and not when letters merely look alike', async () => {
    const hash = await hashOf('caf\u00e9 au lait forever');
    expect(await passwords.verify(hash, 'cafe\u0301 au lait forever')).toBe(true);
    expect(await passwords.verify(hash, 'cafe au lait forever')).toBe(false);
    expect(await passwords.verify(await hashOf('ﬁne print forever'), 'fine print forever')).toBe(false);
  });

  it('that are too long are refused before they are hashed', async () => {
    const from = performance.now();
    await expect(hashOf('x'.repeat(100_000))).rejects.toThrow(ValidationFailed);
    await expect(hashOf('x'.repeat(257))).rejects.toThrow(ValidationFailed);
    expect(performance.now() - from).toBeLessThan(100);
  });

  it('are taken whole by bcrypt, or not at all', async () => {
    const bcrypt = passwordsOf({ PASSWORD_ALGORITHM: 'bcrypt' });
    await expect(bcrypt.hashNew('é'.repeat(37), 'password', NOTHING)).rejects.toThrow(ValidationFailed);
  });
});
