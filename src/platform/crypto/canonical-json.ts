import canonicalize from 'canonicalize';

/**
 * The one spelling of a JSON value (RFC 8785), for what is hashed or signed. Throws TypeError for what is no JSON.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('What is no JSON has no canonical form');
  return text;
}
