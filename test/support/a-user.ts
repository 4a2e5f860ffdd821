import { randomUUID } from 'node:crypto';
import { userId } from '../../src/kernel/ids';
import { type NewUser, User } from '../../src/modules/identity/domain/user';

const BORN = new Date('2025-12-01T00:00:00.000Z');

/** A user nobody can sign in as: verified, active, without a username. */
export function aUser(overrides: Partial<NewUser> = {}): User {
  const id = userId(randomUUID());
  const user: NewUser = {
    id,
    email: `${id}@example.com`,
    username: null,
    firstName: null,
    lastName: null,
    emailVerified: true,
    systemAdministrator: false,
    passwordHash: 'opened by no password',
    passwordChangeRequired: false,
    securityStamp: randomUUID(),
  };
  return User.create({ ...user, ...overrides }, BORN);
}
