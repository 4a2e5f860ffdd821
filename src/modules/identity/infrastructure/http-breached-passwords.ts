import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { HashingSettings, SignInSettings } from '../../../platform/config/settings';
import { Log } from '../../../platform/logging/log';
import { OutboundClient, OutboundFailed, OutboundRefused } from '../../../platform/network/outbound/outbound-client';
import { Clock } from '../../../platform/time/clock';
import { BreachedPasswords } from '../application/passwords/breached-passwords.port';

const HEADERS = { 'add-padding': 'true' };
/** From the question to the last byte of its answer. */
const TIMEOUT_MS = 2_000;
/** A range is about 40 KB, padding and all. */
const ANSWER_MAX_BYTES = 1_048_576;
const PREFIX_LENGTH = 5;
const LINE = /^([0-9A-F]{35}):(\d+)$/i;
/** While nobody answers, passwords are asked about one at a time and so far apart: sign-ins stand in the same line. */
const PAUSE_MS = 10_000;
const WARNINGS_APART_MS = 60_000;

/**
 * Asks a range API, as that of Have I Been Pwned: it is told the first 20 bits of a SHA-1 and answers with everything
 * that begins so (k-anonymity). What is asked is never logged, for it narrows a password down.
 */
@Injectable()
export class HttpBreachedPasswords extends BreachedPasswords {
  private notBefore: number | null = null;
  private warnedAt = -Infinity;
  private asking = 0;

  constructor(
    private readonly settings: SignInSettings,
    private readonly outbound: OutboundClient,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly hashing: HashingSettings,
  ) {
    super();
  }

  async has(password: string): Promise<boolean> {
    const { breachedPasswordsUrl: url } = this.settings;
    if (url === undefined || !this.mayAsk()) return false;
    this.asking += 1;
    const hash = createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase();
    try {
      const range = await this.rangeOf(`${url}/${hash.slice(0, PREFIX_LENGTH)}`);
      const found = isIn(range, hash.slice(PREFIX_LENGTH));
      this.notBefore = null;
      return found;
    } catch (error) {
      this.notBefore = this.clock.elapsedMs() + PAUSE_MS;
      this.warn(error);
      return false;
    } finally {
      this.asking -= 1;
    }
  }

  /** After a pause the first to come may, and the others wait for how that ends. */
  private mayAsk(): boolean {
    // Whoever asks holds a turn to hash, of two for each thread: slow answers must leave some to those who sign in.
    if (this.asking >= this.hashing.concurrency) return false;
    if (this.notBefore === null) return true;
    const now = this.clock.elapsedMs();
    if (now < this.notBefore) return false;
    this.notBefore = now + PAUSE_MS;
    return true;
  }

  private async rangeOf(address: string): Promise<string> {
    const request = { headers: HEADERS, timeoutMs: TIMEOUT_MS, maxBytes: ANSWER_MAX_BYTES };
    const answer = await this.outbound.fetch(address, { ...request, reads: isAnswer });
    if (!isAnswer(answer.status)) throw new Unanswered(`it answered with ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer()).toString('latin1');
  }

  private warn(error: unknown): void {
    const now = this.clock.elapsedMs();
    if (now - this.warnedAt < WARNINGS_APART_MS) return;
    this.warnedAt = now;
    this.log.warn(
      `Breached passwords cannot be looked up, so the list that is built in decides alone: ${reasonOf(error)}`,
    );
  }
}

/** No answer that can be read; the message is ours, and holds nothing of the question. */
class Unanswered extends Error {}

const isAnswer = (status: number): boolean => status === 200;

/** Lines of padding count 0. Throws Unanswered where it is not a range, as what a captive portal says. */
function isIn(range: string, suffix: string): boolean {
  const lines = range.split('\n').map((line) => line.trim());
  const known = lines.flatMap((line) => {
    const [, itsSuffix = '', count = ''] = LINE.exec(line) ?? [];
    return itsSuffix === '' ? [] : [{ suffix: itsSuffix.toUpperCase(), count: Number(count) }];
  });
  if (known.some((one) => one.suffix === suffix && one.count > 0)) return true;
  if (known.length < lines.filter((line) => line !== '').length) throw new Unanswered('its answer is not a range');
  return false;
}

/** A few words of ours; the messages of others may repeat the address that was asked. */
function reasonOf(error: unknown): string {
  if (error instanceof Unanswered) return error.message;
  return error instanceof OutboundFailed || error instanceof OutboundRefused ? error.reason : 'unknown';
}
