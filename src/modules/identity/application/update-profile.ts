import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../kernel/domain-error';
import type { Principal } from '../../../kernel/principal';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { UsernameTaken } from '../domain/errors';
import type { ProfileChange } from '../domain/user';
import { userUpdated, userUpdateRefused } from '../identity.events';
import { Holds } from './holds';
import { type UserView, viewOf } from './user-queries';
import { Users } from './users.port';

/** Changes one's own names. A change of nothing leaves no trace. */
@Injectable()
export class UpdateProfile {
  constructor(
    private readonly users: Users,
    private readonly holds: Holds,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** Throws UsernameTaken, which stays on record. */
  async execute(by: Principal, change: ProfileChange): Promise<UserView> {
    try {
      return await this.apply(by, change);
    } catch (error) {
      if (error instanceof UsernameTaken) await this.work.run(() => this.events.append(userUpdateRefused(by)));
      throw error;
    }
  }

  private apply(by: Principal, change: ProfileChange): Promise<UserView> {
    return this.work.run(async (now) => {
      const user = await this.users.take(by.userId);
      if (!user) throw new NotFound();
      const changed = user.edit(change, now);
      if (changed.length > 0) {
        await this.users.save(user);
        if (changed.includes('username')) await this.holds.respectUsername(user.snapshot().username);
        await this.events.append(userUpdated(by, changed));
      }
      return viewOf(user.snapshot());
    });
  }
}
