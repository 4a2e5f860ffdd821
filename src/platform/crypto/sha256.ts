import { createHash, hash } from 'node:crypto';

/**
 * What is kept of a token that nobody can guess: whoever reads it cannot show the token. Not for what people choose or can
 * type, of which all are soon tried.
 */
export function sha256(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The same of bytes. */
export function sha256Of(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}
