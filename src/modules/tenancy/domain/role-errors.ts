import { DomainError } from '../../../kernel/domain-error';

/** Whoever makes, changes or deletes a role holds all that it grants, before and after. */
export class RoleAboveOwnRights extends DomainError {
  readonly code = 'INSUFFICIENT_PERMISSIONS';
  override readonly detail = 'Nobody makes, changes or deletes a role that grants what they may not do themselves.';
}

/** Built-in roles are the same in every tenant. */
export class RoleBuiltIn extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'Built-in roles cannot be changed. Make a role of your own.';
}

/** A role of the tenant, or a built-in one, has the name. */
export class RoleNameTaken extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'Another role has this name.';
}

/** Where a role is in use. */
export type RoleUses = { readonly members: number; readonly invitations: number };

/** Members hold the role, or somebody is invited to it. */
export class RoleInUse extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail: string;

  constructor({ members, invitations }: RoleUses) {
    super();
    this.detail = `The role is in use: ${members} held by members, ${invitations} in pending invitations.`;
  }
}

/** A member without a role could do nothing and be told nothing. */
export class LastRole extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'It is the only role of the member. Grant another one first, or remove the member.';
}

/** What may be done with the resources of this service is not for a tenant to say. */
export class ResourceBuiltIn extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'Built-in resources cannot be registered, changed or removed.';
}

/** The tenant registered a resource of that name before. */
export class ResourceTaken extends DomainError {
  readonly code = 'CONFLICT';
  override readonly detail = 'A resource of this name is registered already.';
}

/** The catalogue is for people to choose from. */
export class TooManyResources extends DomainError {
  readonly code = 'QUOTA_EXCEEDED';
  override readonly detail = 'The tenant has registered as many resources as it may.';
}
