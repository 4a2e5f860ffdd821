import { createHmac } from 'node:crypto';
import { decrypt, encrypt } from '../../../../platform/crypto/aes-gcm';
import { canonicalJson } from '../../../../platform/crypto/canonical-json';
import { hasPersonalFields, type PersonalFields } from '../../domain/personal-fields';

/** What is stored of the personal fields of an event. */
export type BoxedFields = { readonly box: Buffer; readonly digest: Buffer };

const contextOf = (eventId: string): string => `audit_events/${eventId}`;

/** Personal fields under the key of their person; null when there are none. `nonce` is fresh. */
export function boxed(fields: PersonalFields, key: Buffer, eventId: string, nonce: Buffer): BoxedFields | null {
  if (!hasPersonalFields(fields)) return null;
  const text = textOf(fields);
  return {
    box: encrypt(key, nonce, Buffer.from(text), contextOf(eventId)),
    digest: digestOf(text, saltOf(key, eventId)),
  };
}

/** Throws when the box was made for another event or with another key, was altered, or is not what was committed to. */
export function unboxed({ box, digest }: BoxedFields, key: Buffer, eventId: string): PersonalFields {
  const text = decrypt(key, box, contextOf(eventId)).toString();
  if (!digestOf(text, saltOf(key, eventId)).equals(digest))
    throw new Error('The personal fields are not those committed to');
  const { ip_address: ipAddress, user_agent: userAgent } = JSON.parse(text) as Record<string, string | null>;
  return { ipAddress: ipAddress ?? null, userAgent: userAgent ?? null };
}

/** What makes the digest say nothing to who does not know it: addresses are soon tried. Goes with the key. */
export function saltOf(key: Buffer, eventId: string): Buffer {
  return createHmac('sha256', key).update(`salt/${eventId}`).digest();
}

/** What commits to the fields, and says nothing of them without the salt. */
export function commitmentTo(fields: PersonalFields, salt: Buffer): Buffer {
  return digestOf(textOf(fields), salt);
}

function textOf({ ipAddress, userAgent }: PersonalFields): string {
  return canonicalJson({ ip_address: ipAddress, user_agent: userAgent });
}

function digestOf(text: string, salt: Buffer): Buffer {
  return createHmac('sha256', salt).update(text).digest();
}
