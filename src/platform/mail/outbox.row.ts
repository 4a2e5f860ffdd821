import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MailTemplate } from './mails';

@Entity('outbox')
export class OutboxRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') template!: MailTemplate;
  /** Sealed. NULL once sent. */
  @Column('bytea', { nullable: true }) contents!: Buffer | null;
  /** Of the address it goes to. NULL: to nobody, or left by an older version. */
  @Column('bytea', { name: 'recipient_key', nullable: true }) recipientKey!: Buffer | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'next_attempt_at' }) nextAttemptAt!: Date;
  @Column('int') attempts!: number;
  @Column('bool', { name: 'in_hand', default: false }) inHand!: boolean;
  @Column('timestamptz', { name: 'tried_since', nullable: true }) triedSince!: Date | null;
  @Column('int', { default: 0 }) failures!: number;
  @Column('int', { default: 0 }) refusals!: number;
  @Column('timestamptz', { name: 'sent_at', nullable: true }) sentAt!: Date | null;
  @Column('timestamptz', { name: 'given_up_at', nullable: true }) givenUpAt!: Date | null;
  @Column('text', { name: 'last_error', nullable: true }) lastError!: string | null;
}
