import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { TenantPolicy } from '../domain/tenant-policy';

export class TenantPolicyRequest {
  /**
   * What becomes of a refresh token that is presented by what looks like another device: it is always audited.
   * @example "refuse"
   */
  @IsOptional()
  @IsIn(['allow', 'refuse'])
  refresh_from_new_device?: 'allow' | 'refuse';

  /**
   * Sign-ins whose risk score is at or above this ask for a second factor; null: none does because of its score. Until
   * second factors arrive such sign-ins are refused.
   * @example 50
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  mfa_above_risk?: number | null;
}

/** What a tenant decides for the sessions of its members. */
export class TenantPolicyResponse {
  /** @example "allow" */
  refresh_from_new_device!: 'allow' | 'refuse';
  /**
   * Sign-ins whose risk score is at or above this ask for a second factor; null: none does because of its score. Until
   * second factors arrive such sign-ins are refused.
   * @example 50
   */
  mfa_above_risk!: number | null;

  static from({ refreshFromNewDevice, secondFactorAboveRisk }: TenantPolicy): TenantPolicyResponse {
    return Object.assign(new TenantPolicyResponse(), {
      refresh_from_new_device: refreshFromNewDevice,
      mfa_above_risk: secondFactorAboveRisk,
    });
  }
}
