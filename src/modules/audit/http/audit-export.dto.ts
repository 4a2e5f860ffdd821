import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { EXPORT_FORMATS, type ExportFormat } from '../domain/export-format';
import { AuditFilterQuery } from './audit-filter.dto';

export class AuditExportQuery extends AuditFilterQuery {
  /** One JSON object a line, which can be checked against the seals; or CSV for people. */
  @ApiProperty({ required: false, enum: EXPORT_FORMATS, default: 'ndjson' })
  @IsOptional()
  @IsIn(EXPORT_FORMATS)
  format?: ExportFormat;
}
