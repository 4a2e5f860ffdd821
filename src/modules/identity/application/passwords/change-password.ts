import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { InvalidCredentials } from '../../domain/errors';
import { passwordChanged, passwordChangeRefused } from '../../identity.events';
import { type PasswordProof, PasswordChecks, type PasswordRefusal } from './password-checks';
import { ReplacePassword } from './replace-password';
import { SettleAttempt } from '../lockout/settle-attempt';

/** Changes one's own password; every other session of the user ends in the same transaction. */
@Injectable()
export class ChangePassword {
  constructor(
    private readonly checks: PasswordChecks,
    private readonly replacement: ReplacePassword,
    private readonly settling: SettleAttempt,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * Throws InvalidCredentials when `current` is not the password, ValidationFailed when `next` may not become it,
   * Overloaded when too many passwords are being hashed.
   */
  async execute(by: Principal, current: string, next: string): Promise<void> {
    const verification = await this.checks.ofSession(by.userId, by.sessionId, current);
    const changed = await this.settling.orAbandon(verification.attempt, () =>
      verification.kind === 'proven' ? this.change(by, verification, next) : this.refuse(by, verification),
    );
    // Refused only after the commit, so that the attempt stays on record.
    if (!changed) throw new InvalidCredentials();
  }

  private async change(by: Principal, proof: PasswordProof, next: string): Promise<boolean> {
    const hash = await this.replacement.prepare(by.userId, next, 'new_password');
    return this.work.run(async () => {
      const changed = await this.replacement.execute(by.userId, proof.proven, hash);
      await this.settling.execute(proof.attempt, changed ? 'passed' : 'released');
      await this.events.append(changed ? passwordChanged(by) : passwordChangeRefused(by, 'changed_meanwhile'));
      return changed;
    });
  }

  private async refuse(by: Principal, { attempt, outcome, reason }: PasswordRefusal): Promise<false> {
    await this.work.run(async () => {
      await this.settling.execute(attempt, outcome);
      await this.events.append(passwordChangeRefused(by, reason));
    });
    return false;
  }
}
