import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type BackupCodeSet, BackupCodeSets } from '../backup-codes/backup-code-sets';
import { FactorChanges } from '../factor-changes';
import { Factors } from '../factors.port';
import { type TotpInvitation, TotpInvitations } from './totp-invitations';

/** All that the user is shown, this once. */
export type TotpSetup = TotpInvitation & { readonly backupCodes: readonly string[] };

/**
 * Begins to set an authenticator app up. It proves nothing before a code of it was shown: until then the one there was stays
 * good, and so do the backup codes there were.
 */
@Injectable()
export class SetUpTotp {
  constructor(
    private readonly invitations: TotpInvitations,
    private readonly sets: BackupCodeSets,
    private readonly changes: FactorChanges,
    private readonly factors: Factors,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * `issuer`: what the app is to call this service; null: what it is called here. Throws MethodNotOffered, NotFound where
   * there is no such user, and Overloaded.
   */
  async execute(by: Principal, issuer: string | null): Promise<TotpSetup> {
    const { bytes, shown } = await this.invitations.make(by.userId, issuer);
    const set = await this.sets.draft();
    const isBegun = await this.work.run((now) => this.begin(by, bytes, set, now));
    if (!isBegun) throw new NotFound();
    return { ...shown, backupCodes: set.shown };
  }

  private async begin(by: Principal, secret: Uint8Array, set: BackupCodeSet, now: Date): Promise<boolean> {
    const { userId } = by;
    if (!(await this.changes.begin(userId))) return false;
    const factor = this.invitations.factorOf(userId, secret, now);
    await this.factors.begin(factor);
    await this.sets.keep(userId, set, factor.snapshot().id, now);
    await this.changes.begun(by, 'totp');
    return true;
  }
}
