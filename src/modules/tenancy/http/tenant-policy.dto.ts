import { IsIn, IsOptional } from 'class-validator';
import type { TenantPolicy } from '../domain/tenant-policy';

export class TenantPolicyRequest {
  /**
   * What becomes of a refresh token that is presented by what looks like another device: it is always audited.
   * @example "refuse"
   */
  @IsOptional()
  @IsIn(['allow', 'refuse'])
  refresh_from_new_device?: 'allow' | 'refuse';
}

/** What a tenant decides for the sessions of its members. */
export class TenantPolicyResponse {
  /** @example "allow" */
  refresh_from_new_device!: 'allow' | 'refuse';

  static from({ refreshFromNewDevice }: TenantPolicy): TenantPolicyResponse {
    return Object.assign(new TenantPolicyResponse(), { refresh_from_new_device: refreshFromNewDevice });
  }
}
