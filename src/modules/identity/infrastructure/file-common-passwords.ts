import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { CommonPasswords } from '../application/passwords/common-passwords.port';

/** Beside this file, in `src` and `dist` alike. Where it comes from stands there too. */
const FILE = join(__dirname, 'common-passwords', 'passwords.txt');

/** Read at the start, so that a missing list stops it. It takes one to two megabytes of memory. */
@Injectable()
export class FileCommonPasswords extends CommonPasswords {
  private readonly all: ReadonlySet<string> = new Set(readFileSync(FILE, 'utf8').trimEnd().split('\n'));

  has(password: string): boolean {
    return this.all.has(password.toLowerCase());
  }
}
