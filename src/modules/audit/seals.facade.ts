import { Injectable } from '@nestjs/common';
import { AuditKeys } from './application/seals/audit-keys.port';
import type { NewestSeal } from './application/seals/seals.port';
import type { Verification } from './application/seals/verify-audit-log';
import { VerifyOnRecord } from './application/seals/verify-on-record';
import type { Finding } from './domain/seals/finding';

export { type FileFindings, type Files, verifyFiles, verifyProof } from './infrastructure/seals/offline';
export type { Finding, NewestSeal, Verification };

/** The seals of the audit log as operators see them. Plain data in, plain data out. */
@Injectable()
export class SealsFacade {
  constructor(
    private readonly verifying: VerifyOnRecord,
    private readonly keys: AuditKeys,
  ) {}

  /** The whole log against its seals, however long it takes. */
  verify(): Promise<Verification> {
    return this.verifying.execute({ userId: null, tenantId: null, seesAll: true }, 0, null);
  }

  /** The public halves of the keys that seals are signed with, in PEM, the one that signs first; none before the first seal. */
  async publicKeys(): Promise<readonly string[]> {
    return (await this.keys.list()).map(({ publicKey }) => publicKey);
  }
}
