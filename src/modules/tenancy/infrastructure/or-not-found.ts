import { NotFound } from '../../../kernel/domain-error';
import { violatedReference } from '../../../platform/database/failures';

const OF_MEMBERSHIPS: readonly (string | undefined)[] = [
  'memberships_tenant',
  'memberships_user',
  'membership_roles_role',
];

/** A membership of a tenant, user or role that is gone meanwhile: they are not found. The unit of work is lost. */
export async function orNotFound(adding: Promise<unknown>): Promise<void> {
  try {
    await adding;
  } catch (error) {
    if (OF_MEMBERSHIPS.includes(violatedReference(error))) throw new NotFound({ cause: error });
    throw error;
  }
}
