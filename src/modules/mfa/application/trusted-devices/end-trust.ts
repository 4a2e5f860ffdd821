import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { DomainEvent } from '../../../../platform/events/event-log';
import { TrustedDevices } from './trusted-devices.port';

/** Who may do something else in a tenant from now on shows a second factor there again (RT-10). */
@Injectable()
export class EndTrust {
  constructor(
    private readonly devices: TrustedDevices,
    private readonly work: UnitOfWork,
  ) {}

  /** Of the member it tells of, in that tenant; in others nothing changes. Joins the unit of work of the change. */
  async onRolesChanged({ outcome, tenantId, userId }: DomainEvent): Promise<void> {
    if (outcome !== 'success' || tenantId === null || userId === null) return;
    await this.work.run(() => this.devices.removeAllIn(tenantId, userId));
  }
}
