import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { type HeldRole, type Verdict, verdictOn } from '../../domain/verdict';
import { RoleQueries } from './role-queries';

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

  private heldBy({ kind, tenantId, userId, permissions }: Principal): Promise<readonly HeldRole[]> {
    // The development administrator may everything, whatever is stored.
    if (kind === 'development') return Promise.resolve([{ name: kind, permissions }]);
    return this.queries.heldBy(tenantId, userId);
  }
}
