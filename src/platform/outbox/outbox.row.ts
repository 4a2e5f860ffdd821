import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Channel } from './channel';

@Entity('outbox')
export class OutboxRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('text', { default: 'mail' }) channel!: Channel;
  @Column('text') template!: string;
  /** Sealed. NULL once sent, or given up as useless. */
  @Column('bytea', { nullable: true }) contents!: Buffer | null;
  /** Of the address or number it goes to. NULL: to nobody, or left by an older version. */
  @Column('bytea', { name: 'recipient_key', nullable: true }) recipientKey!: Buffer | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'next_attempt_at' }) nextAttemptAt!: Date;
  /** NULL: it is as good later. */
  @Column('timestamptz', { name: 'useless_after', nullable: true }) uselessAfter!: Date | null;
  @Column('int') attempts!: number;
  @Column('bool', { name: 'in_hand', default: false }) inHand!: boolean;
  @Column('timestamptz', { name: 'tried_since', nullable: true }) triedSince!: Date | null;
  @Column('int', { default: 0 }) failures!: number;
  @Column('int', { default: 0 }) refusals!: number;
  @Column('timestamptz', { name: 'sent_at', nullable: true }) sentAt!: Date | null;
  @Column('timestamptz', { name: 'given_up_at', nullable: true }) givenUpAt!: Date | null;
  @Column('text', { name: 'last_error', nullable: true }) lastError!: string | null;
}
