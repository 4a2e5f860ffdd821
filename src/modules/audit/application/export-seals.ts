import { Injectable } from '@nestjs/common';
import { ExportEncoder } from './export-encoder.port';
import { SealPending } from './seals/seal-pending';
import { Seals } from './seals/seals.port';

/** Each may hold a thousand hashes. */
const RUN = 50;

/** The seals by which an export can be checked where the database is not. */
@Injectable()
export class ExportSeals {
  constructor(
    private readonly seals: Seals,
    private readonly pending: SealPending,
    private readonly encoder: ExportEncoder,
  ) {}

  /**
   * All seals up to now, once what can be sealed is. To be called before the events are read: an export begun later has
   * all that these seals cover. The lines come as they are wanted.
   */
  async upToNow(): Promise<AsyncIterable<string>> {
    await this.pending.execute(() => true);
    return this.texts((await this.seals.newest())?.number ?? 0);
  }

  private async *texts(newest: number): AsyncGenerator<string> {
    for (let last = 0; last < newest;) {
      const run = await this.seals.after(last, Math.min(RUN, newest - last));
      if (run.length === 0) return;
      yield this.encoder.sealLines(run);
      last = run.at(-1)?.payload.number ?? newest;
    }
  }
}
