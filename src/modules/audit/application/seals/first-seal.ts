import { type FirstSeal, hexHashOf, NO_VERSION_BEFORE } from '../../domain/seals/new-seal';
import { payloadFieldsOf } from '../../domain/seals/seal';
import type { AuditKeys } from './audit-keys.port';
import type { Seals } from './seals.port';
import { SPELLING } from './spelling';

/**
 * What the first seal says of the time before macs, where a key of ours signed it: whoever may write to the table can put
 * anything there. null: nothing is sealed.
 */
export async function firstSealOf(seals: Seals, keys: AuditKeys): Promise<FirstSeal | null> {
  const seal = await seals.find(1);
  if (seal === null) return (await seals.newest()) === null ? null : NO_VERSION_BEFORE;
  const { payload, hash, signature } = seal;
  const fields = payloadFieldsOf(payload);
  const key = await keys.find(payload.keyId);
  const isOurs = key?.verifies(SPELLING.bytesOf(fields), signature) ?? false;
  return isOurs && hash === hexHashOf(SPELLING, fields) ? payload : NO_VERSION_BEFORE;
}
