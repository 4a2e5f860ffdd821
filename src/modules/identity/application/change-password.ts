import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../kernel/principal';
import { Random } from '../../../platform/crypto/random';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { InvalidCredentials } from '../domain/errors';
import { ownWords } from '../domain/password-policy';
import { passwordChanged, passwordChangeRefused } from '../identity.events';
import { Passwords } from './passwords';
import { Users } from './users.port';

/** Changes one's own password; every other session of the user ends in the same transaction. */
@Injectable()
export class ChangePassword {
  constructor(
    private readonly users: Users,
    private readonly passwords: Passwords,
    private readonly random: Random,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** Throws InvalidCredentials when `current` is not the password, ValidationFailed when `next` may not become it. */
  async execute(by: Principal, current: string, next: string): Promise<void> {
    const user = (await this.users.find(by.userId))?.snapshot();
    const provenHash = user?.passwordHash ?? null;
    const proven = await this.passwords.verify(provenHash, current);
    if (!user || provenHash === null || !proven) return this.refuse(by, 'wrong_password');

    const own = ownWords(user.email, user.username);
    const hash = await this.passwords.hashNew(next, { words: [], own }, 'new_password');
    const changed = await this.work.run(async (now) => {
      const taken = await this.users.take(by.userId);
      if (!taken?.changePassword(provenHash, hash, this.random.uuid(now), now)) return false;
      await this.users.save(taken);
      await this.events.append(passwordChanged(by));
      return true;
    });
    if (!changed) return this.refuse(by, 'changed_meanwhile');
  }

  private async refuse(by: Principal, reason: 'wrong_password' | 'changed_meanwhile'): Promise<never> {
    await this.work.run(() => this.events.append(passwordChangeRefused(by, reason)));
    throw new InvalidCredentials();
  }
}
