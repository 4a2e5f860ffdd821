import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import { UnitOfWork } from '../../platform/database/unit-of-work';
import { AdmitUser } from './application/admit-user';
import { DraftUser, type FederatedDraftInput } from './application/draft-user';
import type { SignInOrigin } from './application/lockout/guess-sources';
import { KeptOut } from './application/lockout/kept-out';
import { ReclaimUser } from './application/reclaim-user';
import type { UserView } from './application/user-queries';
import type { Admission, NewUser } from './domain/user';

export type { FederatedDraftInput };

/** All that the rest of the system may ask about users for whom another issuer vouches. */
@Injectable()
export class FederatedUsersFacade {
  constructor(
    private readonly drafting: DraftUser,
    private readonly admitting: AdmitUser,
    private readonly keptOut: KeptOut,
    private readonly reclaiming: ReclaimUser,
    private readonly work: UnitOfWork,
  ) {}

  /** What a new user needs who has no password. Names that could be none here are left out. To be stored by `addUser`. */
  draft(input: FederatedDraftInput): NewUser {
    return this.drafting.federated(input);
  }

  /**
   * Whether the account is open to its user, coming from there. Refused where a password would be: disabled, address not
   * proven though it must be, kept out by wrong passwords if it has one. Holds the account until the caller's unit of work ends.
   */
  admit(user: UserId, origin: SignInOrigin): Promise<Admission> {
    return this.admitting.federated(user, origin);
  }

  /** The device that comes from there, when it proves that it has signed in to the account before; else null. */
  deviceOf(user: UserId, origin: SignInOrigin): Promise<string | null> {
    return this.keptOut.deviceOf(user, origin);
  }

  /**
   * The provider showed for the first time whose the mailbox is (RC-09). In the caller's unit of work the address is
   * proven, the password and what was mailed are gone and, by the event `user.reclaimed`, which this appends, sessions,
   * API keys and second factors. False, and nothing done, where the address was proven already, or the account is disabled
   * or gone. Holds the account.
   */
  reclaim(user: UserId, provider: string): Promise<boolean> {
    return this.work.run((now) => this.reclaiming.execute(user, provider, now));
  }

  /** Whatever becomes of the account, it waits until the caller's unit of work ends. False when there is none. */
  hold(user: UserId): Promise<boolean> {
    return this.admitting.hold(user);
  }

  /** As `hold`, the account that has the address, however it is spelt, and keeps it until then; null: none has it. */
  holdByAddress(email: string): Promise<UserView | null> {
    return this.admitting.holdByAddress(email);
  }

  /** Whether the account has a password, which it keeps, or stays without, until the caller's unit of work ends. */
  hasPassword(user: UserId): Promise<boolean> {
    return this.admitting.hasPassword(user);
  }
}
