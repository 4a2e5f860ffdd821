import { ApiProperty } from '@nestjs/swagger';
import type { PersonalExport } from '../application/export-personal-data';

/** Everything that is held about a user. */
export class PersonalDataResponse {
  /** @example "2026-11-21T12:00:00.000Z" */
  exported_at!: string;

  /** By section, such as `account`, `sessions` or `audit_events`: a list of records each. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'object', additionalProperties: true } },
  })
  data!: PersonalExport['records'];

  static from({ records, at }: PersonalExport): PersonalDataResponse {
    return Object.assign(new PersonalDataResponse(), { exported_at: at.toISOString(), data: records });
  }
}
