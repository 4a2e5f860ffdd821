import type { TenantId } from '../../../kernel/ids';

export type TenantKind = 'personal' | 'organization';
export type TenantStatus = 'active' | 'suspended';

/** Everything that is persisted. */
export type TenantState = {
  readonly id: TenantId;
  readonly name: string;
  readonly slug: string;
  readonly kind: TenantKind;
  readonly status: TenantStatus;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};
