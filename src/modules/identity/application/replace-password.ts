import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { Random } from '../../../platform/crypto/random';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { ownWords } from '../domain/password-policy';
import type { ProvenPassword } from '../domain/user';
import { LockoutAdministration } from './lockout/lockout-administration';
import { Passwords } from './passwords';
import { Users } from './users.port';

/** Puts a new password in the place of one that was proven. */
@Injectable()
export class ReplacePassword {
  constructor(
    private readonly users: Users,
    private readonly passwords: Passwords,
    private readonly random: Random,
    private readonly work: UnitOfWork,
    private readonly lockouts: LockoutAdministration,
  ) {}

  /** The hash of the new password; slow, so outside any unit of work. Throws ValidationFailed naming `field`. */
  async prepare(id: UserId, typed: string, field: string): Promise<string> {
    const user = (await this.users.find(id))?.snapshot();
    const own = user ? ownWords(user.email, user.username) : [];
    return this.passwords.hashNew(typed, { words: [], own }, field);
  }

  /** False when the password is no longer the one that was proven. Joins the caller's unit of work. */
  execute(id: UserId, proven: ProvenPassword, hash: string): Promise<boolean> {
    return this.work.run(async (now) => {
      const user = await this.users.take(id);
      if (!user?.changePassword(proven, hash, this.random.uuid(now), now)) return false;
      await this.users.save(user);
      await this.lockouts.recover(id);
      return true;
    });
  }
}
