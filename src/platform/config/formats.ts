import { createPrivateKey, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { isLoopback } from '../network/loopback';

/** A URL of one of the schemes, or null. */
function urlOf(text: string, ...schemes: readonly string[]): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return schemes.includes(url.protocol) && url.hostname !== '' ? url : null;
}

/** An http(s) address without query, fragment, credentials or a slash at its end. */
export function isBaseUrl(text: string): boolean {
  const url = urlOf(text, 'http:', 'https:');
  return url !== null && !text.endsWith('/') && url.search === '' && url.hash === '' && url.username === '';
}

/** An origin as browsers send it: scheme, host and port alone. */
export function isOrigin(text: string): boolean {
  return !text.includes('*') && urlOf(text, 'http:', 'https:')?.origin === text;
}

/** An origin, or a whole http(s) address as browsers write it, without credentials and fragment. */
export function isRedirectTarget(text: string): boolean {
  if (isOrigin(text)) return true;
  const url = urlOf(text, 'http:', 'https:');
  return url !== null && url.href === text && url.username === '' && url.password === '' && !text.includes('#');
}

export function isPostgresUrl(text: string): boolean {
  const url = urlOf(text, 'postgres:', 'postgresql:');
  if (url === null) return false;
  try {
    decodeURIComponent(url.username + url.password + url.pathname);
    return true;
  } catch {
    return false;
  }
}

export const isRedisUrl = (text: string): boolean => urlOf(text, 'redis:', 'rediss:') !== null;
export const isSmtpUrl = (text: string): boolean => urlOf(text, 'smtp:', 'smtps:') !== null;
export const isHttpUrl = (text: string): boolean => urlOf(text, 'http:', 'https:') !== null;

/** An http(s) address requests can be sent to: `fetch` takes no credentials in it. */
export function isCallableUrl(text: string): boolean {
  const url = urlOf(text, 'http:', 'https:');
  return url !== null && url.username === '' && url.password === '';
}

/** Whether nobody between can read what is sent to an http(s) address: by TLS, or because it stays on this machine. */
export function isPrivateUrl(text: string): boolean {
  const url = urlOf(text, 'http:', 'https:');
  return url !== null && (url.protocol === 'https:' || isLoopback(url.hostname));
}

/** An IP address, or a block of them in CIDR notation. */
export function isAddressBlock(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/** A bucket that takes longer than this to fill is no limit of a rate any more. */
const LONGEST_FILL_SECONDS = 31_536_000;

/** Requests a window of seconds allows, and how many may come at once: `10/60/20`. */
export function isRateLimit(text: string): boolean {
  if (!/^[1-9]\d{0,5}\/[1-9]\d{0,5}(\/[1-9]\d{0,5})?$/.test(text)) return false;
  const [count = 1, seconds = 1, burst = count] = text.split('/').map(Number);
  return (burst * seconds) / count <= LONGEST_FILL_SECONDS;
}

/** One signal of a risk score and what it weighs, 0 to 100: `new_device=20`. Whether there is such a signal is asked later. */
export const isRiskWeight = (text: string): boolean => /^[a-z_]{1,40}=(100|\d{1,2})$/.test(text);

/** What a prefix of an API key may look like: told apart from other tokens by its first three characters. */
export const isApiKeyPrefix = (text: string): boolean => /^dw_[a-z0-9]{1,16}_$/.test(text);

/**
 * 32 random bytes in base64. A key somebody typed (all printable letters, or few different bytes) is an example
 * copied from somewhere: chance makes one in fewer than one of 10^12 keys.
 */
export function isMasterKey(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 32 || bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) return false;
  const typed = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return !typed && new Set(bytes).size >= 12;
}

/** At least 32 bytes, and not a phrase copied from a tutorial. */
export function isSharedSecret(text: string): boolean {
  return Buffer.byteLength(text) >= 32 && new Set(text).size >= 12 && !/change.?me|secret|example|password/i.test(text);
}

/** A private key in PEM, its line ends perhaps written as \\n; null for any other text. */
export function privateKeyOf(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem.replaceAll('\\n', '\n'));
  } catch {
    return null;
  }
}

const SMALLEST_RSA_BITS = 2048;

/** Whether a key may sign with the algorithm: P-256 for ES256, Ed25519 for EdDSA, RSA of at least 2048 bits else (RFC 7518, 8037). */
export function fitsAlgorithm(
  { asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject,
  algorithm: string,
): boolean {
  if (algorithm === 'ES256') return type === 'ec' && details?.namedCurve === 'prime256v1';
  if (algorithm === 'EdDSA') return type === 'ed25519';
  return type === 'rsa' && (details?.modulusLength ?? 0) >= SMALLEST_RSA_BITS;
}
