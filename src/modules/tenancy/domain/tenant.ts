import type { TenantId } from '../../../kernel/ids';

export type TenantKind = 'personal' | 'organization';
/** Who is suspended or deleted lets nobody in; a deleted tenant can be had back until it is purged. */
export type TenantStatus = 'active' | 'suspended' | 'deleted';

/** What tenants are called: no control characters, nothing that turns letters around, and not blanks alone. */
export const TENANT_NAME = /^(?!\s*$)[^\p{Cc}\p{Bidi_Control}]+$/u;
export const TENANT_NAME_MAX = 100;

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

/** A tenant, and how it stands with its end. */
export type TenantRecord = TenantState & {
  /** Of a deleted tenant, until when it can be had back; else null. */
  readonly purgeAfter: Date | null;
};
