import Bowser from 'bowser';

/** What a client says it is, as far as that is known. Versions are left out: one that updates itself stays the same. */
export type UserAgent = {
  readonly program: string | undefined;
  readonly system: string | undefined;
  readonly kind: string | undefined;
};

/** `curl/8.5.0`, `python-requests/2.31`: what stands before the slash is the program. */
const PRODUCT = /^[A-Za-z][\w-]{0,39}(?=$|[\s/])/;

/** Of a program it does not know, the library makes a name out of whatever it reads. */
const KNOWN_PROGRAMS = new Set<string | undefined>(Object.values(Bowser.BROWSER_MAP));

/** Reads the header of that name (RFC 9110, 10.1.5). */
export function userAgentOf(header: string | null): UserAgent {
  if (header === null || header === '') return { program: undefined, system: undefined, kind: undefined };
  const { browser, os, platform } = Bowser.parse(header);
  // A label goes into mails: no text of somebody else's choice beyond one plain word.
  const program = KNOWN_PROGRAMS.has(browser.name) ? browser.name : PRODUCT.exec(header)?.[0];
  return { program, system: os.name, kind: platform.type };
}

/** For people: `Firefox on Windows`. */
export function deviceLabel(header: string | null): string {
  const { program, system } = userAgentOf(header);
  if (program === undefined) return system ?? 'Unknown device';
  return system === undefined ? program : `${program} on ${system}`;
}
