import { Injectable } from '@nestjs/common';
import type { NumberedRecord } from '../../domain/event-record';
import type { LoggedEvent } from '../../domain/seals/logged-event';

/** Should nothing be sealed for long, the oldest are let go. */
const MOST = 10_000;

/**
 * What this process has committed and not yet seen sealed. Between the commit and the seal an event stands nowhere but in the
 * table: whoever deletes it then would leave no trace, if nobody remembered that it was there.
 */
@Injectable()
export class RecentEvents {
  private readonly records = new Map<number, NumberedRecord>();

  /** Once it is committed, and not before. */
  note(record: NumberedRecord): void {
    const [oldest] = this.records.size >= MOST ? this.records.keys() : [];
    if (oldest !== undefined) this.records.delete(oldest);
    this.records.set(Number(record.sequence), record);
  }

  /** The highest number of them; 0: there is none. */
  newest(): number {
    return Math.max(0, ...this.records.keys());
  }

  /** What is sealed is remembered by its seal. */
  forgetThrough(sequence: number): void {
    for (const number of this.records.keys()) if (number <= sequence) this.records.delete(number);
  }

  /** Those up to a number that are not among the events found, which they should be. */
  lostAmong(found: readonly LoggedEvent[], through: number): readonly LoggedEvent[] {
    const there = new Set(found.map(({ record }) => Number(record.sequence)));
    return [...this.records]
      .filter(([number]) => number <= through && !there.has(number))
      .map(([, record]) => ({ record, authorship: 'signed', isSound: true }));
  }
}
