import { canonicalJson } from '../../../../platform/crypto/canonical-json';
import { sha256Of } from '../../../../platform/crypto/sha256';
import type { Spelling } from '../../domain/seals/new-seal';

/** SHA-256 over canonical JSON. */
export const SPELLING: Spelling = { hash: sha256Of, bytesOf: (value) => Buffer.from(spelt(value)) };

/** What the owner of the table may have put into details (numbers beyond all) is not to keep the rest from being sealed. */
function spelt(value: unknown): string {
  try {
    return canonicalJson(value);
  } catch {
    return canonicalJson(JSON.parse(JSON.stringify(value)));
  }
}
