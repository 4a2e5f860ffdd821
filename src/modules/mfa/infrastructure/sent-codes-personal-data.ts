import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { PersonalData, type PersonalSection } from '../../../platform/privacy/personal-data';
import type { KeptMessage } from '../../../platform/outbox/outbox-table';
import { TextMessages } from '../../../platform/sms/text-messages';
import { Factors } from '../application/factors.port';

const SENT_CODES = `SELECT method, split_part(bound_to, ':', 1) AS used_for, created_at, expires_at
  FROM factor_codes WHERE user_id = $1 ORDER BY created_at, id`;

/** What this module holds about codes that were sent to a user. */
@Injectable()
export class SentCodesPersonalData implements OnModuleInit {
  constructor(
    private readonly personal: PersonalData,
    private readonly factors: Factors,
    private readonly texts: TextMessages,
  ) {}

  onModuleInit(): void {
    this.personal.describe('sent_codes', SENT_CODES);
    this.personal.describe('text_messages', (user) => this.textsTo(user));
  }

  /** What was sent to a number that is not proven is for its owner, who may be somebody else. */
  private async textsTo(user: UserId): Promise<PersonalSection> {
    const kept: KeptMessage[] = [];
    for (const number of await this.factors.numbersOf(user)) kept.push(...(await this.texts.keptOf(number)));
    return kept.map(({ template, createdAt, sentAt, givenUpAt }) => ({
      kind: template,
      created_at: createdAt,
      sent_at: sentAt,
      given_up_at: givenUpAt,
    }));
  }
}
