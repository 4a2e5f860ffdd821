import { asks, type Deed, type Deeds } from './deed';
import type { Person } from './person';
import type { Stage } from './stage';

type Role = { readonly owner: Person; readonly id: string; readonly name: string };

const ROLE = { description: 'For tests', permissions: ['dataset:read'] };

async function aRole(s: Stage): Promise<Role> {
  const [owner, name] = [await s.anOwner(), s.aName()];
  const { body } = await s.done(owner.post('/roles', { name, ...ROLE }));
  return { owner, id: String(body.id), name };
}

const withRole =
  (act: (role: Role) => ReturnType<Person['post']>): Deed['by'] =>
  async (s) => {
    const role = await aRole(s);
    return () => act(role);
  };

const withResource =
  (act: (owner: Person) => ReturnType<Person['post']>): Deed['by'] =>
  async (s) => {
    const owner = await s.anOwner();
    await s.done(owner.post('/permissions', { resource: 'ticket', description: 'x', actions: ['read'] }));
    return () => act(owner);
  };

const withKey =
  (act: (owner: Person, id: string) => ReturnType<Person['post']>): Deed['by'] =>
  async (s) => {
    const owner = await s.anOwner();
    const { id } = await owner.key(['dataset:read']);
    return () => act(owner, id);
  };

/** Somebody who may do less wants to change the key of somebody else. */
const ofOther =
  (act: (admin: Person, id: string) => ReturnType<Person['post']>): Deed['by'] =>
  async (s) => {
    const owner = await s.anOwner();
    const [admin, { id }] = [await s.aMember(owner, 'admin'), await owner.key(['*:*'])];
    return () => act(admin, id);
  };

/** Roles, permissions and API keys. */
export const RIGHT_DEEDS: Deeds = {
  'GET /roles': asks(async (s) => {
    const owner = await s.anOwner();
    return () => owner.get('/roles');
  }),
  'GET /roles/{id}': asks(withRole(({ owner, id }) => owner.get(`/roles/${id}`))),
  'POST /roles': [
    {
      status: 201,
      leaves: ['role.created success user role in'],
      by: async (s) => {
        const owner = await s.anOwner();
        return () => owner.post('/roles', { name: s.aName(), ...ROLE });
      },
    },
    {
      when: 'the name is taken',
      status: 409,
      leaves: ['role.created failure user - in'],
      by: withRole(({ owner, name }) => owner.post('/roles', { name, ...ROLE })),
    },
    {
      when: 'it may do more than they may',
      status: 403,
      leaves: ['access.denied failure user - in'],
      by: async (s) => {
        const admin = await s.aMember(await s.anOwner(), 'admin');
        return () => admin.post('/roles', { name: s.aName(), permissions: ['*:*'] });
      },
    },
  ],
  'PUT /roles/{id}': [
    {
      status: 200,
      leaves: ['role.updated success user role in'],
      by: withRole(({ owner, id, name }) =>
        owner.call('PUT', `/roles/${id}`, {
          name,
          description: 'Other',
          permissions: ['dataset:read', 'dataset:write'],
        }),
      ),
    },
    {
      when: 'it is built in',
      status: 409,
      leaves: ['role.updated failure user role in'],
      by: async (s) => {
        const owner = await s.anOwner();
        const { body } = await s.done(owner.get('/roles'));
        const viewer = body.items.find(({ name }) => name === 'viewer');
        return () => owner.call('PUT', `/roles/${String(viewer?.id)}`, { name: 'viewer', ...ROLE });
      },
    },
  ],
  'DELETE /roles/{id}': [
    {
      status: 204,
      leaves: ['role.deleted success user role in'],
      by: withRole(({ owner, id }) => owner.call('DELETE', `/roles/${id}`)),
    },
    {
      when: 'somebody holds it',
      status: 409,
      leaves: ['role.deleted failure user role in'],
      by: async (s) => {
        const { owner, id, name } = await aRole(s);
        await s.aMember(owner, name);
        return () => owner.call('DELETE', `/roles/${id}`);
      },
    },
  ],
  'GET /permissions': asks(withResource((owner) => owner.get('/permissions'))),
  'POST /permissions': [
    {
      status: 201,
      leaves: ['permission.registered success user permission in'],
      by: async (s) => {
        const owner = await s.anOwner();
        return () => owner.post('/permissions', { resource: 'ticket', description: 'x', actions: ['read'] });
      },
    },
    {
      when: 'they may not',
      status: 403,
      leaves: ['access.denied failure user - in'],
      by: async (s) => {
        const viewer = await s.aMember(await s.anOwner());
        return () => viewer.post('/permissions', { resource: 'ticket', description: 'x', actions: ['read'] });
      },
    },
  ],
  'PUT /permissions/{resource}': [
    {
      status: 200,
      leaves: ['permission.updated success user permission in'],
      by: withResource((owner) =>
        owner.call('PUT', '/permissions/ticket', { description: 'y', actions: ['read', 'write'] }),
      ),
    },
  ],
  'DELETE /permissions/{resource}': [
    {
      status: 204,
      leaves: ['permission.removed success user permission in'],
      by: withResource((owner) => owner.call('DELETE', '/permissions/ticket')),
    },
  ],
  'GET /api-keys': asks(withKey((owner) => owner.get('/api-keys'))),
  'GET /api-keys/{id}': asks(withKey((owner, id) => owner.get(`/api-keys/${id}`))),
  'POST /api-keys': [
    {
      status: 201,
      leaves: ['api_key.created success user api_key in'],
      by: async (s) => {
        const owner = await s.anOwner();
        return () => owner.post('/api-keys', { name: 'x', permissions: ['dataset:read'], allowed_ips: ['10.0.0.0/8'] });
      },
    },
    {
      when: 'it may do more than they may',
      status: 403,
      leaves: ['api_key.created failure user - in'],
      by: async (s) => {
        const admin = await s.aMember(await s.anOwner(), 'admin');
        return () => admin.post('/api-keys', { name: 'x', permissions: ['*:*'] });
      },
    },
    {
      when: 'the tenant has as many as it may',
      status: 403,
      leaves: ['api_key.created failure user - in'],
      by: async (s) => {
        const [owner, admin] = [await s.anOwner(), await s.aSystemAdministrator()];
        await s.done(admin.call('PUT', `/tenants/${owner.tenantId}/limits`, { max_api_keys: 0 }));
        return () => owner.post('/api-keys', { name: 'x', permissions: ['dataset:read'] });
      },
    },
  ],
  'PATCH /api-keys/{id}': [
    {
      status: 200,
      leaves: ['api_key.updated success user api_key in'],
      by: withKey((owner, id) => owner.call('PATCH', `/api-keys/${id}`, { name: 'y' })),
    },
    {
      when: 'it may do more than they may',
      status: 403,
      leaves: ['access.denied failure user api_key in'],
      by: ofOther((admin, id) => admin.call('PATCH', `/api-keys/${id}`, { name: 'y' })),
    },
  ],
  'POST /api-keys/{id}/rotate': [
    {
      status: 201,
      leaves: ['api_key.created success user api_key in', 'api_key.rotated success user api_key in'],
      by: withKey((owner, id) => owner.post(`/api-keys/${id}/rotate`, {})),
    },
    {
      when: 'it is of somebody else',
      status: 403,
      leaves: ['access.denied failure user api_key in'],
      by: ofOther((admin, id) => admin.post(`/api-keys/${id}/rotate`, {})),
    },
  ],
  'DELETE /api-keys/{id}': [
    {
      status: 204,
      leaves: ['api_key.revoked success user api_key in'],
      by: withKey((owner, id) => owner.call('DELETE', `/api-keys/${id}`)),
    },
  ],
};
