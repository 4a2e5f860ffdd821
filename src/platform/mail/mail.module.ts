import { MailerModule } from '@nestjs-modules/mailer';
import { type DynamicModule, Global, Module, type OnModuleInit } from '@nestjs/common';
import type { Settings } from '../config/settings';
import { Chores } from '../time/chores';
import { DeliverMails } from './deliver-mails';
import { FileMailer } from './file-mailer';
import { MailAdministration } from './mail-administration';
import { MailCarrier } from './mail-carrier';
import { MailHealth } from './mail-health';
import { MailTexts } from './mail-texts';
import { Mailer } from './mailer';
import { Outbox } from './outbox';
import { SmtpMailer } from './smtp-mailer';
import { smtpOptions } from './smtp-options';
import { SqlOutbox } from './sql-outbox';

/** Mails: written in a transaction, sent after it, by SMTP or into files. */
@Global()
@Module({})
export class MailModule implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly delivery: DeliverMails,
  ) {}

  static forRoot({ mail: { smtpUrl }, process: { mode } }: Settings): DynamicModule {
    const toServer = smtpUrl !== undefined;
    return {
      module: MailModule,
      imports: toServer ? [MailerModule.forRoot(smtpOptions(smtpUrl, mode === 'production'))] : [],
      providers: [
        { provide: Outbox, useClass: SqlOutbox },
        MailTexts,
        { provide: Mailer, useClass: toServer ? SmtpMailer : FileMailer },
        MailCarrier,
        DeliverMails,
        MailAdministration,
        MailHealth,
      ],
      exports: [Outbox, MailAdministration, MailHealth],
    };
  }

  onModuleInit(): void {
    this.delivery.recurBy(this.chores);
  }
}
