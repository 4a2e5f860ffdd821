import { randomBytes, randomUUID } from 'node:crypto';
import type { FullTenant, TenantsTable } from './one-of-everything';

/** Where in a request something of another tenant can be named. */
export type Way = 'path' | 'query' | 'body';

/** Another tenant's thing and one that is nobody's, of the same form. */
type Pair = { readonly theirs: (tenant: FullTenant) => string; readonly nobodys: () => string };

export type IsolationCase = {
  readonly way: Way;
  /** The parameter or field that names it, and what it names. */
  readonly names: Readonly<Record<string, Pair>>;
  /** What else the body says. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** What names things of one's own, so that the request is good but for the one. `own` is a member of the caller's tenant. */
  readonly path?: (own: { readonly tenant: string; readonly member: string }) => Readonly<Record<string, string>>;
  /** What the body names of one's own. */
  readonly own?: (own: { readonly member: string }) => Readonly<Record<string, string>>;
  /** Why the database alone does not tell: what is asked is asked of a user, in whichever tenant. */
  readonly notTheDatabases?: string;
};

const ofTable = (table: TenantsTable): Pair => ({ theirs: ({ rows }) => rows[table], nobodys: () => randomUUID() });

const TENANT = ofTable('tenants');
const MEMBER = ofTable('memberships');
const INVITATION = ofTable('invitations');
const ROLE = ofTable('roles');
const RESOURCE: Pair = { theirs: () => 'ticket', nobodys: () => 'nothing' };
const SESSION = ofTable('sessions');
const DEVICE = ofTable('trusted_devices');
const KEY: Pair = { theirs: ({ rows }) => rows.api_keys, nobodys: () => `ak_${randomBytes(16).toString('hex')}` };
const EVENT = ofTable('audit_events');
const ROLE_NAME: Pair = { theirs: () => 'own', nobodys: () => 'nobodys' };

const inPath = (names: Readonly<Record<string, Pair>>, json?: Readonly<Record<string, unknown>>): IsolationCase => ({
  way: 'path',
  names,
  ...(json && { json }),
});
const inQuery = (names: Readonly<Record<string, Pair>>): IsolationCase => ({ way: 'query', names });
const inBody = (names: Readonly<Record<string, Pair>>, more: Partial<IsolationCase> = {}): IsolationCase => ({
  way: 'body',
  names,
  ...more,
});

/** What is named is the provider, of whose identities only the caller's own are looked for. */
const OF_ONESELF: IsolationCase = {
  ...inPath({ provider: { theirs: () => 'acme', nobodys: () => 'nobody' } }),
  notTheDatabases: 'identities are of users, in whichever tenant, and looked up by the caller’s id',
};

/**
 * How each operation could be asked for what is another tenant's. A text says why it cannot: it takes no name of anything.
 * Operations that anybody may call have none.
 */
export const ISOLATION_CASES: Readonly<Record<string, readonly IsolationCase[] | string>> = {
  'GET /api-keys': [inQuery({ cursor: KEY })],
  'POST /api-keys': 'permissions are words, and the owner is the caller',
  'GET /api-keys/{id}': [inPath({ id: KEY })],
  'DELETE /api-keys/{id}': [inPath({ id: KEY })],
  'PATCH /api-keys/{id}': [inPath({ id: KEY }, { name: 'Mine' })],
  'POST /api-keys/{id}/rotate': [inPath({ id: KEY }, {})],
  'GET /audit-logs': [inQuery({ user_id: MEMBER })],
  'GET /audit-logs/export': [inQuery({ user_id: MEMBER })],
  'GET /audit-logs/summary': 'names nothing',
  'GET /audit-logs/verify': 'one’s own tenant against the seals, which are everybody’s and name nobody',
  'GET /audit-logs/{id}/proof': [inPath({ id: EVENT })],
  'GET /auth/audit-logs': [inQuery({ user_id: MEMBER })],
  'GET /auth/audit-logs/all': [inQuery({ user_id: MEMBER })],
  'POST /auth/email/change': 'own account',
  'POST /auth/introspect': 'tokens are secrets; introspection of another tenant’s is tested with them',
  'POST /auth/logout': 'own session',
  'GET /auth/me': 'own account',
  'GET /auth/oauth/links': 'own account',
  'DELETE /auth/oauth/links/{provider}': [OF_ONESELF],
  'GET /auth/oauth/links/{provider}/tokens': [OF_ONESELF],
  'POST /auth/password/change': 'own account',
  'GET /auth/sessions': 'own sessions',
  'DELETE /auth/sessions': 'own sessions',
  'DELETE /auth/sessions/{id}': [inPath({ id: SESSION })],
  'POST /auth/step-up': 'own session',
  'POST /auth/step-up/send': 'own session',
  'POST /auth/switch-tenant': [
    inBody({ tenant: TENANT }, { notTheDatabases: 'memberships of the user are looked up in every tenant' }),
  ],
  'POST /mfa/backup-codes/regenerate': 'own account',
  'POST /mfa/disable': 'own account',
  'DELETE /mfa/email': 'own account',
  'POST /mfa/email/setup': 'own account',
  'POST /mfa/email/verify': 'own account',
  'DELETE /mfa/sms': 'own account',
  'POST /mfa/sms/setup': 'own account',
  'POST /mfa/sms/verify': 'own account',
  'GET /mfa/status': 'own account',
  'DELETE /mfa/totp': 'own account',
  'POST /mfa/totp/setup': 'own account',
  'POST /mfa/totp/verify': 'own account',
  'GET /mfa/trusted-devices': 'own devices',
  'DELETE /mfa/trusted-devices/{id}': [inPath({ id: DEVICE })],
  'PATCH /mfa/trusted-devices/{id}': [inPath({ id: DEVICE }, { name: 'Mine' })],
  'POST /authz/check': 'own rights, of which permissions are words',
  'GET /permissions': 'names nothing',
  'POST /permissions': 'makes one of the active tenant',
  'PUT /permissions/{resource}': [inPath({ resource: RESOURCE }, { description: 'Taken', actions: ['take'] })],
  'DELETE /permissions/{resource}': [inPath({ resource: RESOURCE })],
  'GET /roles': [inQuery({ cursor: ROLE })],
  'POST /roles': 'makes one of the active tenant',
  'GET /roles/{id}': [inPath({ id: ROLE })],
  'PUT /roles/{id}': [inPath({ id: ROLE }, { name: 'taken', description: 'Taken', permissions: ['a:b'] })],
  'DELETE /roles/{id}': [inPath({ id: ROLE })],
  'GET /tenants': [
    { ...inQuery({ cursor: TENANT }), notTheDatabases: 'tenants of the user are listed, whichever is active' },
  ],
  'POST /tenants': 'makes one of one’s own',
  'GET /tenants/{id}': [inPath({ id: TENANT })],
  'PATCH /tenants/{id}': [inPath({ id: TENANT }, { name: 'Taken' })],
  'DELETE /tenants/{id}': [inPath({ id: TENANT })],
  'POST /tenants/{id}/suspend': [inPath({ id: TENANT }, {})],
  'POST /tenants/{id}/reactivate': [inPath({ id: TENANT })],
  'POST /tenants/{id}/transfer-ownership': [
    { ...inPath({ id: TENANT }), own: ({ member }) => ({ user_id: member }) },
    inBody({ user_id: MEMBER }, { path: ({ tenant }) => ({ id: tenant }) }),
  ],
  'GET /tenants/{id}/members': [inPath({ id: TENANT })],
  'PUT /tenants/{id}/members/{user_id}': [
    inPath({ id: TENANT, user_id: MEMBER }, { roles: ['viewer'] }),
    { ...inPath({ user_id: MEMBER }, { roles: ['viewer'] }), path: ({ tenant }) => ({ id: tenant }) },
    { ...inPath({ id: TENANT }, { roles: ['viewer'] }), path: ({ member }) => ({ user_id: member }) },
    inBody({ 'roles[]': ROLE_NAME }, { path: ({ tenant, member }) => ({ id: tenant, user_id: member }) }),
  ],
  'DELETE /tenants/{id}/members/{user_id}': [
    inPath({ id: TENANT, user_id: MEMBER }),
    { ...inPath({ user_id: MEMBER }), path: ({ tenant }) => ({ id: tenant }) },
    { ...inPath({ id: TENANT }), path: ({ member }) => ({ user_id: member }) },
  ],
  'GET /tenants/{id}/limits': [inPath({ id: TENANT })],
  'PUT /tenants/{id}/limits': [inPath({ id: TENANT }, { max_users: 1 })],
  'GET /tenants/{id}/usage': [inPath({ id: TENANT })],
  'GET /tenants/{id}/policy': [inPath({ id: TENANT })],
  'PATCH /tenants/{id}/policy': [
    inPath({ id: TENANT }, { password_history: 3 }),
    inBody({ 'mfa_required_roles[]': ROLE_NAME }, { path: ({ tenant }) => ({ id: tenant }) }),
  ],
  'GET /users': [inQuery({ cursor: MEMBER }), inQuery({ role: ROLE_NAME })],
  'POST /users': [
    inBody({ role: ROLE_NAME }, { json: { email: 'new@example.com', password: 'correct horse battery staple' } }),
  ],
  'GET /users/invitations': [inQuery({ cursor: INVITATION })],
  'DELETE /users/invitations/{id}': [inPath({ id: INVITATION })],
  'POST /users/invitations/{id}/resend': [inPath({ id: INVITATION })],
  'POST /users/invite': [inBody({ role: ROLE_NAME }, { json: { email: 'new@example.com' } })],
  'DELETE /users/me': 'own account',
  'GET /users/me': 'own account',
  'PATCH /users/me': 'own account',
  'GET /users/me/export': 'own account',
  'GET /users/{id}': [inPath({ id: MEMBER })],
  'PUT /users/{id}': [inPath({ id: MEMBER }, { username: null, first_name: 'Taken', last_name: null })],
  'PATCH /users/{id}': [inPath({ id: MEMBER }, { first_name: 'Taken' })],
  'DELETE /users/{id}': [inPath({ id: MEMBER })],
  'POST /users/{id}/disable': [inPath({ id: MEMBER })],
  'POST /users/{id}/enable': [inPath({ id: MEMBER })],
  'POST /users/{id}/lock': [inPath({ id: MEMBER })],
  'POST /users/{id}/unlock': [inPath({ id: MEMBER })],
  'POST /users/{id}/sign-out': [inPath({ id: MEMBER })],
  'POST /users/{id}/reset-mfa': [inPath({ id: MEMBER })],
};
