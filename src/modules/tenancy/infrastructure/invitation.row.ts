import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RoleId, TenantId, UserId } from '../../../kernel/ids';
import type { InvitationState } from '../domain/invitation';
import type { InvitationId } from '../domain/invitation-id';

@Entity('invitations')
export class InvitationRow implements InvitationState {
  @PrimaryColumn('uuid') id!: InvitationId;
  @Column('uuid', { name: 'tenant_id' }) tenantId!: TenantId;
  @Column('uuid', { name: 'role_id' }) roleId!: RoleId;
  @Column('text') email!: string;
  @Column('bytea', { name: 'email_key' }) emailKey!: Buffer;
  @Column('uuid', { name: 'invited_by' }) invitedBy!: UserId;
  @Column('bytea', { name: 'token_hash' }) tokenHash!: Buffer;
  @Column('bytea', { name: 'code_hash' }) codeHash!: Buffer;
  @Column('smallint', { name: 'code_failures' }) codeFailures!: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'sent_at' }) sentAt!: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('timestamptz', { name: 'code_expires_at' }) codeExpiresAt!: Date;
  @Column('timestamptz', { name: 'accepted_at', nullable: true }) acceptedAt!: Date | null;
  @Column('uuid', { name: 'accepted_by', nullable: true }) acceptedBy!: UserId | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
}
