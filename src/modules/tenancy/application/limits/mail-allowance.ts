import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { SendAllowance, type Sending } from '../../../../platform/limits/send-allowance';
import { Clock } from '../../../../platform/time/clock';
import { QuotaExceeded } from '../../domain/limits/limits-errors';
import { secondsLeftOf } from '../../domain/limits/usage';

/** Mails that members of a tenant have sent to others: who asks for too many in a day is told so. */
@Injectable()
export class MailAllowance {
  constructor(
    private readonly allowance: SendAllowance,
    private readonly clock: Clock,
  ) {}

  /**
   * Whether the address may be sent one more; uses one up. Not within a unit of work. Throws QuotaExceeded when the tenant had
   * all the mails sent today that it may; DependencyUnavailable.
   */
  async take(sending: Sending & { readonly tenant: TenantId }): Promise<boolean> {
    const outcome = await this.allowance.ask(sending);
    if (outcome === 'quota_spent') throw new QuotaExceeded('mails', secondsLeftOf(this.clock.now()));
    return outcome === 'taken';
  }
}
