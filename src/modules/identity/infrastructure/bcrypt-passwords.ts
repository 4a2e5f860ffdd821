import { compare, hash } from 'bcrypt';

const COST = 12;
const MODULAR = /^\$2[aby]\$(\d\d)\$/;

/** bcrypt ignores what follows; a longer password is refused rather than cut. */
export const BCRYPT_MAX_BYTES = 72;

export const looksLikeBcrypt = (stored: string): boolean => MODULAR.test(stored);

/** Throws RangeError rather than hash a part. */
export function hashWithBcrypt(password: string): Promise<string> {
  if (Buffer.byteLength(password) > BCRYPT_MAX_BYTES) throw new RangeError('bcrypt takes at most 72 bytes');
  return hash(password, COST);
}

export async function matchesBcrypt(stored: string, password: string): Promise<boolean> {
  // PHP writes $2y$ for the very algorithm everybody else calls $2b$.
  const readable = stored.replace(/^\$2y\$/, '$2b$');
  if (Buffer.byteLength(password) <= BCRYPT_MAX_BYTES) return compare(password, readable);
  // As much work as for a password that could be right, so that time does not tell which hash an account has.
  await compare('', readable);
  return false;
}

export function isStrongBcrypt(stored: string): boolean {
  return Number(MODULAR.exec(stored)?.[1] ?? 0) >= COST;
}
