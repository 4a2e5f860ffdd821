import type { Month } from '../../domain/archive/due-months';
import type { Seal } from '../../domain/seals/seal';
import type { FiledLog } from '../seals/hold-together';

/** What has been written for a month. */
export type ArchiveFile = {
  readonly path: string;
  /** SHA-256 of the file as it lies there, in hex. */
  readonly fileSha256: string;
  /** The same of what is in it, before it was compressed. */
  readonly contentSha256: string;
};

/** Archives as files: `2026-01.ndjson.gz` with the events and `2026-01.seals.ndjson` with their seals. */
export abstract class ArchiveFiles {
  /** On the disk when it returns. Whole or not at all: what is not written to its end does not get the name. */
  abstract writeEvents(folder: string, month: Month, lines: AsyncIterable<string>): Promise<ArchiveFile>;

  /** As the events. Seals of other months in between are written as links. */
  abstract writeSeals(folder: string, month: Month, seals: AsyncIterable<Seal>): Promise<ArchiveFile>;

  /** The same as lies there now. */
  abstract lying(folder: string, month: Month): Promise<{ readonly events: ArchiveFile; readonly seals: ArchiveFile }>;

  /** Throws MalformedLine, or what reading throws. */
  abstract read(folder: string, month: Month): FiledLog;
}
