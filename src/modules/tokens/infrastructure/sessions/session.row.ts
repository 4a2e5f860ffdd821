import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SessionId, TenantId, UserId } from '../../../../kernel/ids';
import type { AssuranceLevel, RevocationReason, SessionState } from '../../domain/session';

@Entity('sessions')
export class SessionRow implements SessionState {
  @PrimaryColumn('uuid') id!: SessionId;
  @Column('uuid', { name: 'user_id' }) userId!: UserId;
  @Column('uuid', { name: 'tenant_id' }) tenantId!: TenantId;
  @Column('bytea') secret!: Buffer;
  @Column('int') generation!: number;
  @Column('text', { name: 'authentication_methods', array: true }) authenticationMethods!: string[];
  @Column('timestamptz', { name: 'authenticated_at' }) authenticatedAt!: Date;
  @Column('uuid', { name: 'device_trusted_in', nullable: true }) deviceTrustedIn!: TenantId | null;
  @Column('timestamptz', { name: 'factor_shown_at', nullable: true }) factorShownAt!: Date | null;
  @Column('text', { default: 'aal1' }) assurance!: AssuranceLevel;
  @Column('uuid', { name: 'security_stamp', nullable: true }) securityStamp!: string | null;
  @Column('text', { name: 'device_fingerprint', nullable: true }) deviceFingerprint!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'rotated_at' }) rotatedAt!: Date;
  @Column('timestamptz', { name: 'idle_expires_at' }) idleExpiresAt!: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('text', { name: 'ip_address', nullable: true }) ipAddress!: string | null;
  @Column('text', { name: 'user_agent', nullable: true }) userAgent!: string | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
  @Column('text', { name: 'revoked_for', nullable: true }) revokedFor!: RevocationReason | null;
  /** No part of what is decided about: written in batches, and read in lists alone. */
  @Column('timestamptz', { name: 'last_seen_at', nullable: true, select: false }) lastSeenAt?: Date | null;
}
