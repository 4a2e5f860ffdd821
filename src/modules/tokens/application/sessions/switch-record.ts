import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import type { SessionState } from '../../domain/session';
import { tenantSwitched, tenantSwitchRefused, usedOnNewDevice } from '../../tokens.events';

/** Puts on record what became of a wish to switch, within the unit of work that decided it. */
@Injectable()
export class SwitchRecord {
  constructor(private readonly events: EventLog) {}

  async granted(session: SessionState, from: TenantId, onNewDevice: boolean): Promise<void> {
    await this.events.append(tenantSwitched(session, from));
    if (onNewDevice) await this.events.append(usedOnNewDevice(session, 'success'));
  }

  async refused(by: Principal, reason: string): Promise<void> {
    await this.events.append(tenantSwitchRefused(by, reason));
  }
}
