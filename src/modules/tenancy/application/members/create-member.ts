import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { EmailTaken, IdentityFacade, type NewUser, UsernameTaken } from '../../../identity/identity.facade';
import { EmailDomainNotAllowed } from '../../domain/errors';
import { QuotaExceeded } from '../../domain/limits/limits-errors';
import { memberCreated, memberCreationRefused } from '../../member.events';
import { DraftMember, type NewMember } from './draft-member';
import { GrantRole } from './grant-role';
import type { MemberView } from './member-queries';
import type { GrantableRole } from './members.port';

/** Makes an account that belongs to the caller's tenant. Whose the address is its owner has yet to prove. */
@Injectable()
export class CreateMember {
  constructor(
    private readonly drafting: DraftMember,
    private readonly identity: IdentityFacade,
    private readonly roles: GrantRole,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Throws ValidationFailed; EmailDomainNotAllowed, AboveOwnRights, NoLongerMember, QuotaExceeded, EmailTaken and
   * UsernameTaken, which stay on record; NotFound when the tenant is gone meanwhile; RateLimitExceeded,
   * DependencyUnavailable, Overloaded.
   */
  async execute(by: Principal, input: NewMember): Promise<MemberView> {
    // Before the password is hashed, which is slow, and once more when it is done.
    unlessRefused(await this.work.run(() => this.admit(by, input.email, input.role)));
    try {
      await this.roles.makeRoom(by.tenantId);
      const draft = await this.drafting.execute(by.tenantId, input);
      return unlessRefused(await this.work.run((now) => this.add(by, draft, input.role, now)));
    } catch (error) {
      if (error instanceof EmailTaken) await this.record(by, 'email_taken');
      if (error instanceof UsernameTaken) await this.record(by, 'username_taken');
      if (error instanceof QuotaExceeded) await this.record(by, 'quota_exceeded');
      throw error;
    }
  }

  private async add(by: Principal, draft: NewUser, roleName: string, now: Date): Promise<MemberView | DomainError> {
    // The tenant comes before its members, and before the user.
    await this.roles.makeRoom(by.tenantId);
    const role = await this.admit(by, draft.email, roleName);
    if (role instanceof DomainError) return role;
    const user = await this.identity.addUser(draft, by.tenantId);
    await this.events.append(memberCreated(by, user.id));
    await this.roles.toNewMember(by, user.id, role, now);
    return { ...user, status: 'active', roles: [role.name] };
  }

  /** What the tenant takes in is asked first: it is held before the memberships. */
  private async admit(by: Principal, email: string, roleName: string): Promise<GrantableRole | DomainError> {
    if (await this.drafting.isTakenIn(by.tenantId, email)) return this.roles.find(by, roleName);
    await this.events.append(memberCreationRefused(by, 'email_domain_not_allowed'));
    return new EmailDomainNotAllowed();
  }

  private record(by: Principal, reason: string): Promise<void> {
    return this.work.run(() => this.events.append(memberCreationRefused(by, reason)));
  }
}

/** Refused only after the commit, so that the attempt stays on record. */
function unlessRefused<T>(outcome: T | DomainError): T {
  if (outcome instanceof DomainError) throw outcome;
  return outcome;
}
