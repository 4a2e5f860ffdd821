import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { Requires } from '../../../platform/http/access';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { readingOf } from '../application/reading';
import { SummariseAuditLog } from '../application/summarise-audit-log';
import { AuditSummaryQuery, AuditSummaryResponse } from './audit-summary.dto';

@ApiTags('Audit')
@Controller('audit-logs/summary')
export class AuditSummaryController {
  constructor(private readonly summarising: SummariseAuditLog) {}

  /** How often what happened in the active tenant, day by day in UTC; to a system administrator, in all tenants. */
  @Get()
  @Requires('audit:read', 'VALIDATION_FAILED')
  async read(@CurrentPrincipal() by: Principal, @Query() query: AuditSummaryQuery): Promise<AuditSummaryResponse> {
    const { subject } = readingOf(by);
    return AuditSummaryResponse.from(await this.summarising.execute(subject, AuditSummaryQuery.wantedOf(query)));
  }
}
