import { join } from 'node:path';
import type { CommandDeed } from './commands';

/** By the name of the command's class. */
export const COMMAND_DEEDS: Readonly<Record<string, readonly CommandDeed[]>> = {
  Migrate: [{ when: 'nothing is pending', leaves: [], by: () => Promise.resolve({}) }],
  Seed: [{ when: 'the roles are there', leaves: [], by: () => Promise.resolve({}) }],
  Init: [
    {
      leaves: ['tenant.created success cli tenant in', 'user.created success cli user in'],
      by: () => Promise.resolve({}),
    },
    { when: 'there is an administrator', leaves: [], by: () => Promise.resolve({}) },
  ],
  UsersCreate: [
    {
      leaves: ['tenant.created success cli tenant in', 'user.created success cli user in'],
      by: (s) => Promise.resolve({ words: [s.anAddress()] }),
    },
    {
      when: 'they are to join a tenant',
      leaves: ['user.created success cli user in', 'role.granted success cli user in'],
      by: async (s) => {
        const { tenantId: tenant } = await s.anOwner();
        return { words: [s.anAddress()], options: { tenant, role: 'analyst' } };
      },
    },
  ],
  UsersDelete: [
    {
      leaves: ['tenant.deleted success cli tenant in', 'user.deleted success cli user -'],
      by: async (s) => ({ words: [(await s.aPerson()).email] }),
    },
  ],
  UsersUnlock: [
    {
      leaves: ['user.unlocked success cli user -'],
      by: async (s) => {
        const { email } = await s.aPerson();
        for (let n = 0; n < 5; n += 1) await s.service.client.login(email, 'a wrong password indeed');
        return { words: [email] };
      },
    },
  ],
  UsersGrantSystemAdmin: [
    {
      leaves: ['user.system_administrator_granted success cli user -'],
      by: async (s) => ({ words: [(await s.aPerson()).email] }),
    },
  ],
  UsersRevokeSystemAdmin: [
    {
      leaves: ['user.system_administrator_revoked success cli user -'],
      by: async (s) => ({ words: [(await s.aSystemAdministrator()).email] }),
    },
  ],
  TenantsCreate: [
    {
      leaves: ['tenant.created success cli tenant in'],
      by: async (s) => ({ words: ['Acme'], options: { owner: (await s.aPerson()).email, slug: s.aName() } }),
    },
  ],
  TenantsSuspend: [
    {
      leaves: ['session.revoked success cli - in', 'tenant.suspended success cli tenant in'],
      by: async (s) => ({ words: [(await s.anOwner()).tenantId] }),
    },
  ],
  TenantsReactivate: [
    {
      leaves: ['tenant.reactivated success cli tenant in'],
      by: async (s) => {
        const [admin, { tenantId }] = [await s.aSystemAdministrator(), await s.anOwner()];
        await s.done(admin.post(`/tenants/${tenantId}/suspend`, {}));
        return { words: [tenantId] };
      },
    },
  ],
  TenantsSetLimits: [
    {
      leaves: ['tenant.limits_changed success cli tenant in'],
      by: async (s) => ({ words: [(await s.anOwner()).tenantId], options: { maxUsers: 5 } }),
    },
  ],
  RolesCreate: [
    {
      leaves: ['role.created success cli role in'],
      by: async (s) => {
        const { tenantId: tenant } = await s.anOwner();
        return { words: [s.aName()], options: { tenant, permission: ['dataset:read'] } };
      },
    },
  ],
  RolesGrant: [
    {
      leaves: ['role.granted success cli user in'],
      by: async (s) => {
        const owner = await s.anOwner();
        const { email } = await s.aMember(owner);
        return { words: [email, 'analyst'], options: { tenant: owner.tenantId } };
      },
    },
  ],
  RolesRevoke: [
    {
      leaves: ['role.revoked success cli user in'],
      by: async (s) => {
        const owner = await s.anOwner();
        const { email, userId } = await s.aMember(owner);
        const member = `/tenants/${owner.tenantId}/members/${userId}`;
        await s.done(owner.call('PUT', member, { roles: ['viewer', 'analyst'] }));
        return { words: [email, 'viewer'], options: { tenant: owner.tenantId } };
      },
    },
  ],
  ApiKeysCreate: [
    {
      leaves: ['api_key.created success cli api_key in'],
      by: async (s) => {
        const { email: owner, tenantId: tenant } = await s.anOwner();
        return { words: ['deploy'], options: { owner, tenant, permission: ['dataset:read'] } };
      },
    },
  ],
  ApiKeysRevoke: [
    {
      leaves: ['api_key.revoked success cli api_key in'],
      by: async (s) => ({ words: [(await (await s.anOwner()).key()).id] }),
    },
  ],
  KeysRotate: [
    {
      leaves: ['signing_key.rotated success cli signing_key -', 'signing_key.created success cli signing_key -'],
      by: () => Promise.resolve({ options: { now: true } }),
    },
  ],
  KeysRetire: [
    {
      leaves: ['signing_key.retired success cli signing_key -'],
      by: async (s) => {
        const sql = "SELECT kid FROM signing_keys WHERE state = 'previous'";
        const [key] = await s.service.source.query<{ kid: string }[]>(sql);
        return { words: [key?.kid ?? ''], options: { now: true } };
      },
    },
  ],
  AuditList: [{ leaves: ['audit.read success cli - -'], by: () => Promise.resolve({}) }],
  AuditExport: [
    {
      leaves: ['audit.exported success cli - -'],
      by: ({ service }) =>
        Promise.resolve({ options: { out: join(service.database.variables.DATA_DIR ?? '', 'export.ndjson') } }),
    },
  ],
  AuditVerify: [{ leaves: ['audit.verified success cli audit_log -'], by: () => Promise.resolve({}) }],
};

/** Commands that change nothing, or nothing in the database. */
export const ASKING_COMMANDS = [
  'Start',
  'UsersList',
  'UsersShow',
  'TenantsList',
  'TenantsShow',
  'TenantsUsage',
  'ApiKeysList',
  'RolesList',
  'KeysList',
  'MailList',
  'MailShow',
  'AuditPublicKey',
  'ConfigCheck',
  'OpenApi',
];

/** Commands whose work takes more than one service, and where they are seen. */
export const COMMANDS_SEEN_ELSEWHERE: Readonly<Record<string, string>> = {
  MailRetry: 'test/e2e/mail-command-line.e2e-spec.ts',
  AuditTail: 'test/e2e/audit-command-line.e2e-spec.ts',
  AuditArchive: 'test/e2e/audit-archive-command-line.e2e-spec.ts',
};
