const LONGEST = 2000;

/**
 * Whether a browser may be sent there after a sign-in (RFC 9700, 2.1 and 4.11): nothing but an address that means to every
 * reader what it means to us, and whose origin, or which itself, is on the list. So it must be written as browsers write it
 * themselves (WHATWG URL), without credentials and fragment, and be https, or http to this very machine.
 */
export function isRedirectTarget(text: string, allowed: readonly string[]): boolean {
  const url = text.length <= LONGEST ? urlOf(text) : null;
  if (!url || !isWrittenAsRead(text, url) || !isPlain(url) || text.includes('#')) return false;
  return allowed.includes(url.origin) || allowed.includes(text);
}

/**
 * Whether the address itself is on the list, and not only by its origin: what is as good as half a secret goes to no page of an
 * application but the one that waits for it, for others may lead on to wherever somebody wants (RFC 9700, 4.11.1).
 */
export function isNamedTarget(text: string, allowed: readonly string[]): boolean {
  return isRedirectTarget(text, allowed) && allowed.includes(text) && text !== urlOf(text)?.origin;
}

/** The address with one more parameter, everything else as it was. */
export function withParameter(target: string, name: string, value: string): string {
  return `${target}${target.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
}

/** What a parser has to mend is read otherwise by the next one. An origin alone may do without its slash. */
function isWrittenAsRead(text: string, { href, origin }: URL): boolean {
  return text === href || (text === origin && href === `${origin}/`);
}

function isPlain({ protocol, hostname, username, password }: URL): boolean {
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname));
}

/** As WHATWG writes hosts: IPv4 in four decimal numbers, IPv6 in brackets and as short as can be. */
function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function urlOf(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
