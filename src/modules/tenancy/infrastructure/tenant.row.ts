import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantId } from '../../../kernel/ids';
import type { TenantKind, TenantState, TenantStatus } from '../domain/tenant';

@Entity('tenants')
export class TenantRow implements TenantState {
  @PrimaryColumn('uuid') id!: TenantId;
  @Column('text') name!: string;
  @Column('text') slug!: string;
  @Column('text') kind!: TenantKind;
  @Column('text') status!: TenantStatus;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
