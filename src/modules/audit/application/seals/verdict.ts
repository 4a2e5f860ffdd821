import type { Verdict } from '../../domain/seals/chain';
import { hexHashOf } from '../../domain/seals/new-seal';
import { payloadFieldsOf, type Seal, type SealPayload } from '../../domain/seals/seal';
import type { AuditKey } from './audit-keys.port';
import { SPELLING } from './spelling';

/** What the key a seal names says of its signature; null: it is none of those that are known. */
export function verdictOf(key: AuditKey | null, { signature }: Pick<Seal, 'signature'>, bytes: Uint8Array): Verdict {
  if (key === null) return 'unknown';
  return key.verifies(bytes, signature) ? 'good' : 'bad';
}

/** The same, where the keys are at hand. */
export function verdictAmong(keys: readonly AuditKey[], seal: Seal, bytes: Uint8Array): Verdict {
  return verdictOf(keys.find(({ id }) => id === seal.payload.keyId) ?? null, seal, bytes);
}

/** The hash a seal has by what it says, whatever is stored beside it. */
export function hashOfPayload(payload: SealPayload): string {
  return hexHashOf(SPELLING, payloadFieldsOf(payload));
}
