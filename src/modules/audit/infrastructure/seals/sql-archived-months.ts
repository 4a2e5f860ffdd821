import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/database';
import { type ArchivedMonth, ArchivedMonths } from '../../application/seals/archived-months.port';
import { AuditKeys } from '../../application/seals/audit-keys.port';
import { SPELLING } from '../../application/seals/spelling';
import { archiveFieldsOf } from '../../domain/seals/archive-record';
import { instant } from '../stored-event';

type ArchiveRow = {
  readonly month: string;
  readonly through_seal: string;
  readonly events: string;
  readonly file_sha256: Buffer;
  readonly archived_at: string;
  readonly key_id: string;
  readonly signature: Buffer;
};

@Injectable()
export class SqlArchivedMonths extends ArchivedMonths {
  constructor(
    private readonly database: Database,
    private readonly keys: AuditKeys,
  ) {
    super();
  }

  async list(): Promise<readonly ArchivedMonth[]> {
    const rows = await this.database.reader.query<ArchiveRow[]>(
      `SELECT month::text, through_seal, events, file_sha256, ${instant('archived_at')} AS archived_at, key_id, signature
       FROM audit_archives ORDER BY month`,
    );
    const good: ArchivedMonth[] = [];
    for (const row of rows) {
      if (!(await this.isSigned(row))) continue;
      good.push({ month: row.month, throughSeal: Number(row.through_seal), archivedAt: row.archived_at });
    }
    return good;
  }

  private async isSigned(row: ArchiveRow): Promise<boolean> {
    const fields = archiveFieldsOf({
      month: row.month,
      throughSeal: Number(row.through_seal),
      events: Number(row.events),
      fileSha256: row.file_sha256.toString('hex'),
      archivedAt: row.archived_at,
      keyId: row.key_id,
    });
    const key = await this.keys.find(row.key_id);
    return key?.verifies(SPELLING.bytesOf(fields), row.signature) ?? false;
  }
}
