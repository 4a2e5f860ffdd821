import { type DynamicModule, Global, Module, type OnModuleInit } from '@nestjs/common';
import { MailerModule } from '@nestjs-modules/mailer';
import type { Settings } from '../config/settings';
import { Chores } from '../time/chores';
import { DeliverMails } from './deliver-mails';
import { FileMailer } from './file-mailer';
import { MailTexts } from './mail-texts';
import { Mailer } from './mailer';
import { Outbox } from './outbox';
import { OutboxRow } from './outbox.row';
import { SmtpMailer, smtpOptions } from './smtp-mailer';
import { SqlOutbox } from './sql-outbox';

export const mailRows = [OutboxRow];

const LOOK_EVERY_SECONDS = 2;

/** Mails: written in a transaction, sent after it, by SMTP or into files. */
@Global()
@Module({})
export class MailModule implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly delivery: DeliverMails,
  ) {}

  static forRoot({ mail: { smtpUrl } }: Settings): DynamicModule {
    const toServer = smtpUrl !== undefined;
    return {
      module: MailModule,
      imports: toServer ? [MailerModule.forRoot(smtpOptions(smtpUrl))] : [],
      providers: [
        SqlOutbox,
        { provide: Outbox, useExisting: SqlOutbox },
        MailTexts,
        { provide: Mailer, useClass: toServer ? SmtpMailer : FileMailer },
        DeliverMails,
      ],
      exports: [Outbox],
    };
  }

  onModuleInit(): void {
    this.chores.add({ name: 'mail', everySeconds: LOOK_EVERY_SECONDS, run: () => this.delivery.execute() });
  }
}
