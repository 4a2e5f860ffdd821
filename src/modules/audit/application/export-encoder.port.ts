import type { ExportFormat } from '../domain/export-format';
import type { Seal } from '../domain/seals/seal';
import type { AuditEventView } from './audit-queries';

/** How events are written down where they leave the service. */
export abstract class ExportEncoder {
  /** What stands before the first event. */
  abstract head(format: ExportFormat): string;

  /** Events as whole lines. */
  abstract lines(format: ExportFormat, events: readonly AuditEventView[]): string;

  /** Seals as lines of JSON. */
  abstract sealLines(seals: readonly Seal[]): string;
}
