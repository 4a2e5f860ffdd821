import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { Random } from '../../../../platform/crypto/random';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { ProvenPassword } from '../../domain/user';
import { DraftPassword } from './draft-password';
import { RetirePassword } from './retire-password';
import { Users } from '../users.port';

/** Puts a new password in the place of one that was proven. */
@Injectable()
export class ReplacePassword {
  constructor(
    private readonly users: Users,
    private readonly drafting: DraftPassword,
    private readonly retiring: RetirePassword,
    private readonly random: Random,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * The hash of the new password; slow, and it may ask another service, so outside any unit of work. Throws
   * ValidationFailed naming `field`, and Overloaded.
   */
  prepare(id: UserId, typed: string, field: string): Promise<string> {
    return this.drafting.execute(id, typed, field);
  }

  /** False when the password is no longer the one that was proven. Joins the caller's unit of work. */
  execute(id: UserId, proven: ProvenPassword, hash: string): Promise<boolean> {
    return this.work.run(async (now) => {
      const user = await this.users.take(id);
      const replaced = user?.snapshot().passwordHash ?? null;
      if (!user?.changePassword(proven, hash, this.random.uuid(now), now)) return false;
      await this.users.save(user);
      await this.retiring.execute(id, replaced);
      return true;
    });
  }
}
