import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantId } from '../../../kernel/ids';
import type { TenantPolicy } from '../domain/tenant-policy';
import type { TenantKind, TenantRecord, TenantStatus } from '../domain/tenant';

@Entity('tenants')
export class TenantRow implements TenantRecord, TenantPolicy {
  @PrimaryColumn('uuid') id!: TenantId;
  @Column('text') name!: string;
  @Column('text') slug!: string;
  @Column('text') kind!: TenantKind;
  @Column('text') status!: TenantStatus;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
  @Column('text', { name: 'refresh_from_new_device', default: 'allow' })
  refreshFromNewDevice!: TenantPolicy['refreshFromNewDevice'];
  @Column('boolean', { name: 'second_factor_required', default: false }) secondFactorRequired!: boolean;
  @Column('text', { name: 'second_factor_required_of', array: true, default: [] }) secondFactorRequiredOf!: string[];
  @Column('smallint', { name: 'second_factor_above_risk', nullable: true }) secondFactorAboveRisk!: number | null;
  @Column('smallint', { name: 'password_history', default: 0 }) passwordHistory!: number;
  @Column('text', { name: 'mail_name', nullable: true }) mailName!: string | null;
  @Column('text', { name: 'mail_sender', nullable: true }) mailSender!: string | null;
  @Column('timestamptz', { name: 'purge_after', nullable: true }) purgeAfter!: Date | null;
  @Column('text', { name: 'allowed_email_domains', array: true, default: [] }) allowedEmailDomains!: string[];
  @Column('smallint', { name: 'session_max_days', nullable: true }) sessionMaxDays!: number | null;
  @Column('text', { name: 'ip_allowlist', array: true, default: [] }) ipAllowlist!: string[];
  @Column('smallint', { name: 'api_key_max_days', nullable: true }) apiKeyMaxDays!: number | null;
  @Column('text', { name: 'auto_join_providers', array: true, default: [] }) autoJoinProviders!: string[];
  @Column('text', { name: 'auto_join_role', nullable: true }) autoJoinRole!: string | null;
}
