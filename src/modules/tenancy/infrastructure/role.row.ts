import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RoleId, TenantId } from '../../../kernel/ids';
import type { RoleState } from '../domain/role';

@Entity('roles')
export class RoleRow implements RoleState {
  @PrimaryColumn('uuid') id!: RoleId;
  /** null: built in, the same in every tenant. */
  @Column('uuid', { name: 'tenant_id', nullable: true }) tenantId!: TenantId | null;
  @Column('text') name!: string;
  @Column('text') description!: string;
  @Column('text', { array: true }) permissions!: string[];
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
