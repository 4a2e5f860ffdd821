import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { Outbox } from '../../../platform/mail/outbox';
import { PersonalData, type PersonalSection } from '../../../platform/privacy/personal-data';
import { UserQueries } from '../application/user-queries';

const SECTIONS = {
  account: `SELECT id, email, username, first_name, last_name, email_verified_at, status, system_administrator,
      password_changed_at, password_change_required, created_at, updated_at, last_login_at FROM users WHERE id = $1`,
  wrong_passwords: 'SELECT failures, stopped_at, changed_at FROM lockouts WHERE account = $1',
  mailed_links: `SELECT purpose, address, created_at, expires_at FROM mailed_secrets WHERE user_id = $1
      ORDER BY created_at`,
} as const;

/** What this module holds about a user. */
@Injectable()
export class IdentityPersonalData implements OnModuleInit {
  constructor(
    private readonly personal: PersonalData,
    private readonly users: UserQueries,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    for (const [section, sql] of Object.entries(SECTIONS)) this.personal.describe(section, sql);
    this.personal.describe('mails', (user) => this.mailsTo(user));
  }

  /** What was sent to an address that is not proven is for its owner, who may be somebody else. */
  private async mailsTo(id: UserId): Promise<PersonalSection> {
    const user = await this.users.find(id);
    if (!user?.emailVerified) return [];
    const kept = await this.outbox.keptOf(user.email);
    return kept.map(({ template, createdAt, sentAt, givenUpAt }) => ({
      kind: template,
      created_at: createdAt,
      sent_at: sentAt,
      given_up_at: givenUpAt,
    }));
  }
}
