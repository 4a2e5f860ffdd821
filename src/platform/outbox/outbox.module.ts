import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { Chores } from '../time/chores';
import { CleanOutbox } from './clean-outbox';
import { OutboxRow } from './outbox.row';
import { OutboxTable } from './outbox-table';

export const outboxRows = [OutboxRow];

const CLEANING_SECONDS = 3600;

/** Where messages wait to be sent, whatever their channel. */
@Global()
@Module({ providers: [OutboxTable, CleanOutbox], exports: [OutboxTable] })
export class OutboxModule implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly cleaning: CleanOutbox,
  ) {}

  onModuleInit(): void {
    this.chores.add({ name: 'outbox-cleaning', everySeconds: CLEANING_SECONDS, run: () => this.cleaning.execute() });
  }
}
