import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Principal } from '../../../../kernel/principal';
import { Requires } from '../../../../platform/http/access';
import { CurrentPrincipal } from '../../../../platform/http/current-principal';
import { UsageQueries } from '../../application/limits/usage-queries';
import { UsageQuery, UsageResponse } from './usage.dto';
import { usageCsv } from './usage-csv';

const CSV = 'text/csv';

type Reply = { header(name: string, value: string): unknown };

@ApiTags('Tenants')
@Controller('tenants/:id/usage')
export class UsageController {
  constructor(private readonly usage: UsageQueries) {}

  /** What the tenant has used, by days or months in UTC: as JSON, or for a billing system as CSV. */
  @Get()
  @Requires('tenant:read', 'NOT_FOUND', 'VALIDATION_FAILED')
  @ApiExtraModels(UsageResponse)
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(UsageResponse) } },
      [CSV]: { schema: { type: 'string' } },
    },
  })
  async read(
    @CurrentPrincipal() by: Principal,
    @Param('id') id: string,
    @Query() query: UsageQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<UsageResponse | string> {
    const usage = await this.usage.of(by, id, UsageQuery.spanOf(query));
    reply.header('Vary', 'Accept');
    if (!wantsCsv(query, accept)) return UsageResponse.from(usage);
    const { from, to } = usage.span;
    reply.header('Content-Type', `${CSV}; charset=utf-8; header=present`);
    reply.header('Content-Disposition', `attachment; filename="usage-${from}-${to}.csv"`);
    return usageCsv(usage);
  }
}

/** Who names both gets what everybody gets. */
function wantsCsv({ format }: UsageQuery, accept = ''): boolean {
  if (format !== undefined) return format === 'csv';
  const types = accept.split(',').map((type) => type.split(';')[0]?.trim().toLowerCase());
  return types.includes(CSV) && !types.includes('application/json');
}
