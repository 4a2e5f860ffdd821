import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantId, UserId } from '../../../../kernel/ids';
import type { ApiKeyState } from '../../domain/api-keys/api-key';
import type { ApiKeyId } from '../../domain/api-keys/api-key-id';

@Entity('api_keys')
export class ApiKeyRow implements ApiKeyState {
  @PrimaryColumn('text') id!: ApiKeyId;
  @Column('uuid', { name: 'tenant_id' }) tenantId!: TenantId;
  @Column('uuid', { name: 'owner_id' }) ownerId!: UserId;
  @Column('text') name!: string;
  @Column('text', { nullable: true }) description!: string | null;
  @Column('text') prefix!: string;
  @Column('bytea', { name: 'secret_hash' }) secretHash!: Buffer;
  @Column('text', { array: true }) permissions!: string[];
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
  @Column('text', { name: 'allowed_ips', array: true, default: [] }) allowedIps!: string[];
  @Column('timestamptz', { name: 'last_used_at', nullable: true }) lastUsedAt!: Date | null;
  @Column('text', { name: 'successor_id', nullable: true }) successorId!: ApiKeyId | null;
}
