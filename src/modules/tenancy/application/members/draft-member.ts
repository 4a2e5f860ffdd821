import { Injectable } from '@nestjs/common';
import { RateLimitExceeded } from '../../../../kernel/domain-error';
import type { TenantId } from '../../../../kernel/ids';
import { SendAllowance } from '../../../../platform/limits/send-allowance';
import { TenantMessages } from '../../../../platform/limits/tenant-messages';
import { IdentityFacade, type NewUser } from '../../../identity/identity.facade';
import { EmailDomains } from '../policy/email-domains';
import { QuotaExceeded } from '../../domain/limits/limits-errors';
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
    private readonly allowance: SendAllowance,
    private readonly domains: EmailDomains,
    private readonly messages: TenantMessages,
  ) {}

  /**
   * Whether the tenant takes in that address, which stays so until the caller's unit of work ends. Holds the tenant, so
   * it comes before memberships.
   */
  isTakenIn(tenant: TenantId, email: string): Promise<boolean> {
    return this.domains.allowFromNowOn(tenant, email);
  }

  /**
   * Throws RateLimitExceeded when the address was sent too many mails already, and QuotaExceeded when the tenant had
   * all sent today that it may, for a new account may mean another; ValidationFailed for a password that may not become
   * one; DependencyUnavailable, Overloaded. Slow: not within a unit of work.
   */
  async execute(tenant: TenantId, input: NewMember): Promise<NewUser> {
    if (!(await this.messages.mayHaveSent(tenant, 'mails'))) throw new QuotaExceeded('mails');
    const isAllowed = await this.allowance.take({ kind: 'email-verification', address: input.email, tenant });
    if (!isAllowed) throw new RateLimitExceeded(TRY_AGAIN_SECONDS);
    const found = await this.tenancy.find(tenant);
    const context = found ? [found.name] : [];
    return this.identity.draftUser({ ...input, context, passwordChangeRequired: true });
  }
}
