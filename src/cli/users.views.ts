import type { UserView } from '../modules/identity/identity.facade';
import type { CreatedAccount } from '../modules/signin/signin.facade';
import type { Json } from './terminal';

/** A user as programs read one. */
export function userJson(user: UserView): Record<string, string | boolean | null> {
  return {
    id: user.id,
    email: user.email,
    username: user.username,
    first_name: user.firstName,
    last_name: user.lastName,
    email_verified: user.emailVerified,
    status: user.status,
    system_administrator: user.systemAdministrator,
    password_change_required: user.passwordChangeRequired,
    created_at: user.createdAt.toISOString(),
    last_login_at: user.lastLoginAt?.toISOString() ?? null,
  };
}

/** A new account as programs read one; the password is in it once, when it was made. */
export function accountJson({ user, tenant, oneTimePassword }: CreatedAccount): Json {
  return {
    user: userJson(user),
    tenant: { id: tenant.id, name: tenant.name, slug: tenant.slug },
    one_time_password: oneTimePassword,
  };
}

/** A user as people read one. */
export function userWords(user: UserView): string {
  const fields = Object.entries(userJson(user));
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${name.padEnd(width)}  ${String(value ?? '-')}`).join('\n');
}
