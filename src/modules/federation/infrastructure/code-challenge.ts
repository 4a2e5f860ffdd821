import { createHash } from 'node:crypto';

/** What is shown of a secret before it is (RFC 7636, 4.2, S256). */
export function challengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}
