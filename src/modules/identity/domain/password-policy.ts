import type { Violation } from '../../../kernel/domain-error';

export type PasswordPolicy = {
  /** Shortest password of four kinds of characters, in code points. */
  readonly minLength: number;
  /** From this length on anything goes (NIST SP 800-63B-4, 3.1.1.2). */
  readonly phraseLength: number;
  /** Longest password in bytes of UTF-8, where the hash ignores what follows; null: no limit but MAX_LENGTH. */
  readonly maxBytes: number | null;
};

/** What the password must not consist of. */
export type PasswordContext = {
  /** Matched whole, alone or repeated, also with digits or signs around it: the product, the tenant. */
  readonly words: readonly string[];
  /** Matched exactly: the user's own address and names. */
  readonly own: readonly string[];
};

/** In code points. Longer is refused before any hashing. */
export const PASSWORD_MAX_LENGTH = 256;

/** A tenant called `a` does not make a bad password of every one with an `a` in it. */
const SHORTEST_WORD = 3;
const PRODUCT_WORDS = ['doorward', 'password'];
const KINDS = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];

/** The one form in which a password is checked, hashed and compared: as typed, in Unicode's NFC. */
export function asTyped(password: string): string {
  return password.normalize('NFC');
}

/** The user's own words, none of which may be the password. */
export function ownWords(email: string, username: string | null): readonly string[] {
  return [email, email.split('@')[0] ?? '', username ?? ''];
}

export function isTooLong(password: string): boolean {
  return [...password].length > PASSWORD_MAX_LENGTH;
}

/** All that is wrong with a new password, at once; empty when it may be used. */
export function violations(
  password: string,
  policy: PasswordPolicy,
  context: PasswordContext,
  field: string,
): readonly Violation[] {
  const length = [...password].length;
  const { minLength, phraseLength, maxBytes } = policy;
  const rules: readonly [boolean, string, string][] = [
    [length < minLength, 'PASSWORD_TOO_SHORT', `Use at least ${minLength} characters.`],
    [
      length < phraseLength && !KINDS.every((kind) => kind.test(password)),
      'PASSWORD_TOO_WEAK',
      `Use ${phraseLength} characters or more, or mix lower case, upper case, digits and symbols.`,
    ],
    [isTooLong(password), 'PASSWORD_TOO_LONG', `Use at most ${PASSWORD_MAX_LENGTH} characters.`],
    [maxBytes !== null && utf8Length(password) > maxBytes, 'PASSWORD_TOO_LONG', `Use at most ${maxBytes ?? 0} bytes.`],
    [isBlocked(password, context), 'PASSWORD_BLOCKED', 'This password is too easy to guess.'],
  ];
  return rules.flatMap(([broken, code, message]) => (broken ? [{ field, code, message }] : []));
}

function isBlocked(password: string, { words, own }: PasswordContext): boolean {
  const lower = password.toLowerCase();
  const folded = (word: string): string => asTyped(word).toLowerCase();
  if (own.map(folded).some((word) => word !== '' && lower === word)) return true;
  return [...PRODUCT_WORDS, ...words.map(folded)].some((word) => consistsOf(lower, word));
}

/** Whether the password is the word, alone or repeated, with nothing but digits and signs around it. */
function consistsOf(password: string, word: string): boolean {
  return word.length >= SHORTEST_WORD && password.includes(word) && !/\p{L}/u.test(password.replaceAll(word, ''));
}

function utf8Length(text: string): number {
  return [...text].reduce((bytes, character) => bytes + utf8LengthOf(character.codePointAt(0) ?? 0), 0);
}

/** RFC 3629, section 3. */
function utf8LengthOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
