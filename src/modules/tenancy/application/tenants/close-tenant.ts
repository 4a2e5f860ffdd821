import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { AccountsFacade } from '../../../identity/accounts.facade';
import type { TenantRecord } from '../../domain/tenant';
import { Members } from '../members/members.port';
import { Tenants } from '../tenants.port';
import { ProvideHome } from './provide-home';

/**
 * What ends with a tenant that lets nobody in any more, beside what those hear of who keep it. Within the caller's unit
 * of work.
 */
@Injectable()
export class CloseTenant {
  constructor(
    private readonly tenants: Tenants,
    private readonly members: Members,
    private readonly accounts: AccountsFacade,
    private readonly home: ProvideHome,
  ) {}

  /** `by` is who deletes or suspends it; null: an operator. */
  async execute({ id, status }: TenantRecord, by: UserId | null): Promise<void> {
    const letInNowhere = await this.members.letInNowhereElse(id);
    if (status === 'deleted') await this.delete(id, by);
    // Whom no tenant lets in has no way in by an older mail either (RT-09).
    await this.accounts.endMailed(letInNowhere);
  }

  private async delete(id: TenantId, by: UserId | null): Promise<void> {
    await this.tenants.endInvitations(id);
    // Whoever deletes their only tenant keeps an account, and has to get at it: to open another, or to end it.
    if (by !== null) await this.home.execute(by, id);
  }
}
