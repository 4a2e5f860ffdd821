import { IsIn } from 'class-validator';
import { EXPORT_FORMATS, type ExportFormat } from '../domain/export-format';
import { AuditFilterQuery } from './audit-filter.dto';

export class AuditExportQuery extends AuditFilterQuery {
  /** One JSON object a line, which can be checked against the seals; or CSV for people. */
  @IsIn(EXPORT_FORMATS)
  format!: ExportFormat;
}
