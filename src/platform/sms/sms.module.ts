import { type DynamicModule, Global, Module, type OnModuleInit } from '@nestjs/common';
import type { Settings, SmsSettings } from '../config/settings';
import { OutboundClient } from '../network/outbound/outbound-client';
import { Chores } from '../time/chores';
import { Clock } from '../time/clock';
import { DeliverTexts } from './deliver-texts';
import { FileSms } from './file-sms';
import { SmsSender } from './sms-sender';
import { SmsTexts } from './sms-texts';
import { SqlTextMessages } from './sql-text-messages';
import { TextCarrier } from './text-carrier';
import { TextMessages } from './text-messages';
import { TwilioSms } from './twilio-sms';
import { WebhookSms } from './webhook-sms';

const TIMEOUT_MS = 10_000;

/** Text messages: written in a transaction, sent after it, by Twilio, a server of the operator's, or into files. */
@Global()
@Module({})
export class SmsModule implements OnModuleInit {
  constructor(
    private readonly chores: Chores,
    private readonly delivery: DeliverTexts,
  ) {}

  static forRoot({ sms }: Settings): DynamicModule {
    return {
      module: SmsModule,
      providers: [
        { provide: TextMessages, useClass: SqlTextMessages },
        SmsTexts,
        {
          provide: SmsSender,
          inject: [OutboundClient, Clock],
          useFactory: (outbound: OutboundClient, clock: Clock): SmsSender => senderOf(sms, outbound, clock),
        },
        TextCarrier,
        DeliverTexts,
      ],
      exports: [TextMessages],
    };
  }

  onModuleInit(): void {
    this.delivery.recurBy(this.chores);
  }
}

function senderOf({ provider, folder }: SmsSettings, outbound: OutboundClient, clock: Clock): SmsSender {
  switch (provider.kind) {
    case 'twilio':
      return new TwilioSms(provider, outbound, TIMEOUT_MS);
    case 'webhook':
      return new WebhookSms(provider, outbound, clock, TIMEOUT_MS);
    case 'file':
      return new FileSms(folder);
  }
}
