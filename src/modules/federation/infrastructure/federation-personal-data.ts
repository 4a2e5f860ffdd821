import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PersonalData } from '../../../platform/privacy/personal-data';

const SECTIONS = {
  linked_identities: `SELECT provider, issuer, subject, email, linked_at, last_login_at, made_account,
      tokens_sealed IS NOT NULL AS tokens_kept, tokens_expire_at
    FROM linked_identities WHERE user_id = $1 ORDER BY linked_at, id`,
  pending_links: `SELECT provider, redirect_uri, created_at, expires_at FROM oauth_transactions WHERE link_user_id = $1
    ORDER BY created_at, id`,
} as const;

/** What this module holds about a user. A sign-in that was begun elsewhere is nobody's yet. */
@Injectable()
export class FederationPersonalData implements OnModuleInit {
  constructor(private readonly personal: PersonalData) {}

  onModuleInit(): void {
    for (const [section, sql] of Object.entries(SECTIONS)) this.personal.describe(section, sql);
  }
}
