import { PASSWORD } from '../client';
import { asks, type Deed, type Deeds } from './deed';
import type { Person } from './person';

const GARBAGE = 'x'.repeat(43);

/** What the owner of a tenant does to a member. */
const toMember =
  (act: (owner: Person, member: Person) => ReturnType<Person['post']>): Deed['by'] =>
  async (s) => {
    const owner = await s.anOwner();
    const member = await s.aMember(owner);
    return () => act(owner, member);
  };

/** What a member who may do little does to the owner. */
const toOwner =
  (act: (member: Person, owner: Person) => ReturnType<Person['post']>): Deed['by'] =>
  async (s) => {
    const owner = await s.anOwner();
    const member = await s.aMember(owner, 'admin');
    return () => act(member, owner);
  };

const above = (act: (member: Person, owner: Person) => ReturnType<Person['post']>): Deed => ({
  when: 'the other may do more',
  status: 403,
  leaves: ['access.denied failure user user in'],
  by: toOwner(act),
});

/** Something is done to a member after something else was. */
const after =
  (first: string, then: string): Deed['by'] =>
  async (s) => {
    const owner = await s.anOwner();
    const member = await s.aMember(owner);
    await s.done(owner.post(`/users/${member.userId}/${first}`));
    return () => owner.post(`/users/${member.userId}/${then}`);
  };

/** The members of a tenant, and who is invited to be one. */
export const MEMBER_DEEDS: Deeds = {
  'GET /users': asks(async (s) => {
    const owner = await s.anOwner();
    return () => owner.get('/users');
  }),
  'GET /users/{id}': asks(toMember((owner, { userId }) => owner.get(`/users/${userId}`))),
  'POST /users': [
    {
      status: 201,
      leaves: ['user.created success user user in', 'role.granted success user user in'],
      by: async (s) => {
        const owner = await s.anOwner();
        return () => owner.post('/users', { email: s.anAddress(), password: PASSWORD, role: 'viewer' });
      },
    },
    {
      when: 'the address has an account',
      status: 409,
      leaves: ['user.created failure user - in'],
      by: async (s) => {
        const owner = await s.anOwner();
        return () => owner.post('/users', { email: owner.email, password: PASSWORD, role: 'viewer' });
      },
    },
    {
      when: 'they may not',
      status: 403,
      leaves: ['access.denied failure user - in'],
      by: async (s) => {
        const viewer = await s.aMember(await s.anOwner());
        return () => viewer.post('/users', { email: s.anAddress(), password: PASSWORD, role: 'viewer' });
      },
    },
    {
      when: 'the role may do more than they may',
      status: 403,
      leaves: ['access.denied failure user - in'],
      by: async (s) => {
        const admin = await s.aMember(await s.anOwner(), 'admin');
        return () => admin.post('/users', { email: s.anAddress(), password: PASSWORD, role: 'owner' });
      },
    },
    {
      when: 'the tenant has as many members as it may',
      status: 403,
      leaves: ['user.created failure user - in'],
      by: async (s) => {
        const [owner, admin] = [await s.anOwner(), await s.aSystemAdministrator()];
        await s.done(admin.call('PUT', `/tenants/${owner.tenantId}/limits`, { max_users: 1 }));
        return () => owner.post('/users', { email: s.anAddress(), password: PASSWORD, role: 'viewer' });
      },
    },
  ],
  'PATCH /users/{id}': [
    {
      status: 200,
      leaves: ['user.updated success user user in'],
      by: toMember((owner, { userId }) => owner.call('PATCH', `/users/${userId}`, { first_name: 'Ann' })),
    },
    above((member, { userId }) => member.call('PATCH', `/users/${userId}`, { first_name: 'Ann' })),
  ],
  'PUT /users/{id}': [
    {
      status: 200,
      leaves: ['user.updated success user user in'],
      by: toMember((owner, { userId }) =>
        owner.call('PUT', `/users/${userId}`, { username: null, first_name: 'Ann', last_name: null }),
      ),
    },
    {
      when: 'the username is taken',
      status: 409,
      leaves: ['user.updated failure user user in'],
      by: async (s) => {
        const [username, owner] = [s.aName(), await s.anOwner()];
        await s.aPerson({ username });
        const { userId } = await s.aMember(owner);
        return () => owner.call('PUT', `/users/${userId}`, { username, first_name: null, last_name: null });
      },
    },
  ],
  'DELETE /users/{id}': [
    {
      status: 204,
      leaves: ['session.revoked success user - in', 'user.deleted success user user in'],
      by: toMember((owner, { userId }) => owner.call('DELETE', `/users/${userId}`)),
    },
    {
      when: 'they are in another tenant, too',
      status: 204,
      leaves: ['session.revoked success user - in', 'user.deleted success user user in'],
      by: async (s) => {
        const [owner, person] = [await s.anOwner(), await s.aPerson()];
        await s.joins(owner, person);
        return () => owner.call('DELETE', `/users/${person.userId}`);
      },
    },
    above((member, { userId }) => member.call('DELETE', `/users/${userId}`)),
  ],
  'POST /users/{id}/lock': [
    {
      status: 204,
      leaves: ['session.revoked success user - in', 'user.locked success user user in'],
      by: toMember((owner, { userId }) => owner.post(`/users/${userId}/lock`)),
    },
    {
      when: 'they are disabled',
      status: 409,
      leaves: ['user.locked failure user user in'],
      by: after('disable', 'lock'),
    },
  ],
  'POST /users/{id}/unlock': [
    { status: 204, leaves: ['user.unlocked success user user in'], by: after('lock', 'unlock') },
  ],
  'POST /users/{id}/disable': [
    {
      status: 204,
      leaves: ['session.revoked success user - in', 'user.disabled success user user in'],
      by: toMember((owner, { userId }) => owner.post(`/users/${userId}/disable`)),
    },
    above((member, { userId }) => member.post(`/users/${userId}/disable`)),
  ],
  'POST /users/{id}/enable': [
    { status: 204, leaves: ['user.enabled success user user in'], by: after('disable', 'enable') },
    {
      when: 'they are locked',
      status: 409,
      leaves: ['user.enabled failure user user in'],
      by: after('lock', 'enable'),
    },
  ],
  'POST /users/{id}/sign-out': [
    {
      status: 204,
      leaves: ['session.revoked success user - in', 'user.signed_out success user user in'],
      by: toMember((owner, { userId }) => owner.post(`/users/${userId}/sign-out`)),
    },
    above((member, { userId }) => member.post(`/users/${userId}/sign-out`)),
  ],
  'POST /users/{id}/reset-mfa': [
    {
      status: 204,
      leaves: ['session.revoked success user - in', 'mfa.disabled success user user in'],
      by: async (s) => {
        const owner = await s.anOwner();
        const { person } = await s.withApp(await s.aMember(owner));
        return () => owner.post(`/users/${person.userId}/reset-mfa`);
      },
    },
    above((member, { userId }) => member.post(`/users/${userId}/reset-mfa`)),
  ],
  'POST /users/invite': [
    {
      status: 201,
      leaves: ['user.invited success user invitation in'],
      by: async (s) => {
        const owner = await s.anOwner();
        return () => owner.post('/users/invite', { email: s.anAddress(), role: 'viewer' });
      },
    },
    {
      when: 'they were invited before',
      status: 201,
      leaves: ['user.invitation_revoked success user invitation in', 'user.invited success user invitation in'],
      by: async (s) => {
        const [owner, email] = [await s.anOwner(), s.anAddress()];
        await s.asked(owner, email);
        return () => owner.post('/users/invite', { email, role: 'viewer' });
      },
    },
    {
      when: 'the tenant has sent as many mails as it may',
      status: 403,
      leaves: ['user.invited failure user - in'],
      by: async (s) => {
        const [owner, admin] = [await s.anOwner(), await s.aSystemAdministrator()];
        await s.done(admin.call('PUT', `/tenants/${owner.tenantId}/limits`, { max_mails_per_day: 0 }));
        return () => owner.post('/users/invite', { email: s.anAddress(), role: 'viewer' });
      },
    },
  ],
  'GET /users/invitations': asks(async (s) => {
    const owner = await s.anOwner();
    return () => owner.get('/users/invitations');
  }),
  'POST /users/invitations/{id}/resend': [
    {
      status: 202,
      leaves: ['user.invitation_resent success user invitation in'],
      by: async (s) => {
        const owner = await s.anOwner();
        const { id } = await s.asked(owner, s.anAddress());
        return () => owner.post(`/users/invitations/${id}/resend`);
      },
    },
    {
      when: 'the tenant has sent as many mails as it may',
      status: 403,
      leaves: ['user.invitation_resent failure user invitation in'],
      by: async (s) => {
        const [owner, admin] = [await s.anOwner(), await s.aSystemAdministrator()];
        const { id } = await s.asked(owner, s.anAddress());
        await s.done(admin.call('PUT', `/tenants/${owner.tenantId}/limits`, { max_mails_per_day: 0 }));
        return () => owner.post(`/users/invitations/${id}/resend`);
      },
    },
  ],
  'DELETE /users/invitations/{id}': [
    {
      status: 204,
      leaves: ['user.invitation_revoked success user invitation in'],
      by: async (s) => {
        const owner = await s.anOwner();
        const { id } = await s.asked(owner, s.anAddress());
        return () => owner.call('DELETE', `/users/invitations/${id}`);
      },
    },
  ],
  'POST /auth/invitations/accept': [
    {
      when: 'they have no account yet',
      status: 200,
      leaves: [
        'role.granted success anonymous user in',
        'user.invitation_accepted success anonymous invitation in',
        'user.registered success anonymous user in',
        'auth.login success anonymous session in',
      ],
      by: async (s) => {
        const { token } = await s.asked(await s.anOwner(), s.anAddress());
        return () => s.post('/auth/invitations/accept', { token, password: PASSWORD });
      },
    },
    {
      when: 'they are signed in',
      status: 200,
      leaves: [
        'email.verified success user user -',
        'role.granted success user user in',
        'user.invitation_accepted success user invitation in',
        'auth.tenant_switched success user session in',
      ],
      by: async (s) => {
        const person = await s.aPerson();
        const { token } = await s.asked(await s.anOwner(), person.email);
        return () => person.post('/auth/invitations/accept', { token });
      },
    },
    {
      when: 'the tenant has as many members as it may',
      status: 403,
      leaves: ['user.invitation_accepted failure anonymous invitation in'],
      by: async (s) => {
        const [owner, admin] = [await s.anOwner(), await s.aSystemAdministrator()];
        await s.done(admin.call('PUT', `/tenants/${owner.tenantId}/limits`, { max_users: 1 }));
        const { token } = await s.asked(owner, s.anAddress());
        return () => s.post('/auth/invitations/accept', { token, password: PASSWORD });
      },
    },
    {
      when: 'the link is not good',
      status: 400,
      leaves: ['user.invitation_accepted failure anonymous - -'],
      by: (s) => Promise.resolve(() => s.post('/auth/invitations/accept', { token: GARBAGE, password: PASSWORD })),
    },
  ],
};
