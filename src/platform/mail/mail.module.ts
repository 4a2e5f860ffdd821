import { MailerModule } from '@nestjs-modules/mailer';
import { type DynamicModule, Global, Module, type OnModuleInit } from '@nestjs/common';
import type { Settings } from '../config/settings';
import { Chores } from '../time/chores';
import { CleanOutbox } from './clean-outbox';
import { DeliverMails } from './deliver-mails';
import { FileMailer } from './file-mailer';
import { MailAdministration } from './mail-administration';
import { MailHealth } from './mail-health';
import { MailTexts } from './mail-texts';
import { Mailer } from './mailer';
import { Outbox } from './outbox';
import { OutboxRow } from './outbox.row';
import { SmtpMailer } from './smtp-mailer';
import { smtpOptions } from './smtp-options';
import { DELIVERY, SqlOutbox } from './sql-outbox';

export const mailRows = [OutboxRow];

/** For what was postponed, and what another process left behind: new mails nudge. */
const LOOK_EVERY_SECONDS = 2;
const CLEANING_SECONDS = 3600;

/** Mails: written in a transaction, sent after it, by SMTP or into files. */
@Global()
@Module({})
export class MailModule implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly delivery: DeliverMails,
    private readonly cleaning: CleanOutbox,
  ) {}

  static forRoot({ mail: { smtpUrl }, process: { mode } }: Settings): DynamicModule {
    const toServer = smtpUrl !== undefined;
    return {
      module: MailModule,
      imports: toServer ? [MailerModule.forRoot(smtpOptions(smtpUrl, mode === 'production'))] : [],
      providers: [
        SqlOutbox,
        { provide: Outbox, useExisting: SqlOutbox },
        MailTexts,
        { provide: Mailer, useClass: toServer ? SmtpMailer : FileMailer },
        DeliverMails,
        CleanOutbox,
        MailAdministration,
        MailHealth,
      ],
      exports: [Outbox, MailAdministration, MailHealth],
    };
  }

  onModuleInit(): void {
    this.chores.add({ name: DELIVERY, everySeconds: LOOK_EVERY_SECONDS, run: () => this.wake() });
    this.chores.add({ name: 'outbox-cleaning', everySeconds: CLEANING_SECONDS, run: () => this.cleaning.execute() });
  }

  /** Over at once: a slow mail server must not keep the next mail from being looked for. */
  private wake(): Promise<void> {
    this.delivery.wake();
    return Promise.resolve();
  }
}
