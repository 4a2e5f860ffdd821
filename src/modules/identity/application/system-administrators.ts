import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../kernel/domain-error';
import type { UserId } from '../../../kernel/ids';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { systemAdministratorChanged } from '../identity.events';
import { Users } from './users.port';

export type AdministratorChange = 'changed' | 'unchanged';

/** Makes users system administrators, and takes that away again: for operators alone. */
@Injectable()
export class SystemAdministrators {
  constructor(
    private readonly users: Users,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws NotFound. What the user may do counts in open sessions too, within a second. */
  grant(id: UserId): Promise<AdministratorChange> {
    return this.work.run((now) => this.change(id, true, now));
  }

  /**
   * 'last_administrator': there would be no other in force. Throws NotFound. Two who are taken at once do not leave the
   * service without one.
   */
  revoke(id: UserId): Promise<AdministratorChange | 'last_administrator'> {
    return this.work.run(async (now) => {
      const others = (await this.users.holdSystemAdministrators()).filter((each) => each !== id);
      return others.length === 0 ? this.unlessLast(id) : this.change(id, false, now);
    });
  }

  private async unlessLast(id: UserId): Promise<'unchanged' | 'last_administrator'> {
    const user = await this.users.find(id);
    if (!user) throw new NotFound();
    return user.snapshot().systemAdministrator ? 'last_administrator' : 'unchanged';
  }

  private async change(id: UserId, to: boolean, now: Date): Promise<AdministratorChange> {
    const user = await this.users.take(id);
    if (!user) throw new NotFound();
    if (!user.makeSystemAdministrator(to, now)) return 'unchanged';
    await this.users.save(user);
    await this.events.append(systemAdministratorChanged(id, to));
    return 'changed';
  }
}
