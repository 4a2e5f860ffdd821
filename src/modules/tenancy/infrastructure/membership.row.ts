import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RoleId, TenantId, UserId } from '../../../kernel/ids';
import type { MemberStatus } from '../domain/member-status';

@Entity('memberships')
export class MembershipRow {
  @PrimaryColumn('uuid', { name: 'tenant_id' }) tenantId!: TenantId;
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: UserId;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('text', { default: 'active' }) status!: MemberStatus;
}

@Entity('membership_roles')
export class MembershipRoleRow {
  @PrimaryColumn('uuid', { name: 'tenant_id' }) tenantId!: TenantId;
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: UserId;
  @PrimaryColumn('uuid', { name: 'role_id' }) roleId!: RoleId;
  @Column('timestamptz', { name: 'granted_at' }) grantedAt!: Date;
}
