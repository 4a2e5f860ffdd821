import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import {
  EmailTaken,
  IdentityFacade,
  type NewUser,
  UsernameTaken,
  type UserProfile,
} from '../../identity/identity.facade';
import { MailboxFacade } from '../../identity/mailbox.facade';
import { TenancyFacade } from '../../tenancy/tenancy.facade';
import { SigninJournal } from './signin-journal';

export type SignUpInput = {
  readonly email: string;
  readonly password: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** null: a personal tenant. */
  readonly tenantName: string | null;
  readonly honeypot: boolean;
  /** Where the registration comes from. */
  readonly ipAddress: string | null;
};

export type SignUpResult = {
  readonly user: UserProfile;
  readonly emailVerification: 'sent' | 'not_required';
};

/** Registers a user, who owns a tenant from the first moment: both are there, or neither. */
@Injectable()
export class SignUp {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly mailboxes: MailboxFacade,
    private readonly tenancy: TenancyFacade,
    private readonly work: UnitOfWork,
    private readonly journal: SigninJournal,
  ) {}

  /** Throws ValidationFailed, UsernameTaken and, unless addresses must be verified, EmailTaken; Overloaded. */
  async execute(input: SignUpInput): Promise<SignUpResult> {
    const { tenantName } = input;
    const draft = await this.identity.draftUser({ ...input, context: tenantName === null ? [] : [tenantName] });
    if (input.honeypot) return this.pretend(draft, () => this.journal.honeypot('register', input.ipAddress));
    try {
      return this.result(await this.register(draft, input));
    } catch (error) {
      if (error instanceof EmailTaken) return this.refuseTakenEmail(draft, input, error);
      throw error instanceof UsernameTaken ? await this.usernameTaken() : error;
    }
  }

  private register(draft: NewUser, input: SignUpInput): Promise<UserProfile> {
    return this.work.run(async () => {
      const user = await this.identity.addUser(draft);
      const tenant = await this.tenancy.open(
        input.tenantName === null
          ? { name: input.username ?? input.firstName ?? 'Personal', kind: 'personal', owner: user.id }
          : { name: input.tenantName, kind: 'organization', owner: user.id },
      );
      await this.journal.registered(user.id, tenant.id);
      return user;
    });
  }

  /**
   * Where addresses are verified, the answer does not tell which of them have an account; their owners hear of it by mail. The
   * username is held as if the account had been made.
   */
  private async refuseTakenEmail(draft: NewUser, { ipAddress }: SignUpInput, error: EmailTaken): Promise<SignUpResult> {
    const refusal = (): Promise<void> => this.journal.registrationRefused('email_taken');
    if (this.mailboxes.isProofRequired) {
      // As for a free address, which would have failed on its username.
      if (await this.identity.users.isUsernameTaken(draft.username)) throw await this.usernameTaken();
      const answer = await this.pretend(draft, async () => {
        await this.mailboxes.holdUsername(draft.username);
        await refusal();
      });
      await this.mailboxes.tellOwnerOf(draft.email, ipAddress);
      return answer;
    }
    await this.record(refusal);
    throw error;
  }

  private async usernameTaken(): Promise<UsernameTaken> {
    await this.record(() => this.journal.registrationRefused('username_taken'));
    return new UsernameTaken();
  }

  /** The answer of a registration that did not take place. */
  private async pretend(draft: NewUser, entry: () => Promise<void>): Promise<SignUpResult> {
    const createdAt = await this.record(entry);
    const { id, email, username, firstName, lastName } = draft;
    const named = { id, email, username, firstName, lastName };
    return this.result({ ...named, emailVerified: false, status: 'active', createdAt, lastLoginAt: null });
  }

  private record(entry: () => Promise<void>): Promise<Date> {
    return this.work.run(async (now) => {
      await entry();
      return now;
    });
  }

  private result(user: UserProfile): SignUpResult {
    return { user, emailVerification: this.mailboxes.isProofRequired ? 'sent' : 'not_required' };
  }
}
