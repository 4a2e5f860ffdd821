import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { UserId } from '../../../kernel/ids';
import type { UserState, UserStatus } from '../domain/user';

@Entity('users')
export class UserRow implements UserState {
  @PrimaryColumn('uuid') id!: UserId;
  @Column('text') email!: string;
  @Column('text', { name: 'email_key' }) emailKey!: string;
  @Column('text', { nullable: true }) username!: string | null;
  @Column('text', { name: 'username_key', nullable: true }) usernameKey!: string | null;
  @Column('text', { name: 'first_name', nullable: true }) firstName!: string | null;
  @Column('text', { name: 'last_name', nullable: true }) lastName!: string | null;
  @Column('timestamptz', { name: 'email_verified_at', nullable: true }) emailVerifiedAt!: Date | null;
  @Column('text') status!: UserStatus;
  @Column('boolean', { name: 'system_administrator' }) systemAdministrator!: boolean;
  @Column('text', { name: 'password_hash', nullable: true }) passwordHash!: string | null;
  @Column('timestamptz', { name: 'password_changed_at', nullable: true }) passwordChangedAt!: Date | null;
  @Column('boolean', { name: 'password_change_required' }) passwordChangeRequired!: boolean;
  @Column('uuid', { name: 'security_stamp' }) securityStamp!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
  @Column('timestamptz', { name: 'last_login_at', nullable: true }) lastLoginAt!: Date | null;
}
