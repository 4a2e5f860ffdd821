import type { UserView } from '../modules/identity/identity.facade';
import type { LockoutView } from '../modules/identity/lockout.facade';
import type { CreatedAccount } from '../modules/signin/signin.facade';
import type { Json } from './terminal';

type Fields = Readonly<Record<string, string | number | boolean | null>>;

/** A user as programs read one. */
export function userJson(user: UserView): Fields {
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

/** Who is kept out of an account, as programs read it. */
export function lockoutJson({ failures, stoppedAt, waiting }: LockoutView): Fields {
  return {
    wrong_passwords: failures,
    sign_in_stopped_at: stoppedAt?.toISOString() ?? null,
    waiting: waiting.map(({ source, until }) => `${source} until ${until.toISOString()}`).join(', ') || null,
  };
}

/** A user as people read one. */
export function userWords(user: UserView): string {
  return words(userJson(user));
}

/** Fields under each other. */
export function words(shown: Fields): string {
  const fields = Object.entries(shown);
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${name.padEnd(width)}  ${String(value ?? '-')}`).join('\n');
}
