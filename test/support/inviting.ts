import type { RoleId, TenantId, UserId } from '../../src/kernel/ids';
import type { Principal } from '../../src/kernel/principal';
import { IssueInvitation } from '../../src/modules/tenancy/application/invitations/issue-invitation';
import type { InvitationView } from '../../src/modules/tenancy/application/invitations/invitation-queries';
import { TenancyFacade } from '../../src/modules/tenancy/tenancy.facade';
import type { MailFacts } from '../../src/platform/mail/mails';
import type { TestContext } from './context';
import { mailsOf } from './mails-of';
import { type Member, Stored } from './stored';

export type MailedInvitation = MailFacts['invitation'] & { readonly to: string; readonly token: string };
export type Invitee = { readonly view: InvitationView; readonly mail: MailedInvitation };

let addresses = 0;

/** An address that no other test knows. */
export const anAddress = (): string => `invited-${(addresses += 1)}@example.com`;

/** People who invite others, and what is in the mails. */
export class Inviting {
  private readonly stored: Stored;

  constructor(private readonly context: TestContext) {
    this.stored = new Stored(context);
  }

  /** Somebody who holds a role in a tenant of their own, as they call. */
  async anInviter(role = 'admin', user: Parameters<Stored['user']>[0] = {}): Promise<Principal> {
    const member = await this.stored.newMember({ firstName: 'Ann', lastName: 'Example', ...user }, { name: 'Acme' });
    await this.stored.member(member, role);
    return this.callerOf(member);
  }

  /** Somebody else who holds a role in the same tenant. */
  async anotherInviter({ tenantId }: Principal, role: string): Promise<Principal> {
    const { id: userId } = (await this.stored.user({ firstName: 'Bea', lastName: 'Example' })).snapshot();
    await this.stored.member({ userId, tenantId }, role);
    return this.callerOf({ userId, tenantId });
  }

  async callerOf({ userId, tenantId }: Member): Promise<Principal> {
    const membership = await this.context.app.get(TenancyFacade).membershipOf(userId, tenantId);
    return {
      kind: 'user',
      userId,
      tenantId,
      sessionId: null,
      apiKeyId: null,
      authenticatedAt: this.context.clock.now(),
      roles: membership?.roles ?? [],
      permissions: membership?.permissions ?? [],
      systemAdministrator: false,
      assurance: null,
      confined: false,
      networks: [],
    };
  }

  async invited(by: Principal, email = anAddress(), role = 'analyst'): Promise<Invitee> {
    const before = new Set((await this.mailsTo(email)).map(({ token }) => token));
    const view = await this.context.app.get(IssueInvitation).execute(by, email, role);
    const mail = (await this.mailsTo(email)).find(({ token }) => !before.has(token));
    if (!mail) throw new Error('The invitation was not mailed');
    return { view, mail };
  }

  async mailsTo(address: string): Promise<readonly MailedInvitation[]> {
    const mails = await mailsOf(this.context, 'invitation');
    return mails.flatMap((mail) => {
      if (mail.template !== 'invitation' || mail.to !== address) return [];
      return [{ ...mail.facts, to: mail.to, token: new URL(mail.facts.link).searchParams.get('token') ?? '' }];
    });
  }

  /** What is stored of an invitation. */
  async rowOf({ id }: Pick<InvitationView, 'id'>): Promise<InvitationColumns | undefined> {
    const sql = 'SELECT * FROM invitations WHERE id = $1';
    return (await this.context.source.query<InvitationColumns[]>(sql, [id]))[0];
  }
}

export type InvitationColumns = {
  readonly tenant_id: TenantId;
  readonly role_id: RoleId;
  readonly invited_by: UserId;
  readonly code_failures: number;
  readonly sent_at: Date;
  readonly expires_at: Date;
  readonly code_expires_at: Date;
  readonly accepted_at: Date | null;
  readonly accepted_by: UserId | null;
  readonly revoked_at: Date | null;
};
