import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { TenantRules } from '../../../identity/tenant-rules.facade';
import { BackupCodes } from '../backup-codes.port';
import { FactorQueries, type FactorView } from './factor-queries';

/** What users see of their own second factors. */
export type Overview = {
  readonly factors: readonly FactorView[];
  readonly backupCodesRemaining: number;
  /** Whether a tenant of the user demands one. */
  readonly required: boolean;
};

/** Shows users their second factors. */
@Injectable()
export class FactorOverview {
  constructor(
    private readonly queries: FactorQueries,
    private readonly backupCodes: BackupCodes,
    private readonly rules: TenantRules,
  ) {}

  async of(user: UserId): Promise<Overview> {
    const [factors, backupCodesRemaining, { secondFactorDemanded: required }] = await Promise.all([
      this.queries.listOf(user),
      this.backupCodes.countOf(user),
      this.rules.of(user),
    ]);
    return { factors, backupCodesRemaining, required };
  }
}
