import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('audit_events')
export class AuditEventRow {
  /** A bigint, which the driver gives as text. Made by the database. */
  @PrimaryColumn('bigint', { generated: 'increment' }) sequence!: string;
  @Column('uuid') id!: string;
  @Column('timestamptz', { name: 'occurred_at' }) occurredAt!: Date;
  @Column('uuid', { name: 'tenant_id', nullable: true }) tenantId!: string | null;
  @Column('uuid', { name: 'user_id', nullable: true }) userId!: string | null;
  @Column('text') actor!: string;
  @Column('text') action!: string;
  @Column('text') outcome!: 'success' | 'failure';
  @Column('text', { name: 'target_type', nullable: true }) targetType!: string | null;
  @Column('text', { name: 'target_id', nullable: true }) targetId!: string | null;
  @Column('text', { name: 'ip_address', nullable: true }) ipAddress!: string | null;
  @Column('text', { name: 'user_agent', nullable: true }) userAgent!: string | null;
  @Column('text', { name: 'request_id', nullable: true }) requestId!: string | null;
  @Column('smallint', { name: 'risk_score' }) riskScore!: number;
  @Column('jsonb') details!: Record<string, unknown>;
}
