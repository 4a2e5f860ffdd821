import { Injectable } from '@nestjs/common';
import { ValidationFailed } from '../../../../kernel/domain-error';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { IdentityFacade, type NewUser } from '../../../identity/identity.facade';
import type { Invited } from '../../../tenancy/invitations.facade';
import type { ClientTraits } from '../../../tokens/tokens.facade';
import { InvitationRefused, JoinedOutside } from '../../domain/invitation-errors';
import type { Entry, SignInResult } from '../entrance/entrance';
import { InvitedEntrance } from './invited-entrance';
import { JoinByInvitation } from './join-by-invitation';

export type NewcomerInput = {
  readonly password: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly client: ClientTraits;
};

const PASSWORD_REQUIRED = { field: 'password', code: 'FIELD_REQUIRED', message: 'This field is required.' };

/** Makes the account of an invited person who has none: verified, for the mail was read, and without a personal tenant. */
@Injectable()
export class InvitedNewcomer {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly joining: JoinByInvitation,
    private readonly entrance: InvitedEntrance,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * The account, the membership and the session are there, or none of them. Throws ValidationFailed, InvitationRefused,
   * EmailTaken when somebody registered with the address meanwhile, QuotaExceeded, Overloaded; JoinedOutside when the
   * tenant asks for a second factor at such a risk: then the account is there and a member.
   */
  async enter(invited: Invited, { password, firstName, lastName, client }: NewcomerInput): Promise<SignInResult> {
    if (password === null) throw new ValidationFailed([PASSWORD_REQUIRED]);
    const { email, tenantName } = invited;
    const account = { email, password, firstName, lastName, context: [tenantName], emailVerified: true };
    const draft = await this.identity.draftUser(account);
    const decision = (now: Date): Promise<Entry | null> => this.join(invited, draft, client, now);
    const entry = await this.joining.orOnRecord(invited, null, () => this.work.run(decision));
    // Refused only after the commit, so that the attempt stays on record.
    if (!entry) throw new InvitationRefused();
    if (entry.kind === 'refused') throw new JoinedOutside();
    return this.entrance.welcome(entry);
  }

  private async join(invited: Invited, draft: NewUser, client: ClientTraits, now: Date): Promise<Entry | null> {
    if (!(await this.joining.take(invited, null, now))) return null;
    await this.identity.addUser(draft);
    await this.joining.execute(invited, draft.id, now);
    return this.entrance.ofNew(draft, invited, client, now);
  }
}
