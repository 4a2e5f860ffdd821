import { asks, type Deed, type Deeds } from './deed';
import type { Person } from './person';
import type { Stage } from './stage';

const ofOwner =
  (act: (owner: Person, stage: Stage) => ReturnType<Person['post']>): Deed['by'] =>
  async (s) => {
    const owner = await s.anOwner();
    return () => act(owner, s);
  };

/** What a system administrator does to a tenant of somebody else. */
const ofAdministrator =
  (act: (admin: Person, tenant: string) => ReturnType<Person['post']>, first?: string): Deed['by'] =>
  async (s) => {
    const [admin, { tenantId }] = [await s.aSystemAdministrator(), await s.anOwner()];
    if (first) await s.done(admin.post(`/tenants/${tenantId}/${first}`, {}));
    return () => act(admin, tenantId);
  };

const path = ({ tenantId }: Person, more = ''): string => `/tenants/${tenantId}${more}`;

/** Tenants, their rules, limits and members. */
export const TENANT_DEEDS: Deeds = {
  'GET /tenants': asks(ofOwner((owner) => owner.get('/tenants'))),
  'GET /tenants/{id}': asks(ofOwner((owner) => owner.get(path(owner)))),
  'GET /tenants/{id}/members': asks(ofOwner((owner) => owner.get(path(owner, '/members')))),
  'GET /tenants/{id}/limits': asks(ofOwner((owner) => owner.get(path(owner, '/limits')))),
  'GET /tenants/{id}/usage': asks(ofOwner((owner) => owner.get(path(owner, '/usage')))),
  'GET /tenants/{id}/policy': asks(ofOwner((owner) => owner.get(path(owner, '/policy')))),
  'POST /tenants': [
    {
      status: 201,
      leaves: ['tenant.created success user tenant in'],
      by: async (s) => {
        const admin = await s.aSystemAdministrator();
        return () => admin.post('/tenants', { name: s.aName() });
      },
    },
    {
      when: 'the slug is taken',
      status: 409,
      leaves: ['tenant.created failure user - in'],
      by: async (s) => {
        const [admin, slug] = [await s.aSystemAdministrator(), s.aName()];
        await s.done(admin.post('/tenants', { name: 'One', slug }));
        return () => admin.post('/tenants', { name: 'Another', slug });
      },
    },
  ],
  'PATCH /tenants/{id}': [
    {
      status: 200,
      leaves: ['tenant.updated success user tenant in'],
      by: ofOwner((owner) => owner.call('PATCH', path(owner), { name: 'Renamed' })),
    },
    {
      when: 'the slug is taken',
      status: 409,
      leaves: ['tenant.updated failure user tenant in'],
      by: async (s) => {
        const [admin, slug, owner] = [await s.aSystemAdministrator(), s.aName(), await s.anOwner()];
        await s.done(admin.post('/tenants', { name: 'One', slug }));
        return () => owner.call('PATCH', path(owner), { slug });
      },
    },
  ],
  'DELETE /tenants/{id}': [
    {
      status: 204,
      leaves: [
        'tenant.created success user tenant in',
        'session.revoked success user - in',
        'tenant.deleted success user tenant in',
      ],
      by: ofOwner((owner) => owner.call('DELETE', path(owner))),
    },
  ],
  'POST /tenants/{id}/suspend': [
    {
      status: 200,
      leaves: ['session.revoked success user - in', 'tenant.suspended success user tenant in'],
      by: ofAdministrator((admin, id) => admin.post(`/tenants/${id}/suspend`, { reason: 'unpaid' })),
    },
    {
      when: 'it is deleted',
      status: 409,
      leaves: ['tenant.suspended failure user tenant in'],
      by: async (s) => {
        const [admin, owner] = [await s.aSystemAdministrator(), await s.anOwner()];
        await s.done(admin.call('DELETE', path(owner)));
        return () => admin.post(path(owner, '/suspend'), {});
      },
    },
    {
      when: 'they are no system administrator',
      status: 403,
      leaves: ['access.denied failure user tenant in'],
      by: ofOwner((owner) => owner.post(path(owner, '/suspend'), {})),
    },
  ],
  'POST /tenants/{id}/reactivate': [
    {
      status: 200,
      leaves: ['tenant.reactivated success user tenant in'],
      by: ofAdministrator((admin, id) => admin.post(`/tenants/${id}/reactivate`), 'suspend'),
    },
  ],
  'POST /tenants/{id}/transfer-ownership': [
    {
      status: 204,
      leaves: [
        'role.granted success user user in',
        'role.granted success user user in',
        'role.revoked success user user in',
        'tenant.ownership_transferred success user tenant in',
      ],
      by: async (s) => {
        const owner = await s.anOwner();
        const { userId } = await s.aMember(owner);
        return () => owner.post(path(owner, '/transfer-ownership'), { user_id: userId });
      },
    },
    {
      when: 'they do not own it',
      status: 403,
      leaves: ['access.denied failure user user in'],
      by: async (s) => {
        const owner = await s.anOwner();
        const [admin, { userId }] = [await s.aMember(owner, 'admin'), await s.aMember(owner)];
        return () => admin.post(path(owner, '/transfer-ownership'), { user_id: userId });
      },
    },
  ],
  'PUT /tenants/{id}/members/{user_id}': [
    {
      status: 200,
      leaves: ['role.granted success user user in', 'role.revoked success user user in'],
      by: async (s) => {
        const owner = await s.anOwner();
        const { userId } = await s.aMember(owner);
        return () => owner.call('PUT', path(owner, `/members/${userId}`), { roles: ['analyst'] });
      },
    },
    {
      when: 'nobody would own the tenant',
      status: 409,
      leaves: ['role.granted failure user user in'],
      by: ofOwner((owner) => owner.call('PUT', path(owner, `/members/${owner.userId}`), { roles: ['viewer'] })),
    },
    {
      when: 'the role may do more than they may',
      status: 403,
      leaves: ['access.denied failure user - in'],
      by: async (s) => {
        const owner = await s.anOwner();
        const [admin, { userId }] = [await s.aMember(owner, 'admin'), await s.aMember(owner)];
        return () => admin.call('PUT', path(owner, `/members/${userId}`), { roles: ['owner'] });
      },
    },
  ],
  'DELETE /tenants/{id}/members/{user_id}': [
    {
      status: 204,
      leaves: ['session.revoked success user - in', 'user.deleted success user user in'],
      by: async (s) => {
        const [owner, person] = [await s.anOwner(), await s.aPerson()];
        await s.joins(owner, person);
        return () => owner.call('DELETE', path(owner, `/members/${person.userId}`));
      },
    },
  ],
  'PUT /tenants/{id}/limits': [
    {
      status: 200,
      leaves: ['tenant.limits_changed success user tenant in'],
      by: ofAdministrator((admin, id) => admin.call('PUT', `/tenants/${id}/limits`, { max_users: 5 })),
    },
    {
      when: 'they are no system administrator',
      status: 403,
      leaves: ['access.denied failure user tenant in'],
      by: ofOwner((owner) => owner.call('PUT', path(owner, '/limits'), { max_users: 5 })),
    },
  ],
  'PATCH /tenants/{id}/policy': [
    {
      status: 200,
      leaves: ['tenant.updated success user tenant in'],
      by: ofOwner((owner) => owner.call('PATCH', path(owner, '/policy'), { password_history: 3 })),
    },
    {
      when: 'they may not',
      status: 403,
      leaves: ['access.denied failure user - in'],
      by: async (s) => {
        const viewer = await s.aMember(await s.anOwner());
        return () => viewer.call('PATCH', path(viewer, '/policy'), { password_history: 3 });
      },
    },
  ],
};
