import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import type { MailBrand } from '../../platform/mail/mails';

/** What the tenants of a user ask of the account. Where several differ, the strictest. */
export type TenantDemands = {
  /** Words no password may consist of, such as the names of the tenants. */
  readonly words: readonly string[];
  /** How many former passwords may not come back; 0: none is remembered. */
  readonly passwordHistory: number;
  /** Whether the account needs a second factor. */
  readonly secondFactorDemanded: boolean;
  /** Of each tenant that takes in certain domains alone, which those are, in their ASCII spelling. */
  readonly emailDomains: readonly (readonly string[])[];
  /** As whom mails to the user come; null: as the service. */
  readonly brand: MailBrand | null;
};

export type TenantDemandsSource = (user: UserId) => Promise<TenantDemands>;

const NONE: TenantDemands = {
  words: [],
  passwordHistory: 0,
  secondFactorDemanded: false,
  emailDomains: [],
  brand: null,
};

/** What tenants ask of accounts. Identity stands below tenancy and does not know it: who knows tenants says so here. */
@Injectable()
export class TenantRules {
  private source: TenantDemandsSource = () => Promise.resolve(NONE);

  /** Called once, while the application starts. */
  register(source: TenantDemandsSource): void {
    this.source = source;
  }

  of(user: UserId): Promise<TenantDemands> {
    return this.source(user);
  }
}
