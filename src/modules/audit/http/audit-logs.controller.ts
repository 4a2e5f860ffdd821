import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { Requires, SignedIn } from '../../../platform/http/access';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { AuditQueries } from '../application/audit-queries';
import { ReadAuditLog } from '../application/read-audit-log';
import { readingOf } from '../application/reading';
import { AuditFilterQuery } from './audit-filter.dto';
import { AuditLogsQuery, AuditLogsResponse } from './audit-logs.dto';

@ApiTags('Audit')
@Controller()
export class AuditLogsController {
  constructor(
    private readonly queries: AuditQueries,
    private readonly reading: ReadAuditLog,
  ) {}

  /** What happened to the caller's own account, newest first. */
  @Get('auth/audit-logs')
  @SignedIn('VALIDATION_FAILED')
  async own(@CurrentPrincipal() by: Principal, @Query() query: AuditLogsQuery): Promise<AuditLogsResponse> {
    const page = await this.queries.ofUser(by.userId, AuditFilterQuery.filterOf(query), AuditLogsQuery.pageOf(query));
    return AuditLogsResponse.from(page);
  }

  /**
   * What happened in the active tenant, newest first; to a system administrator, in all of them. That it was read is an
   * event too.
   */
  @Get(['audit-logs', 'auth/audit-logs/all'])
  @Requires('audit:read', 'VALIDATION_FAILED')
  async all(@CurrentPrincipal() by: Principal, @Query() query: AuditLogsQuery): Promise<AuditLogsResponse> {
    const page = AuditLogsQuery.pageOf(query);
    return AuditLogsResponse.from(await this.reading.execute(readingOf(by), AuditFilterQuery.filterOf(query), page));
  }
}
