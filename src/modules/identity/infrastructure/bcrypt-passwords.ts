import { compare, hash } from 'bcrypt';

const COST = 12;
const MODULAR = /^\$2[aby]\$(\d\d)\$/;

/** bcrypt ignores what follows; a longer password is refused rather than cut. */
export const BCRYPT_MAX_BYTES = 72;

export const looksLikeBcrypt = (stored: string): boolean => MODULAR.test(stored);

export function hashWithBcrypt(password: string): Promise<string> {
  return hash(password, COST);
}

export async function matchesBcrypt(stored: string, password: string): Promise<boolean> {
  if (Buffer.byteLength(password) > BCRYPT_MAX_BYTES || password.includes('\0')) return false;
  // PHP writes $2y$ for the very algorithm everybody else calls $2b$.
  return compare(password, stored.replace(/^\$2y\$/, '$2b$'));
}

export function isStrongBcrypt(stored: string): boolean {
  return Number(MODULAR.exec(stored)?.[1] ?? 0) >= COST;
}
