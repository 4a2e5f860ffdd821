import { Injectable } from '@nestjs/common';
import type { Month } from '../../domain/archive/due-months';
import type { NumberedRecord } from '../../domain/event-record';
import { type Checked, checkedSeal, type Verdict } from '../../domain/seals/chain';
import { comparedWith } from '../../domain/seals/compare';
import type { Finding } from '../../domain/seals/finding';
import type { LoggedEvent } from '../../domain/seals/logged-event';
import type { Seal } from '../../domain/seals/seal';
import { AuditKeys } from '../seals/audit-keys.port';
import { SPELLING } from '../seals/spelling';
import { ArchiveFiles } from './archive-files.port';

export type CheckedArchive = {
  readonly findings: readonly Finding[];
  readonly events: number;
  /** The number of the last event; null: there is none. */
  readonly last: string | null;
  /** The last of its seals; 0: there is none. */
  readonly throughSeal: number;
};

/** Holds what lies in the files of a month to its seals, as whoever has nothing but them would. */
@Injectable()
export class CheckArchive {
  constructor(
    private readonly files: ArchiveFiles,
    private readonly keys: AuditKeys,
  ) {}

  /** Throws what reading the files throws. */
  async execute(folder: string, month: Month): Promise<CheckedArchive> {
    const { records, seals } = this.files.read(folder, month);
    const reading = new Reading(records[Symbol.asyncIterator]());
    const findings: Finding[] = [];
    let before: Checked | null = null;
    for await (const seal of seals) {
      const check = checkedSeal(SPELLING, seal, behind(before, seal), await this.verdictOf(seal));
      const events = await reading.through(seal.payload.lastSequence);
      findings.push(...check.findings, ...comparedWith(SPELLING, seal, events, 'whole'));
      if (seal.payload.month !== month)
        findings.push({ ...NOWHERE, seal: seal.payload.number, reason: 'seal_altered' });
      before = check.checked;
    }
    // What no seal covers was added behind them.
    const unsealed = await reading.through(Infinity);
    findings.push(...unsealed.map(({ record }) => insertedAt(record)));
    return { findings, events: reading.count, last: reading.last, throughSeal: before?.number ?? 0 };
  }

  private async verdictOf({ payload, signature }: Seal): Promise<(bytes: Uint8Array) => Verdict> {
    const key = await this.keys.find(payload.keyId);
    return (bytes) => (key === null ? 'unknown' : key.verifies(bytes, signature) ? 'good' : 'bad');
  }
}

const NOWHERE = { sequence: 0, eventId: null } as const;

/** Seals of other months may stand between two of one month: where one is left out, each stands for itself. */
function behind(before: Checked | null, { payload }: Seal): Checked | null {
  return before !== null && payload.number > before.number + 1 ? null : before;
}

function insertedAt({ sequence, id }: NumberedRecord): Finding {
  return { sequence: Number(sequence), eventId: id, seal: null, reason: 'inserted' };
}

/** Records one after the other, as far as they are asked for. */
class Reading {
  count = 0;
  last: string | null = null;
  private next: NumberedRecord | null = null;

  constructor(private readonly records: AsyncIterator<NumberedRecord, unknown>) {}

  async through(sequence: number): Promise<readonly LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    for (;;) {
      const record = this.next ?? (await this.following());
      if (record === null || Number(record.sequence) > sequence) {
        this.next = record;
        return events;
      }
      this.next = null;
      this.count += 1;
      this.last = record.sequence;
      // Who wrote it was looked at when it was sealed; here is none of the keys that tell.
      events.push({ record, authorship: 'signed', isSound: true });
    }
  }

  private async following(): Promise<NumberedRecord | null> {
    const next = await this.records.next();
    return next.done === true ? null : next.value;
  }
}
