import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import Bowser from 'bowser';
import { type ClientTraits, Devices } from '../../application/sessions/devices.port';

type Known = {
  readonly program: string | undefined;
  readonly system: string | undefined;
  readonly kind: string | undefined;
};

/** To be raised when the same headers give another fingerprint, by a new release of the library for one. */
const VERSION = 1;

/** `curl/8.5.0`, `python-requests/2.31`: what stands before the slash is the program. */
const PRODUCT = /^[A-Za-z][\w-]{0,39}(?=$|[\s/])/;

/** Of a program it does not know, the library makes a name out of whatever it reads. */
const KNOWN_PROGRAMS = new Set<string | undefined>(Object.values(Bowser.BROWSER_MAP));

@Injectable()
export class BowserDevices extends Devices {
  /** Versions are left out: a browser that updates itself stays the same device. */
  fingerprint({ userAgent, acceptLanguage }: ClientTraits): string {
    const { program, system, kind } = known(userAgent);
    const [language = ''] = (acceptLanguage ?? '').toLowerCase().split(/[,;]/);
    const stable = [program, system, kind, language.trim()];
    return `${VERSION}.${createHash('sha256').update(JSON.stringify(stable)).digest('base64url')}`;
  }

  label(userAgent: string | null): string {
    const { program, system } = known(userAgent);
    if (program === undefined) return system ?? 'Unknown device';
    return system === undefined ? program : `${program} on ${system}`;
  }
}

function known(userAgent: string | null): Known {
  if (userAgent === null || userAgent === '') return { program: undefined, system: undefined, kind: undefined };
  const { browser, os, platform } = Bowser.parse(userAgent);
  // A label goes into mails: no text of somebody else's choice beyond one plain word.
  const program = KNOWN_PROGRAMS.has(browser.name) ? browser.name : PRODUCT.exec(userAgent)?.[0];
  return { program, system: os.name, kind: platform.type };
}
