import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A real browser, found on the machine: CHROMIUM_PATH, or the first of the usual names. Throws when there is none. `more` are
 * arguments of the command line.
 */
export function openChromium(...more: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath: executable(), args: [...ARGUMENTS, ...more] });
}

function executable(): string {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(':')];
  const usual = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = [process.env.CHROMIUM_PATH ?? '', ...usual].find((path) => path !== '' && existsSync(path));
  if (found === undefined) throw new Error('No Chromium on this machine: install it, or set CHROMIUM_PATH');
  return found;
}
