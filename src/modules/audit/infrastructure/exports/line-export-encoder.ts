import { Injectable } from '@nestjs/common';
import type { AuditEventView } from '../../application/audit-queries';
import { ExportEncoder } from '../../application/export-encoder.port';
import type { ExportFormat } from '../../domain/export-format';
import { eventLineOf } from '../lines/event-lines';
import { csvHead, csvLinesOf } from './csv-lines';

@Injectable()
export class LineExportEncoder extends ExportEncoder {
  head(format: ExportFormat): string {
    return format === 'csv' ? csvHead() : '';
  }

  lines(format: ExportFormat, events: readonly AuditEventView[]): string {
    return format === 'csv' ? csvLinesOf(events) : events.map((event) => `${eventLineOf(event)}\n`).join('');
  }
}
