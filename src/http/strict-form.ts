import { Refusal } from './errors';
import { refuseBrokenText, utf8 } from './strict-json';

const MAX_FIELDS = 1000;

/** A form (application/x-www-form-urlencoded) with every field once. Throws MALFORMED_REQUEST. */
export function parseStrictForm(bytes: Buffer): Record<string, string> {
  const pairs = utf8(bytes)
    .split('&')
    .filter((pair) => pair !== '');
  if (pairs.length > MAX_FIELDS) throw new Refusal('MALFORMED_REQUEST', 'The form has too many fields.');
  const form = new Map<string, string>();
  for (const pair of pairs) {
    const [name = '', ...value] = pair.split('=');
    const field = decoded(name);
    if (field === '__proto__' || form.has(field)) {
      throw new Refusal('MALFORMED_REQUEST', 'The form names a field twice, or one that cannot be.');
    }
    form.set(field, decoded(value.join('=')));
  }
  return Object.fromEntries(form);
}

function decoded(text: string): string {
  try {
    const plain = decodeURIComponent(text.replaceAll('+', ' '));
    refuseBrokenText(plain);
    return plain;
  } catch {
    throw new Refusal('MALFORMED_REQUEST', 'The form is not encoded as UTF-8.');
  }
}
