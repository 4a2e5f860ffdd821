import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { Random } from '../../../../platform/crypto/random';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { tenantMadeShared } from '../../tenancy.events';
import { Tenants } from '../tenants.port';

const NAME = 'Shared tenant';

/**
 * A personal tenant bears the name of whom it was opened for. When an owner goes, it goes on as an organization under no one's
 * name: whose it was is not known, and later nobody would take the name away when the account ends.
 */
@Injectable()
export class ForgetNamesake {
  constructor(
    private readonly tenants: Tenants,
    private readonly random: Random,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * For a tenant that `owner` leaves, or owns no more; organizations keep their names. Within the caller's unit of work, which
   * holds the tenant and has appended nothing yet that others would wait for.
   */
  execute(tenant: TenantId, owner: UserId): Promise<void> {
    return this.work.run(async (now) => {
      const slug = `shared-tenant-${this.random.phrase(1, 8)}`;
      const wasPersonal = await this.tenants.makeShared(tenant, NAME, slug, now);
      if (wasPersonal) await this.events.append(tenantMadeShared(tenant, owner));
    });
  }
}
