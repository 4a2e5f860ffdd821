import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../kernel/principal';
import { Requires } from '../../../platform/http/access';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { RateLimited } from '../../../platform/http/rate-limited';
import { RequestContext } from '../../../platform/http/request-context';
import { Log } from '../../../platform/logging/log';
import { ExportAuditLog, type ExportPiece } from '../application/export-audit-log';
import { readingOf } from '../application/reading';
import type { ExportFormat } from '../domain/export-format';
import { AuditExportQuery } from './audit-export.dto';
import { AuditFilterQuery } from './audit-filter.dto';

const TYPES: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
};

@ApiTags('Audit')
@Controller('audit-logs/export')
export class AuditExportController {
  constructor(
    private readonly exporting: ExportAuditLog,
    private readonly context: RequestContext,
    private readonly log: Log,
  ) {}

  /**
   * All events of the active tenant until now, oldest first, as a file; to a system administrator, those of all tenants. An
   * export that cannot be brought to its end breaks off: the connection closes without the last chunk.
   */
  @Get()
  @Requires('audit:read', 'VALIDATION_FAILED')
  @RateLimited({ name: 'audit_export', by: 'caller', uncounted: 'refuse' })
  @ApiOkResponse({
    content: {
      'application/x-ndjson': { schema: { type: 'string' } },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  async download(@CurrentPrincipal() by: Principal, @Query() query: AuditExportQuery): Promise<StreamableFile> {
    const { format = 'ndjson' } = query;
    const pieces = await this.exporting.execute({
      ...readingOf(by),
      filter: AuditFilterQuery.filterOf(query),
      format,
      order: 'oldest_first',
    });
    const lines = Readable.from(textsOf(pieces), { objectMode: false });
    const { requestId } = this.context.origin;
    lines.once('error', (error) => {
      this.log.failure('An export broke off', error, { request_id: requestId });
    });
    return new StreamableFile(lines, {
      type: TYPES[format],
      disposition: `attachment; filename="audit-log.${format}"`,
    });
  }
}

async function* textsOf(pieces: AsyncIterable<ExportPiece>): AsyncGenerator<string> {
  for await (const { text } of pieces) yield text;
}
