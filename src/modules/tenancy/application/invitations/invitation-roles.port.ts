import type { RoleId, TenantId } from '../../../../kernel/ids';

export type InvitableRole = {
  readonly id: RoleId;
  readonly name: string;
  readonly permissions: readonly string[];
};

/** The roles that somebody may be invited to. */
export abstract class InvitationRoles {
  abstract named(tenantId: TenantId, name: string): Promise<InvitableRole | null>;

  abstract find(tenantId: TenantId, id: RoleId): Promise<InvitableRole | null>;
}
