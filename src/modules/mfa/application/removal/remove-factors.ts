import { Injectable } from '@nestjs/common';
import { NotFound, RateLimitExceeded } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import {
  IdentityFacade,
  InvalidCredentials,
  type PasswordProof,
  type PasswordRefusal,
} from '../../../identity/identity.facade';
import { LockoutFacade } from '../../../identity/lockout.facade';
import { LastFactor, WrongFactorCode } from '../../domain/errors';
import { PrepareCode } from '../backup-codes/prepare-code';
import { FactorRemoval, type Removal, type RemovalTarget } from './factor-removal';

/** What users prove before a factor of theirs goes: the password, and a code of any factor they have. */
export type RemovalProof = { readonly password: string; readonly code: string };

type Outcome = Removal | { readonly kind: 'not_proven' };

/** Takes one's own second factors away: one, or all. The password is looked at before the code is. */
@Injectable()
export class RemoveFactors {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly lockouts: LockoutFacade,
    private readonly preparing: PrepareCode,
    private readonly removal: FactorRemoval,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Throws InvalidCredentials when the password is wrong; NotFound when there is no such factor; LastFactor when a tenant
   * demands one and this would be the last; WrongFactorCode; RateLimitExceeded after too many wrong codes of the account;
   * Overloaded.
   */
  async execute(by: Principal, target: RemovalTarget, { password, code }: RemovalProof): Promise<void> {
    const verification = await this.identity.provePassword(by.userId, by.sessionId, password);
    const outcome = await this.lockouts.orAbandon(verification.attempt, () =>
      verification.kind === 'proven' ? this.remove(by, target, verification, code) : this.refuse(by, verification),
    );
    // Refused only after the commit, so that attempts stay on record.
    refuse(outcome);
  }

  private async remove(by: Principal, target: RemovalTarget, proof: PasswordProof, code: string): Promise<Outcome> {
    const prepared = await this.preparing.execute(by.userId, { method: null, code });
    return this.work.run(async () => {
      if (!(await this.identity.isStillProven(proof))) {
        await this.removal.refused(by, 'changed_meanwhile');
        await this.lockouts.settle(proof.attempt, 'released');
        return { kind: 'not_proven' };
      }
      const outcome = await this.removal.decide(by, target, prepared);
      await this.lockouts.settle(proof.attempt, 'passed');
      return outcome;
    });
  }

  private refuse(by: Principal, { attempt, outcome, reason }: PasswordRefusal): Promise<Outcome> {
    return this.work.run(async () => {
      await this.removal.refused(by, reason);
      await this.lockouts.settle(attempt, outcome);
      return { kind: 'not_proven' };
    });
  }
}

function refuse(outcome: Outcome): void {
  switch (outcome.kind) {
    case 'removed':
      return;
    case 'not_proven':
      throw new InvalidCredentials();
    case 'not_there':
      throw new NotFound();
    case 'last_factor':
      throw new LastFactor();
    case 'wrong':
      throw new WrongFactorCode();
    case 'too_many':
      throw new RateLimitExceeded(outcome.retryAfterSeconds);
  }
}
