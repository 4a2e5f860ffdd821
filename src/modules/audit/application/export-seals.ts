import { Injectable } from '@nestjs/common';
import { ExportEncoder } from './export-encoder.port';
import { SealAuditLog } from './seals/seal-audit-log';
import { Seals } from './seals/seals.port';

/** Each may hold a thousand hashes. */
const RUN = 50;

/** All seals there are, by which an export can be checked where the database is not. */
@Injectable()
export class ExportSeals {
  constructor(
    private readonly seals: Seals,
    private readonly sealing: SealAuditLog,
    private readonly encoder: ExportEncoder,
  ) {}

  /** What can be sealed by now is. The lines come as they are wanted. */
  async execute(): Promise<AsyncIterable<string>> {
    await this.sealing.execute();
    return this.texts();
  }

  private async *texts(): AsyncGenerator<string> {
    for (let last = 0; ;) {
      const run = await this.seals.after(last, RUN);
      if (run.length > 0) yield this.encoder.sealLines(run);
      last = run.at(-1)?.payload.number ?? last;
      if (run.length < RUN) return;
    }
  }
}
