import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../kernel/domain-error';
import { Random } from '../../../platform/crypto/random';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { IdentityFacade, type NewUser, type UserView } from '../../identity/identity.facade';
import { EmailDomainNotAllowed, TenancyFacade, type TenantView } from '../../tenancy/tenancy.facade';
import { userCreated } from '../signin.events';

export type AccountInput = {
  readonly email: string;
  readonly username?: string | null;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  /** Left out: one is made, good until its owner changes it. */
  readonly password?: string | undefined;
  /** Name of a tenant to open and own; left out: a personal one. */
  readonly tenantName?: string | undefined;
  /** Id or slug of a tenant to join instead. */
  readonly tenant?: string | undefined;
  /** The name of a role of that tenant. */
  readonly role?: string | undefined;
};

export type CreatedAccount = {
  readonly user: UserView;
  readonly tenant: TenantView;
  /** To be shown once; null when the password was given. */
  readonly oneTimePassword: string | null;
};

const DEFAULT_ROLE = 'viewer';

/** Accounts that an operator makes. The operator vouches for the address; the password is to be changed. */
@Injectable()
export class CreateAccount {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly tenancy: TenancyFacade,
    private readonly random: Random,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * Throws ValidationFailed, also for a role there is not; EmailDomainNotAllowed, EmailTaken, UsernameTaken,
   * QuotaExceeded, or NotFound: no such tenant.
   */
  async execute(input: AccountInput): Promise<CreatedAccount> {
    const role = input.role ?? DEFAULT_ROLE;
    const joined = input.tenant === undefined ? null : await this.tenancy.find(input.tenant);
    if (input.tenant !== undefined && (!joined || joined.status === 'deleted')) throw new NotFound();
    const { draft, oneTimePassword } = await this.draft(input, false);
    return this.work.run(async () => {
      if (joined) await this.admit(joined, draft.email);
      const account = await this.store(draft, input.tenantName, joined);
      if (joined) await this.tenancy.join(joined.id, draft.id, role);
      return { ...account, oneTimePassword };
    });
  }

  /** Before the user is stored: tenants are held first. */
  private async admit({ id }: TenantView, email: string): Promise<void> {
    if (!(await this.tenancy.takesIn(id, email))) throw new EmailDomainNotAllowed();
    await this.tenancy.makeRoom(id);
  }

  /** The first system administrator, once; null when there is one already. */
  async executeFirstAdministrator(input: AccountInput): Promise<CreatedAccount | null> {
    if (await this.identity.users.firstSystemAdministrator()) return null;
    const { draft, oneTimePassword } = await this.draft(input, true);
    return this.work.runAlone('first-administrator', async () => {
      if (await this.identity.users.firstSystemAdministrator()) return null;
      return { ...(await this.store(draft, input.tenantName, null)), oneTimePassword };
    });
  }

  private async draft(
    input: AccountInput,
    systemAdministrator: boolean,
  ): Promise<{ draft: NewUser; oneTimePassword: string | null }> {
    const oneTimePassword = input.password === undefined ? this.random.phrase(4, 5) : null;
    const password = input.password ?? oneTimePassword ?? '';
    const context = input.tenantName === undefined ? [] : [input.tenantName];
    const account = {
      ...input,
      context,
      password,
      systemAdministrator,
      emailVerified: true,
      passwordChangeRequired: true,
    };
    return { draft: await this.identity.draftUser(account), oneTimePassword };
  }

  private async store(
    draft: NewUser,
    tenantName: string | undefined,
    joined: TenantView | null,
  ): Promise<{ readonly user: UserView; readonly tenant: TenantView }> {
    const user = await this.identity.addUser(draft);
    const name = tenantName ?? user.username ?? 'Personal';
    const kind = tenantName === undefined ? 'personal' : 'organization';
    const tenant = joined ?? (await this.tenancy.open({ name, kind, owner: user.id }));
    await this.events.append(userCreated(user.id, tenant.id, user.systemAdministrator));
    return { user, tenant };
  }
}
