import { Injectable } from '@nestjs/common';
import { DomainError, ValidationFailed } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { EmailTaken, IdentityFacade, type NewUser, UsernameTaken } from '../../../identity/identity.facade';
import { AboveOwnRights } from '../../domain/member-errors';
import { beyond } from '../../domain/permission';
import { memberCreated, memberCreationRefused, roleAboveRefused, roleGranted } from '../../tenancy.events';
import { TenancyQueries } from '../tenancy-queries';
import type { MemberView } from './member-queries';
import { type GrantableRole, Members } from './members.port';

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

const UNKNOWN_ROLE = { field: 'role', code: 'FIELD_INVALID', message: 'There is no such role.' };

/** Makes an account that belongs to the caller's tenant. Whose the address is its owner has yet to prove. */
@Injectable()
export class CreateMember {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly tenancy: TenancyQueries,
    private readonly members: Members,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws ValidationFailed, AboveOwnRights, EmailTaken and UsernameTaken, which stay on record; Overloaded. */
  async execute(by: Principal, input: NewMember): Promise<MemberView> {
    // Before the password is hashed, which is slow, and once more when it is done.
    unlessRefused(await this.work.run(() => this.grantable(by, input.role)));
    const tenant = await this.tenancy.find(by.tenantId);
    const context = tenant ? [tenant.name] : [];
    const draft = await this.identity.draftUser({ ...input, context, passwordChangeRequired: true });
    try {
      return unlessRefused(await this.work.run((now) => this.add(by, draft, input.role, now)));
    } catch (error) {
      if (error instanceof EmailTaken) await this.record(by, 'email_taken');
      if (error instanceof UsernameTaken) await this.record(by, 'username_taken');
      throw error;
    }
  }

  private async add(by: Principal, draft: NewUser, roleName: string, now: Date): Promise<MemberView | DomainError> {
    const role = await this.grantable(by, roleName);
    if (role instanceof DomainError) return role;
    const user = await this.identity.addUser(draft);
    await this.members.add(by.tenantId, user.id, role.id, now);
    await this.events.append(memberCreated(by, user.id));
    await this.events.append(roleGranted(by.tenantId, user.id, role.name));
    return { ...user, status: 'active', roles: [role.name] };
  }

  /** Nobody grants what they do not hold at this moment. */
  private async grantable(by: Principal, name: string): Promise<GrantableRole | DomainError> {
    const role = await this.members.findRole(by.tenantId, name);
    if (!role) return new ValidationFailed([UNKNOWN_ROLE]);
    const missing = beyond(await this.rightsOf(by), role.permissions);
    if (missing.length === 0) return role;
    await this.events.append(roleAboveRefused(by, role.name, missing));
    return new AboveOwnRights();
  }

  private async rightsOf({ kind, userId, tenantId, permissions }: Principal): Promise<readonly string[]> {
    if (kind !== 'user') return permissions;
    return (await this.tenancy.membershipOf(userId, tenantId))?.permissions ?? [];
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
