import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { PersonalData, type PersonalSection } from '../../../platform/privacy/personal-data';
import { Factors } from '../application/factors.port';

const SECTIONS = {
  backup_codes: 'SELECT created_at, used_at FROM backup_codes WHERE user_id = $1 ORDER BY created_at, used_at, id',
  wrong_codes: 'SELECT recent, failures, stopped FROM factor_guesses WHERE user_id = $1',
} as const;

/** What this module holds about a user's second factors. */
@Injectable()
export class FactorsPersonalData implements OnModuleInit {
  constructor(
    private readonly personal: PersonalData,
    private readonly factors: Factors,
  ) {}

  onModuleInit(): void {
    this.personal.describe('second_factors', (user) => this.factorsOf(user));
    for (const [section, sql] of Object.entries(SECTIONS)) this.personal.describe(section, sql);
  }

  /**
   * A number is the user's own, and null when it does not open; the secret of an authenticator opens the account, and is
   * nobody's to read.
   */
  private async factorsOf(user: UserId): Promise<PersonalSection> {
    const factors = await this.factors.allOf(user);
    return factors.map((factor) => {
      const { type, label, secret, createdAt, confirmedAt, lastUsedAt, heldUntil } = factor.snapshot();
      return {
        type,
        label,
        phone_number: type === 'sms' && secret ? Buffer.from(secret).toString() : null,
        created_at: createdAt,
        confirmed_at: confirmedAt,
        last_used_at: lastUsedAt,
        held_until: heldUntil,
      };
    });
  }
}
