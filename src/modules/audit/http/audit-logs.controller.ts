import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { SignedIn } from '../../../platform/http/access';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { AuditQueries } from '../application/audit-queries';
import { AuditLogsQuery, AuditLogsResponse } from './audit-logs.dto';

@ApiTags('Audit')
@Controller('auth/audit-logs')
export class AuditLogsController {
  constructor(private readonly queries: AuditQueries) {}

  /** What happened to the caller's own account, newest first. */
  @Get()
  @SignedIn('VALIDATION_FAILED')
  async own(@CurrentPrincipal() by: Principal, @Query() query: AuditLogsQuery): Promise<AuditLogsResponse> {
    const page = await this.queries.ofUser(by.userId, AuditLogsQuery.filterOf(query), AuditLogsQuery.pageOf(query));
    return AuditLogsResponse.from(page);
  }
}
