import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MasterKey } from './master-key';
import { Random } from './random';
import { sha256 } from './sha256';

/** What is sent to be typed, and what is kept of it. */
export type OneTimeCode = {
  /** Six digits. */
  readonly code: string;
  /** A million codes are soon tried, so their hashes are keyed with what is not in the database. */
  readonly codeHash: Buffer;
};

/** What is mailed, and what is kept of it. The same in every copy of the mail. The code is for whoever cannot follow links. */
export type OneTimeSecret = OneTimeCode & {
  /** 256 random bits in base64url, for a link. */
  readonly token: string;
  /** Its SHA-256: who reads the database cannot follow the link. */
  readonly tokenHash: Buffer;
};

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const LOOKS_LIKE_A_CODE = /(?<!\d)\d{6}(?!\d)/;
const CODES = 1_000_000;
const CODE = /^\d{6}$/;

/** Secrets that are sent to be used once: a link that cannot be guessed, and a code that may be tried a few times. */
@Injectable()
export class OneTimeSecrets {
  private readonly codeKey: Buffer;
  private readonly subjectKey: Buffer;

  constructor(
    private readonly random: Random,
    master: MasterKey,
  ) {
    this.codeKey = master.derive('one-time-code');
    this.subjectKey = master.derive('one-time-subject');
  }

  /** `id` names the row the hashes are kept in. */
  make(id: string): OneTimeSecret {
    const token = this.token();
    return { token, tokenHash: sha256(token), ...this.makeCode(id) };
  }

  /** As `make`, where there is nothing to follow. */
  makeCode(id: string): OneTimeCode {
    const code = String(this.random.below(CODES)).padStart(6, '0');
    return { code, codeHash: this.codeHashOf(id, code) };
  }

  /** By what a presented token is found; null when it cannot be one. */
  hashOf(token: string): Buffer | null {
    return TOKEN.test(token) ? sha256(token) : null;
  }

  /** Whether a code is that of the row, in equal time. */
  isCodeOf(id: string, codeHash: Buffer, code: string): boolean {
    return CODE.test(code) && timingSafeEqual(this.codeHashOf(id, code), codeHash);
  }

  /** By what the rows of an address are found, its case aside: whoever reads the table does not see whose they are. */
  keyOf(address: string): Buffer {
    return createHmac('sha256', this.subjectKey).update(address.toLowerCase()).digest();
  }

  /** Never with six digits in it that look like a code: whoever copies one out of a mail must find the right one. */
  private token(): string {
    const token = this.random.bytes(TOKEN_BYTES).toString('base64url');
    return LOOKS_LIKE_A_CODE.test(token) ? this.token() : token;
  }

  private codeHashOf(id: string, code: string): Buffer {
    return createHmac('sha256', this.codeKey).update(`${id}/${code}`).digest();
  }
}
