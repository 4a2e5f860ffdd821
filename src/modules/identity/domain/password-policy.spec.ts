import {
  asTyped,
  isTooLong,
  type OwnNames,
  ownWords,
  type PasswordContext,
  type PasswordPolicy,
  publishedInABreach,
  usedBefore,
  violations,
  PASSWORD_MAX_LENGTH,
} from './password-policy';

const POLICY: PasswordPolicy = { minLength: 8, phraseLength: 15, maxBytes: null };
const NOBODY: PasswordContext = { words: [], own: [], isCommon: false };
const ANN: OwnNames = { email: 'ann@example.com', username: null, firstName: null, lastName: null };

/** The codes of all that is wrong with a password, for a field called `password`. */
function refusals(password: string, policy: Partial<PasswordPolicy> = {}, context: Partial<PasswordContext> = {}) {
  return violations(password, { ...POLICY, ...policy }, { ...NOBODY, ...context }, 'password').map(({ code }) => code);
}

describe('the length and the kinds of characters of a new password', () => {
  it.each([
    ['eight of four kinds', 'Abcdef1!'],
    ['eight of four kinds, the symbol a blank', 'Abcde 1x'],
    ['eight of four kinds, from other scripts than Latin', 'Ωωδφγ1!я'],
    ['nine of four kinds', 'Abcdefg1!'],
    ['15 lowercase letters', 'qwfpgjluyarstdh'],
    ['15 digits', '839201746582930'],
    ['15 blanks', ' '.repeat(15)],
    ['15 emoji', '🦊'.repeat(15)],
    ['15 ideographs', '春'.repeat(15)],
    ['20 lowercase letters', 'x'.repeat(20)],
    ['64 characters', 'y'.repeat(64)],
    ['256 characters', 'z'.repeat(256)],
    ['256 emoji, which are 512 UTF-16 units', '🦊'.repeat(256)],
  ])('accepts %s', (_, password) => {
    expect(refusals(password)).toEqual([]);
  });

  it.each([
    ['14 lowercase letters', 'qwfpgjluyarstd'],
    ['14 digits', '83920174658293'],
    ['14 emoji, which are 28 UTF-16 units', '🦊'.repeat(14)],
    ['eight without a symbol', 'Abcdefg1'],
    ['eight without a digit', 'Abcdefg!'],
    ['eight without an upper-case letter', 'abcdef1!'],
    ['eight without a lower-case letter', 'ABCDEF1!'],
    ['14 without a symbol', 'Abcdefghijklm1'],
  ])('refuses %s as too weak', (_, password) => {
    expect(refusals(password)).toEqual(['PASSWORD_TOO_WEAK']);
  });

  it.each([
    ['seven of four kinds', 'Abcde1!', ['PASSWORD_TOO_SHORT']],
    ['seven characters in eight UTF-16 units', 'Abcd1!🦊', ['PASSWORD_TOO_SHORT']],
    ['the empty text', '', ['PASSWORD_TOO_SHORT', 'PASSWORD_TOO_WEAK']],
  ])('refuses %s as too short', (_, password, codes) => {
    expect(refusals(password)).toEqual(codes);
  });

  it.each([
    ['257 characters', 'z'.repeat(257)],
    ['257 emoji', '🦊'.repeat(257)],
    ['a hundred thousand characters', 'z'.repeat(100_000)],
  ])('refuses %s as too long', (_, password) => {
    expect(isTooLong(password)).toBe(true);
    expect(refusals(password)).toEqual(['PASSWORD_TOO_LONG']);
  });

  it('takes up to 256 code points', () => {
    expect(PASSWORD_MAX_LENGTH).toBe(256);
    expect(isTooLong('🦊'.repeat(256))).toBe(false);
  });

  it.each([
    [10, 15, 'Abcdefg1!', ['PASSWORD_TOO_SHORT']],
    [10, 15, 'Abcdefgh1!', []],
    [8, 20, 'x'.repeat(19), ['PASSWORD_TOO_WEAK']],
    [8, 20, 'x'.repeat(20), []],
  ])(
    'takes its bounds from the settings: at least %i, a phrase from %i on',
    (minLength, phraseLength, password, codes) => {
      expect(refusals(password, { minLength, phraseLength })).toEqual(codes);
    },
  );
});

describe('the longest password of a hash that reads only so many bytes', () => {
  it.each([
    ['72 letters', 'x'.repeat(72), []],
    ['73 letters', 'x'.repeat(73), ['PASSWORD_TOO_LONG']],
    ['36 letters of two bytes', 'é'.repeat(36), []],
    ['37 letters of two bytes', 'é'.repeat(37), ['PASSWORD_TOO_LONG']],
    ['24 letters of three bytes', '春'.repeat(24), []],
    ['25 letters of three bytes', '春'.repeat(25), ['PASSWORD_TOO_LONG']],
    ['18 letters of four bytes', '🦊'.repeat(18), []],
    ['19 letters of four bytes', '🦊'.repeat(19), ['PASSWORD_TOO_LONG']],
  ])('is counted in bytes of UTF-8: %s', (_, password, codes) => {
    expect(refusals(password, { maxBytes: 72 })).toEqual(codes);
  });

  it('says how many bytes are allowed', () => {
    const [violation] = violations('x'.repeat(73), { ...POLICY, maxBytes: 72 }, NOBODY, 'password');

    expect(violation?.message).toContain('72');
  });
});

describe('words a password must not consist of', () => {
  const acme: Partial<PasswordContext> = {
    words: ['Acme', 'Big Bank GmbH', 'big-bank-gmbh-2', '2026', 'Go'],
    own: ownWords({ ...ANN, username: 'Annabel-Example-Jones', firstName: 'Annabel', lastName: 'Jones-Doe' }),
  };

  it.each([
    ['the product, twice', 'doorwarddoorward'],
    ['the word itself, twice', 'passwordpassword'],
    ['the word itself with digits after it', 'password12345678'],
    ['the word itself with all kinds of characters', 'Password1!'],
    ['the product with digits before it', '123456789Doorward'],
    ['the product in capitals with signs around it', '!!!!DOORWARD????'],
    ['the tenant, with digits after it', 'acme123456789'],
    ['the tenant, again and again', 'AcmeAcmeAcmeAcme'],
    ['a tenant of several words', 'Big Bank GmbH!!'],
    ['a tenant of several words, written as one', 'bigbankgmbh2026'],
    ['a tenant of several words, separated otherwise', 'BIG_bank_GMBH_1'],
    ['part of the name of a tenant, with digits after it', 'bigbank123456789'],
    ['the slug of a tenant', 'big-bank-gmbh-2'],
    ['a tenant and the product', 'doorward@acme 1'],
    ['a tenant and the own name', 'Annabel@Acme2026'],
    ['the own address', 'ann@example.com'],
    ['the own address in capitals', 'ANN@EXAMPLE.COM'],
    ['the own address with digits after it', 'ann@example.com1'],
    ['what stands before the @ of the own address, with digits after it', 'ann123456789012'],
    ['the domain of the own address without its suffix', 'Example!20262026'],
    ['the own username', 'annabel-example-jones'],
    ['the own first name, again and again', 'annabelannabelannabel'],
    ['the own last name with digits around it', '123jones-doe4567'],
    ['both own names', 'Annabel Jones-Doe'],
  ])('blocks %s', (_, password) => {
    expect(refusals(password, {}, acme)).toContain('PASSWORD_BLOCKED');
  });

  it.each([
    ['a phrase that holds a blocked word among others', 'the acme of all perfection'],
    ['a phrase that begins with the own name', 'annabel-example-jones and more'],
    ['a phrase that holds all of the own names and one more', 'annabel jones-doe junior'],
    ['a phrase about something else', 'correct horse battery staple'],
    ['another phrase about something else', 'a wholly new phrase to remember'],
    ['letters in their order', 'abcdefghijklmno'],
    ['a letter, again and again', 'aaaaaaaaaaaaaaa'],
    ['digits alone', '839201746582930'],
    ['digits alone that hold the name of a tenant, which is a number', '839202617465829'],
    ['a phrase that holds part of the name of a tenant', 'the big bank theory'],
    ['what holds the name of a tenant of two letters', 'go4839201746582'],
    ['emoji', '🦊'.repeat(15)],
    ['blanks', ' '.repeat(15)],
  ])('lets %s pass', (_, password) => {
    expect(refusals(password, {}, acme)).toEqual([]);
  });

  it('ignores empty words, so that a user without a username is not blocked from everything', () => {
    expect(refusals('correct horse battery', {}, { words: ['', ' ', '!!!'], own: [''] })).toEqual([]);
  });

  it('knows the words of who has nothing but an address', () => {
    expect(ownWords({ ...ANN, email: 'ann.b@example.com' })).toEqual(['ann.b@example.com', 'ann.b']);
  });

  it('knows the names of who has some', () => {
    const words = ownWords({ ...ANN, username: 'annie', firstName: 'Ann', lastName: 'Lee' });
    expect(words).toEqual(['ann@example.com', 'ann', 'annie', 'Ann', 'Lee']);
  });

  it.each([
    ['a password of digits that is the name of a tenant', '201746582930839', '201746582930839'],
    ['the composed form of a name that was given decomposed', 'caf\u00e912345678901', 'Cafe\u0301'],
  ])('blocks %s', (_, password, word) => {
    expect(refusals(password, {}, { words: [word] })).toEqual(['PASSWORD_BLOCKED']);
  });

  it('is not misled by words that hold one another', () => {
    expect(refusals('annabel12345678', {}, { own: ['ann', 'annabel'] })).toEqual(['PASSWORD_BLOCKED']);
    expect(refusals('an ann n 1234567', {}, { own: ['ann'] })).toEqual([]);
  });
});

describe('a password that everybody guesses first', () => {
  it('is blocked', () => {
    expect(refusals('1qaz2wsx3edc4rfv', {}, { isCommon: true })).toEqual(['PASSWORD_BLOCKED']);
  });
});

describe('what the user is told', () => {
  it('names everything that is wrong at once, each with the field it is about', () => {
    const wrong = violations('ann', POLICY, { ...NOBODY, own: ['ann'] }, 'new_password');

    expect(wrong.map(({ field, code }) => [field, code])).toEqual([
      ['new_password', 'PASSWORD_TOO_SHORT'],
      ['new_password', 'PASSWORD_TOO_WEAK'],
      ['new_password', 'PASSWORD_BLOCKED'],
    ]);
  });

  it.each<[string, Partial<PasswordContext>, RegExp]>([
    ['that it is common', { isCommon: true }, /^This password is one of those that are tried first\.$/],
    ['of what it consists', { words: ['qwfpg'] }, /^This password is little more than the name .* address\.$/],
    ['both, in one violation', { isCommon: true, own: ['qwfpg'] }, /tried first\. This password is little more than/],
  ])('says of a blocked password %s', (_, context, message) => {
    const wrong = violations('qwfpg1234567890', POLICY, { ...NOBODY, ...context }, 'password');
    expect(wrong).toEqual([
      { field: 'password', code: 'PASSWORD_BLOCKED', message: expect.stringMatching(message) as unknown },
    ]);
  });

  it('says of a password that it was published elsewhere, or used before', () => {
    expect(publishedInABreach('password')).toMatchObject({ field: 'password', code: 'PASSWORD_BLOCKED' });
    expect(publishedInABreach('password').message).toContain('published in a breach');
    expect(usedBefore('new_password')).toMatchObject({ field: 'new_password', code: 'PASSWORD_REUSED' });
    expect(usedBefore('new_password').message).toContain('before');
  });

  it('never repeats the password', () => {
    const wrong = violations('qwfpg', POLICY, NOBODY, 'password');

    expect(JSON.stringify(wrong)).not.toContain('qwfpg');
  });
});

describe('the one form of a password', () => {
  it('is the same for composed and decomposed letters', () => {
    expect(asTyped('cafe\u0301')).toBe(asTyped('caf\u00e9'));
  });

  it.each([
    ['blanks at its ends', ' phrase '],
    ['capitals', 'PhRaSe'],
    ['compatibility letters', 'ﬁne①'],
    ['emoji', '👩‍🚀'],
  ])('keeps %s as typed', (_, password) => {
    expect(asTyped(password)).toBe(password);
  });

  it('is counted after composing, so that 14 accented letters stay 14', () => {
    expect(refusals(asTyped('e\u0301'.repeat(14)))).toEqual(['PASSWORD_TOO_WEAK']);
    expect(refusals(asTyped('e\u0301'.repeat(15)))).toEqual([]);
  });
});
