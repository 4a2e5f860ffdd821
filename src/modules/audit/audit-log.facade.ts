import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../kernel/ids';
import type { Follower } from './application/arrivals.port';
import type { AuditEventView, AuditFilter, AuditPage, AuditPageRequest, RunOrder } from './application/audit-queries';
import { ExportAuditLog, type ExportPiece } from './application/export-audit-log';
import { ExportSeals } from './application/export-seals';
import { FollowAuditLog, type Followed } from './application/follow-audit-log';
import { ReadAuditLog } from './application/read-audit-log';
import { operatorsReading } from './application/reading';
import { EXPORT_FORMATS, type ExportFormat } from './domain/export-format';

export { AuditFilterQuery } from './http/audit-filter.dto';
export { AuditEventResponse } from './http/audit-logs.dto';
export { EXPORT_FORMATS };
export type { AuditEventView, ExportPiece, AuditFilter, AuditPage, ExportFormat, Followed, Follower };

export type ExportForm = { readonly format: ExportFormat; readonly order: RunOrder };

/** The audit log as operators read it: of one tenant or, with null, of all. Each call is recorded before it answers. */
@Injectable()
export class AuditLogFacade {
  constructor(
    private readonly reading: ReadAuditLog,
    private readonly following: FollowAuditLog,
    private readonly exporting: ExportAuditLog,
    private readonly exportingSeals: ExportSeals,
  ) {}

  /** Newest first. */
  list(tenant: TenantId | null, filter: AuditFilter, page: AuditPageRequest): Promise<AuditPage> {
    return this.reading.execute(operatorsReading(tenant), filter, page);
  }

  /** The last so many, and whatever comes from now on. */
  follow(tenant: TenantId | null, filter: AuditFilter, last: number): Promise<Followed> {
    return this.following.execute(operatorsReading(tenant), filter, last);
  }

  /** As a file: oldest first, or as seals have them. */
  export(
    tenant: TenantId | null,
    filter: AuditFilter,
    { format, order }: ExportForm,
  ): Promise<AsyncIterable<ExportPiece>> {
    return this.exporting.execute({ ...operatorsReading(tenant), filter, format, order });
  }

  /**
   * The seals up to now, as lines of a file, for an export that is begun afterwards. They tell of no event, so that they
   * are read is none.
   */
  sealsUpToNow(): Promise<AsyncIterable<string>> {
    return this.exportingSeals.upToNow();
  }
}
