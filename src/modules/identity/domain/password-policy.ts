import type { Violation } from '../../../kernel/domain-error';

export type PasswordPolicy = {
  /** Shortest password of four kinds of characters, in code points. */
  readonly minLength: number;
  /** From this length on anything goes (NIST SP 800-63B-4, 3.1.1.2). */
  readonly phraseLength: number;
  /** Longest password in bytes of UTF-8, where the hash ignores what follows; null: no limit but MAX_LENGTH. */
  readonly maxBytes: number | null;
};

/** What speaks against a password beside its form. */
export type PasswordContext = {
  /** Names of the product's surroundings, such as the tenants'. */
  readonly words: readonly string[];
  /** The user's own address and names. */
  readonly own: readonly string[];
  /** Whether it is one of the passwords that everybody guesses first. */
  readonly isCommon: boolean;
};

export type OwnNames = {
  readonly email: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
};

/** In code points. Longer is refused before any hashing. */
export const PASSWORD_MAX_LENGTH = 256;

/** A tenant called `a` does not make a bad password of every one with an `a` in it, nor one called `2026`. */
const WORD = /^(?=.*\p{L}).{3,}$/u;
const SEPARATORS = /[^\p{L}\p{M}\p{N}]+/gu;
const PRODUCT_WORDS = ['doorward', 'password'];
const KINDS = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];

/** The one form in which a password is checked, hashed and compared: as typed, in Unicode's NFC. */
export function asTyped(password: string): string {
  return password.normalize('NFC');
}

/** The user's own words: the address, what stands before its @, and the names. */
export function ownWords({ email, username, firstName, lastName }: OwnNames): readonly string[] {
  return [email, email.split('@')[0] ?? '', username ?? '', firstName ?? '', lastName ?? ''].filter(
    (word) => word !== '',
  );
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
  ];
  const formal = rules.flatMap(([broken, code, message]) => (broken ? [{ field, code, message }] : []));
  return [...formal, ...blocked(password, context, field)];
}

/** Somebody else's password that was made public; it is in every list that is tried. */
export function publishedInABreach(field: string): Violation {
  return { field, code: 'PASSWORD_BLOCKED', message: 'This password was published in a breach of another service.' };
}

/** One of the user's own that may not come back. */
export function usedBefore(field: string): Violation {
  return { field, code: 'PASSWORD_REUSED', message: 'You have used this password before.' };
}

/** One violation, whatever the number of its reasons. */
function blocked(password: string, { words, own, isCommon }: PasswordContext, field: string): readonly Violation[] {
  const reasons: readonly [boolean, string][] = [
    [isCommon, 'This password is one of those that are tried first.'],
    [
      consistsOf(password, [...PRODUCT_WORDS, ...words, ...own]),
      'This password is little more than the name of the service, of a tenant, or your own name or address.',
    ],
  ];
  const message = reasons.flatMap(([given, reason]) => (given ? [reason] : [])).join(' ');
  return message === '' ? [] : [{ field, code: 'PASSWORD_BLOCKED', message }];
}

/**
 * Whether the password is made of the words and of what they are made of, alone, together or repeated, with nothing but
 * digits and signs between and around them; in upper or lower case, and however the words themselves are separated.
 */
function consistsOf(password: string, words: readonly string[]): boolean {
  const typed = squeezed(password);
  const wanted = words.flatMap((word) => [squeezed(word), ...word.split(SEPARATORS).map(squeezed)]);
  if (wanted.some((word) => word !== '' && word === typed)) return true;
  const longestFirst = wanted.filter((word) => WORD.test(word)).sort((one, other) => other.length - one.length);
  const rest = longestFirst.reduce((left, word) => left.replaceAll(word, ' '), typed);
  return rest !== typed && !/\p{L}/u.test(rest);
}

/** Letters and digits alone, in lower case. */
function squeezed(text: string): string {
  return asTyped(text).toLowerCase().replace(SEPARATORS, '');
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
