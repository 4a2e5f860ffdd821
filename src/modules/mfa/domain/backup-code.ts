/** Stands in for a second factor once. Written as `ssss-xxxxx-xxxxx`. */
export type BackupCode = {
  /** By which it is found: a check costs one hash, not ten. No secret. */
  readonly selector: string;
  /** 50 bits. */
  readonly secret: string;
};

export const BACKUP_CODES = 10;

const SELECTOR = 4;
const HALF = 5;
/** How many letters of Crockford's 32 a code has. */
export const BACKUP_CODE_LETTERS = SELECTOR + 2 * HALF;

const LOOKS_LIKE: Readonly<Record<string, string>> = { o: '0', i: '1', l: '1' };
const SEPARATORS = /[\s-]/g;
const CODE = new RegExp(`^[0-9a-hjkmnp-tv-z]{${BACKUP_CODE_LETTERS}}$`);

/** What somebody typed, however they group it and whatever they took a letter for; null: it can be no backup code. */
export function parseBackupCode(typed: string): BackupCode | null {
  const letters = typed
    .replaceAll(SEPARATORS, '')
    .toLowerCase()
    .replaceAll(/[oil]/g, (letter) => LOOKS_LIKE[letter] ?? letter);
  return CODE.test(letters) ? codeOf(letters) : null;
}

/** As its owner sees it. */
export function shownBackupCode({ selector, secret }: BackupCode): string {
  return `${selector}-${secret.slice(0, HALF)}-${secret.slice(HALF)}`;
}

/** Ten codes of different selectors. `letters` gives BACKUP_CODE_LETTERS random ones at each call. */
export function makeBackupCodes(letters: () => string): readonly BackupCode[] {
  const bySelector = new Map<string, BackupCode>();
  while (bySelector.size < BACKUP_CODES) {
    const code = codeOf(letters());
    bySelector.set(code.selector, code);
  }
  return [...bySelector.values()];
}

function codeOf(letters: string): BackupCode {
  return { selector: letters.slice(0, SELECTOR), secret: letters.slice(SELECTOR) };
}
