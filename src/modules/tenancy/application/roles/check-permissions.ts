import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { type HeldRole, type Verdict, verdictOn } from '../../domain/verdict';
import { RoleQueries } from './role-queries';

/** Who may everything, whatever roles they hold. No role is called so, for it has a space in its name. */
const SYSTEM_ADMINISTRATOR: HeldRole = { name: 'system administrator', permissions: ['*:*'] };

/** What the caller may do in the active tenant at this moment, and why. Nobody asks for anybody else. */
@Injectable()
export class CheckPermissions {
  constructor(private readonly queries: RoleQueries) {}

  /** One answer for each permission, in their order, and all of one moment. */
  async execute(by: Principal, permissions: readonly string[]): Promise<readonly Verdict[]> {
    const held = await this.heldBy(by);
    const key = by.kind === 'api_key' ? by.permissions : null;
    return permissions.map((permission) => verdictOn(permission, held, key));
  }

  private async heldBy({ kind, tenantId, userId, permissions, ...by }: Principal): Promise<readonly HeldRole[]> {
    // The development administrator may everything, whatever is stored.
    if (kind === 'development') return [{ name: kind, permissions }];
    const held = await this.queries.heldBy(tenantId, userId);
    return by.systemAdministrator ? [...held, SYSTEM_ADMINISTRATOR] : held;
  }
}
