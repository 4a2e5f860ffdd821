import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { LoggedEvents } from './logged-events.port';
import { SealAuditLog } from './seal-audit-log';
import { Seals } from './seals.port';

const PAUSE_MS = 50;
/** In a row, without one event more that is sealed: who writes is through long before. */
const MOST_PAUSES = 30;

/** Seals all there is at this moment, as far as it can be: writers may hold it up, and so may somebody who means to. */
@Injectable()
export class SealPending {
  constructor(
    private readonly sealing: SealAuditLog,
    private readonly events: LoggedEvents,
    private readonly seals: Seals,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns the highest number there was when it began. Whether all up to it is sealed is for the caller to see. */
  async execute(hasTime: () => boolean): Promise<number> {
    const through = await this.work.overAllTenants(() => this.events.newest());
    let last = await this.last();
    for (let pauses = 0; last < through && pauses < MOST_PAUSES && hasTime(); pauses += 1) {
      // A chain that was tampered with may take no further seal: then what is there is what is looked at.
      const sealed = await this.sealing.execute(hasTime).catch(() => null);
      if (sealed === null) break;
      const now = await this.last();
      if (now > last) pauses = 0;
      else await pause(PAUSE_MS);
      last = now;
    }
    return through;
  }

  private async last(): Promise<number> {
    return (await this.seals.newest())?.lastSequence ?? 0;
  }
}
