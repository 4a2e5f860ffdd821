import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/database';
import { ArchiveRecords } from '../../application/archive/archive-records.port';
import type { ArchiveRecord } from '../../domain/seals/archive-record';

@Injectable()
export class SqlArchiveRecords extends ArchiveRecords {
  constructor(private readonly database: Database) {
    super();
  }

  async add(record: ArchiveRecord, signature: Uint8Array): Promise<void> {
    const { month, throughSeal, events, fileSha256, archivedAt, keyId } = record;
    await this.database.writer.query(
      `INSERT INTO audit_archives (month, through_seal, events, file_sha256, archived_at, key_id, signature)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [month, throughSeal, events, Buffer.from(fileSha256, 'hex'), archivedAt, keyId, Buffer.from(signature)],
    );
  }
}
