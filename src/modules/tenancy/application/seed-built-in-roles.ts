import { Injectable } from '@nestjs/common';
import { Random } from '../../../platform/crypto/random';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { BUILT_IN_ROLES } from '../domain/built-in-roles';
import { builtInRolesSeeded } from '../tenancy.events';
import { Tenants } from './tenants.port';

/** Brings the built-in roles to what this version defines. Repeating it changes nothing. */
@Injectable()
export class SeedBuiltInRoles {
  constructor(
    private readonly tenants: Tenants,
    private readonly random: Random,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** Returns the names of the roles that were added or brought up to date. */
  execute(): Promise<readonly string[]> {
    return this.work.run(async (now) => {
      const changed: string[] = [];
      for (const role of BUILT_IN_ROLES) {
        if (await this.tenants.putBuiltInRole(role, this.random.uuid(now), now)) changed.push(role.name);
      }
      if (changed.length > 0) await this.events.append(builtInRolesSeeded(changed));
      return changed;
    });
  }
}
