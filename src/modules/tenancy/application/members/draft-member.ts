import { Injectable } from '@nestjs/common';
import { RateLimitExceeded } from '../../../../kernel/domain-error';
import type { TenantId } from '../../../../kernel/ids';
import { SignInSettings } from '../../../../platform/config/settings';
import { IdentityFacade, type NewUser } from '../../../identity/identity.facade';
import { MailAllowance } from '../limits/mail-allowance';
import { EmailDomains } from '../policy/email-domains';
import { TenancyQueries } from '../tenancy-queries';

export type NewMember = {
  readonly email: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** Good until its owner changes it. */
  readonly password: string;
  /** The name of a built-in role, or of one of the tenant's own. */
  readonly role: string;
};

/** A mailbox that is full for now has room again after so long. */
const TRY_AGAIN_SECONDS = 300;

/** Prepares the account of a new member. */
@Injectable()
export class DraftMember {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly tenancy: TenancyQueries,
    private readonly allowance: MailAllowance,
    private readonly domains: EmailDomains,
    private readonly settings: SignInSettings,
  ) {}

  /**
   * Whether the tenant takes in that address, which stays so until the caller's unit of work ends. Holds the tenant, so
   * it comes before memberships.
   */
  isTakenIn(tenant: TenantId, email: string): Promise<boolean> {
    return this.domains.allowFromNowOn(tenant, email);
  }

  /**
   * Where a new account means a mail, throws RateLimitExceeded when the address was sent too many already, and QuotaExceeded
   * when the tenant had all sent today that it may. Throws ValidationFailed for a password that may not become one;
   * DependencyUnavailable, Overloaded. Slow: not within a unit of work.
   */
  async execute(tenant: TenantId, input: NewMember): Promise<NewUser> {
    if (!(await this.mayMail(tenant, input.email))) throw new RateLimitExceeded(TRY_AGAIN_SECONDS);
    const found = await this.tenancy.find(tenant);
    const context = found ? [found.name] : [];
    return this.identity.draftUser({ ...input, context, passwordChangeRequired: true });
  }

  /** A new account is mailed only where its address is to be proven. */
  private async mayMail(tenant: TenantId, address: string): Promise<boolean> {
    if (this.settings.emailVerification !== 'required') return true;
    return this.allowance.take({ kind: 'email-verification', address, tenant });
  }
}
