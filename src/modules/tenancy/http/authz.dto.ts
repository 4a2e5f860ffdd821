import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional } from 'class-validator';
import { ValidationFailed } from '../../../kernel/domain-error';
import type { Verdict } from '../domain/verdict';
import { IsPermission, IsPermissionCheck } from './permission-fields';

const MOST_CHECKS = 100;
const REASONS = ['granted', 'not_granted', 'beyond_key'];

export class PermissionCheck {
  /** @example "detector:read" */
  permission!: string;
}

/** One question or several, about the caller alone. */
@ApiExtraModels(PermissionCheck)
export class AuthzCheckRequest {
  /**
   * `resource:action`; with a star, whether all of it is permitted.
   * @example "detector:read"
   */
  @IsOptional()
  @IsPermission()
  permission?: string | null;

  /** 1 to 100 questions, in the place of one: `{"permission": "detector:read"}`, or the permission alone. */
  @ApiProperty({
    type: 'array',
    items: { oneOf: [{ $ref: getSchemaPath(PermissionCheck) }, { type: 'string' }] },
    example: [{ permission: 'detector:read' }, { permission: 'dataset:*' }],
    required: false,
    nullable: true,
    minItems: 1,
    maxItems: MOST_CHECKS,
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_CHECKS)
  @IsPermissionCheck()
  checks?: (PermissionCheck | string)[] | null;

  /** Throws ValidationFailed when there is neither, or both. */
  static permissionsOf({ permission, checks }: AuthzCheckRequest): readonly string[] {
    const listed = (checks ?? []).map((check) => (typeof check === 'string' ? check : check.permission));
    const asked = [...listed, ...(permission == null ? [] : [permission])];
    if ((permission == null) === (checks == null)) {
      const message = 'Give either one permission or a list of checks.';
      throw new ValidationFailed([{ field: 'permission', code: 'FIELD_INVALID', message }]);
    }
    return asked;
  }
}

export class ViaResponse {
  /**
   * The name of a role; `system administrator`, which no role is called, where none of the caller's grants it and they are one.
   * @example "viewer"
   */
  role!: string;
  /** @example "detector:read" */
  permission!: string;
}

export class VerdictResponse {
  /** What was asked about. */
  permission!: string;
  allowed!: boolean;
  /**
   * `not_granted`: no role of the caller grants it. `beyond_key`: a role of the owner does, and the API key was not
   * given it.
   */
  @ApiProperty({ enum: REASONS, example: 'granted' })
  reason!: Verdict['reason'];
  /** The role that grants it, and by which of its permissions; null: none does. */
  @ApiProperty({ type: ViaResponse, nullable: true })
  via!: ViaResponse | null;

  static from(permission: string, { allowed, reason, via }: Verdict): VerdictResponse {
    const shown = via && Object.assign(new ViaResponse(), { role: via.role, permission: via.permission });
    return Object.assign(new VerdictResponse(), { permission, allowed, reason, via: shown });
  }
}

export class VerdictsResponse {
  /** In the order of the questions. */
  results!: VerdictResponse[];

  static from(permissions: readonly string[], verdicts: readonly Verdict[]): VerdictsResponse {
    const results = verdicts.map((verdict, at) => VerdictResponse.from(permissions[at] ?? '', verdict));
    return Object.assign(new VerdictsResponse(), { results });
  }
}
