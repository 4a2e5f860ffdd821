import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { tenantPurged } from '../../tenancy.events';
import { Tenants } from '../tenants.port';
import { EndTenant } from './end-tenant';
import { VacateTenant } from './vacate-tenant';

/** How many tenants are looked at in one go, and how many members leave in one transaction. */
const TENANTS = 100;
const MEMBERS = 50;

/** Removes tenants for good whose grace is over. */
@Injectable()
export class PurgeTenants {
  constructor(
    private readonly tenants: Tenants,
    private readonly vacating: VacateTenant,
    private readonly ending: EndTenant,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns how many were removed. One that is held by somebody else has to wait for the next time. */
  async execute(): Promise<number> {
    let purged = 0;
    for (const tenant of await this.work.run((now) => this.tenants.dueToPurge(now, TENANTS))) {
      if (await this.purge(tenant)) purged += 1;
    }
    return purged;
  }

  private async purge(tenant: TenantId): Promise<boolean> {
    for (;;) {
      const step = await this.work.run((now) => this.step(tenant, now));
      if (step !== 'more') return step === 'done';
    }
  }

  /** In small transactions; what was begun is gone on with, for nobody can have the tenant back by now. */
  private async step(tenant: TenantId, now: Date): Promise<'done' | 'more' | 'passed_over'> {
    // Invitations are held before tenants.
    await this.tenants.endInvitations(tenant);
    if (!(await this.tenants.takeDue(tenant, now))) return 'passed_over';
    if (!(await this.vacating.execute(tenant, MEMBERS))) return 'more';
    await this.ending.execute(tenant, tenantPurged(tenant));
    return 'done';
  }
}
