const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = BigInt(DIGITS.length);

/** A number of 0 or more in the digits 0-9, A-Z, a-z, with zeros in front of it up to `width`. */
export function base62(number: bigint, width: number): string {
  let text = '';
  for (let rest = number; rest > 0n; rest /= BASE) text = DIGITS.charAt(Number(rest % BASE)) + text;
  return text.padStart(width, '0');
}
