import { Injectable } from '@nestjs/common';
import type { AuditEventView } from '../../application/audit-queries';
import { ExportEncoder } from '../../application/export-encoder.port';
import type { ExportFormat } from '../../domain/export-format';
import type { Seal } from '../../domain/seals/seal';
import { eventLineOf } from '../lines/event-lines';
import { sealLineOf } from '../lines/seal-lines';
import { csvHead, csvLinesOf } from './csv-lines';

@Injectable()
export class LineExportEncoder extends ExportEncoder {
  head(format: ExportFormat): string {
    return format === 'csv' ? csvHead() : '';
  }

  lines(format: ExportFormat, events: readonly AuditEventView[]): string {
    return format === 'csv' ? csvLinesOf(events) : events.map((event) => `${eventLineOf(event)}\n`).join('');
  }

  sealLines(seals: readonly Seal[]): string {
    return seals.map((seal) => `${sealLineOf(seal)}\n`).join('');
  }
}
