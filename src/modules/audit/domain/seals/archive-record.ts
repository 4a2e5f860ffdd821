/** What is signed when the events of a month have gone to a file. */
export type ArchiveRecord = {
  /** The first day of the month (UTC). */
  readonly month: string;
  /** The last of its seals. */
  readonly throughSeal: number;
  readonly events: number;
  /** Of the file, in hex. */
  readonly fileSha256: string;
  /** ISO 8601, UTC. */
  readonly archivedAt: string;
  readonly keyId: string;
};

const VERSION = 1;

/** In the names of the contract. Of this the canonical JSON is signed. */
export function archiveFieldsOf(record: ArchiveRecord): Readonly<Record<string, unknown>> {
  return {
    version: VERSION,
    month: record.month,
    through_seal: record.throughSeal,
    events: record.events,
    file_sha256: record.fileSha256,
    archived_at: record.archivedAt,
    key_id: record.keyId,
  };
}
