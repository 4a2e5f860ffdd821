import type { ArchiveRecord } from '../../domain/seals/archive-record';

/** Which months have gone to files, for ever. */
export abstract class ArchiveRecords {
  /** Within the unit of work that removes the events. */
  abstract add(record: ArchiveRecord, signature: Uint8Array): Promise<void>;
}
