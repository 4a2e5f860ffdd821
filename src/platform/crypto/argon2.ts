import { hash, verify } from '@node-rs/argon2';

/** OWASP's choice for argon2id, in KiB, passes and lanes; the variant, 16 bytes of salt and 32 of tag are the library's own. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/;

export const looksLikeArgon2 = (stored: string): boolean => stored.startsWith('$argon2');

export function hashWithArgon2(password: string): Promise<string> {
  return hash(password, COST);
}

export function matchesArgon2(stored: string, password: string): Promise<boolean> {
  return verify(stored, password);
}

/** Whether the hash is argon2id and at least as costly as ours. */
export function isStrongArgon2(stored: string): boolean {
  const [, memory, passes] = PHC.exec(stored) ?? [];
  return Number(memory ?? 0) >= COST.memoryCost && Number(passes ?? 0) >= COST.timeCost;
}
