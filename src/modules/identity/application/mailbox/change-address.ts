import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { Random } from '../../../../platform/crypto/random';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { Users } from '../users.port';
import { Holds } from '../holds';
import { MailedSecrets } from './mailed-secrets.port';

/** Gives an account an address that was proven. Joins the caller's unit of work. */
@Injectable()
export class ChangeAddress {
  constructor(
    private readonly users: Users,
    private readonly secrets: MailedSecrets,
    private readonly holds: Holds,
    private readonly random: Random,
    private readonly work: UnitOfWork,
  ) {}

  /** False, and nothing done, when it has the address or is disabled. Throws EmailTaken; the unit of work is lost then. */
  execute(id: UserId, address: string): Promise<boolean> {
    return this.work.run(async (now) => {
      const user = await this.users.take(id);
      if (!user?.changeEmail(address, this.random.uuid(now), now)) return false;
      await this.users.save(user);
      await this.holds.respectAddress(address, id);
      // What was sent to the former address is worth nothing any more, but that it may come back.
      await this.secrets.removeAllOf(id, ['email_verification', 'password_reset', 'email_change']);
      return true;
    });
  }

  /** Whoever changed the address again, after that instant, cannot take this back. */
  endLaterUndos(id: UserId, after: Date): Promise<void> {
    return this.secrets.removeUndosAfter(id, after);
  }
}
