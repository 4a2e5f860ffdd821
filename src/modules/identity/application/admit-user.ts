import { Injectable } from '@nestjs/common';
import { SignInSettings } from '../../../platform/config/settings';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import type { Admission } from '../domain/user';
import { Users } from './users.port';
import type { PasswordProof } from './passwords/password-checks';

/** Lets a proven password open its account, or says why it does not. Joins the caller's unit of work. */
@Injectable()
export class AdmitUser {
  constructor(
    private readonly users: Users,
    private readonly work: UnitOfWork,
    private readonly settings: SignInSettings,
  ) {}

  /** Whether the password is the account's at this moment, and goes on being it until the unit of work ends. */
  isStillProven({ userId, proven }: PasswordProof): Promise<boolean> {
    return this.work.run(async () => (await this.users.take(userId))?.hasPassword(proven) ?? false);
  }

  execute(proof: PasswordProof): Promise<Admission> {
    return this.work.run(async (now) => {
      const user = await this.users.take(proof.userId);
      if (!user) return { kind: 'refused', reason: 'disabled' };
      const required = this.settings.emailVerification === 'required';
      const admission = user.admit(proof.proven, proof.upgradedHash, required, now);
      if (admission.kind === 'admitted') await this.users.save(user);
      return admission;
    });
  }
}
