import { BACKUP_CODE_LETTERS, makeBackupCodes, parseBackupCode, shownBackupCode } from './backup-code';

const CODE = { selector: '7f3k', secret: '9m2xq04vwt' };

describe('a backup code', () => {
  it('is shown in groups', () => {
    expect(shownBackupCode(CODE)).toBe('7f3k-9m2xq-04vwt');
  });

  it.each([
    ['as it is shown', '7f3k-9m2xq-04vwt'],
    ['without hyphens', '7f3k9m2xq04vwt'],
    ['with blanks', ' 7f3k 9m2xq 04vwt\n'],
    ['in capitals', '7F3K-9M2XQ-04VWT'],
    ['grouped otherwise', '7f-3k9m-2xq0-4vwt'],
    ['with the letter o for a nought', '7f3k-9m2xq-o4vwt'],
    ['with a capital O', '7F3K-9M2XQ-O4VWT'],
  ])('is understood %s', (_, typed) => {
    expect(parseBackupCode(typed)).toEqual(CODE);
  });

  it.each(['1111-00000-00000', 'iiil-00000-oOo0O', 'LlI1 00000 00000'])(
    'may have look-alikes for ones: %s',
    (typed) => {
      expect(parseBackupCode(typed)).toEqual({ selector: '1111', secret: '0000000000' });
    },
  );

  it.each([
    '',
    '123456',
    '7f3k-9m2xq-04vw',
    '7f3k-9m2xq-04vwt0',
    '7f3k-9m2xq-04vwu',
    '7f3k_9m2xq_04vwt',
    '７f3k9m2xq04vwt',
  ])('cannot be %j', (typed) => {
    expect(parseBackupCode(typed)).toBeNull();
  });
});

describe('a set of backup codes', () => {
  const letters = (of: string): string => of.repeat(BACKUP_CODE_LETTERS);

  it('has ten', () => {
    const codes = makeBackupCodes(counting());
    expect(codes).toHaveLength(10);
    for (const code of codes) expect(parseBackupCode(shownBackupCode(code))).toEqual(code);
  });

  it('has none of whose selectors another has too', () => {
    const next = counting();
    const given = [letters('a'), letters('a')];
    const codes = makeBackupCodes(() => given.pop() ?? next());
    expect(new Set(codes.map(({ selector }) => selector)).size).toBe(10);
  });
});

/** Codes of other letters at each call. */
function counting(): () => string {
  let count = 0;
  return () => String((count += 1)).padStart(4, '0') + 'x'.repeat(10);
}
