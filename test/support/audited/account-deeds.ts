import { PASSWORD } from '../client';
import { asks, type Deeds } from './deed';

const NEXT = 'another correct horse battery';
const WRONG = 'a wrong password indeed';
const GARBAGE = 'x'.repeat(43);

/** One's own account: profile, password and mailbox. */
export const ACCOUNT_DEEDS: Deeds = {
  'GET /users/me': asks(async (s) => {
    const person = await s.aPerson();
    return () => person.get('/users/me');
  }),
  'PATCH /users/me': [
    {
      status: 200,
      leaves: ['user.updated success user user in'],
      by: async (s) => {
        const person = await s.aPerson();
        return () => person.call('PATCH', '/users/me', { first_name: 'Ann' });
      },
    },
    {
      when: 'the username is taken',
      status: 409,
      leaves: ['user.updated failure user user in'],
      by: async (s) => {
        const [username, person] = [s.aName(), await s.aPerson()];
        await s.aPerson({ username });
        return () => person.call('PATCH', '/users/me', { username });
      },
    },
  ],
  'GET /users/me/export': [
    {
      status: 200,
      leaves: ['user.exported success user user in'],
      by: async (s) => {
        const person = await s.aPerson();
        return () => person.get('/users/me/export');
      },
    },
  ],
  'DELETE /users/me': [
    {
      status: 204,
      leaves: ['tenant.deleted success user tenant in', 'user.deleted success user user -'],
      by: async (s) => {
        const person = await s.aPerson();
        return () => person.call('DELETE', '/users/me');
      },
    },
    {
      when: 'others are left without an owner',
      status: 409,
      leaves: ['user.deleted failure user user -'],
      by: async (s) => {
        const owner = await s.anOwner();
        await s.aMember(owner);
        return () => owner.call('DELETE', '/users/me');
      },
    },
  ],
  'POST /auth/password/change': [
    {
      status: 204,
      leaves: ['session.revoked success user - in', 'password.changed success user user in'],
      by: async (s) => {
        const person = await s.aPerson();
        await person.elsewhere();
        return () => person.post('/auth/password/change', { current_password: PASSWORD, new_password: NEXT });
      },
    },
    {
      when: 'the old one is wrong',
      status: 401,
      leaves: ['password.changed failure user user in'],
      by: async (s) => {
        const person = await s.aPerson();
        return () => person.post('/auth/password/change', { current_password: WRONG, new_password: NEXT });
      },
    },
  ],
  'POST /auth/password-reset/request': [
    {
      status: 202,
      leaves: ['password.reset_requested success anonymous user -'],
      by: async (s) => {
        const { email } = await s.aPerson();
        return () => s.post('/auth/password-reset/request', { email });
      },
    },
    {
      when: 'there is no such account',
      status: 202,
      leaves: ['password.reset_requested failure anonymous - -'],
      by: (s) => Promise.resolve(() => s.post('/auth/password-reset/request', { email: s.anAddress() })),
    },
  ],
  'POST /auth/password-reset/confirm': [
    {
      status: 204,
      leaves: ['session.revoked success anonymous - -', 'password.reset success anonymous user -'],
      by: async (s) => {
        const { email } = await s.aPerson();
        await s.done(s.post('/auth/password-reset/request', { email }));
        const token = s.tokenTo(email, 'password-reset');
        return () => s.post('/auth/password-reset/confirm', { token, new_password: NEXT });
      },
    },
    {
      when: 'somebody else had set a factor up and made a key',
      status: 204,
      leaves: [
        'session.revoked success anonymous - -',
        'mfa.disabled success anonymous user -',
        'api_key.revoked success anonymous - -',
        'password.reset success anonymous user -',
      ],
      by: async (s) => {
        const { person } = await s.withApp();
        await person.key();
        await s.done(s.post('/auth/password-reset/request', { email: person.email }));
        const token = s.tokenTo(person.email, 'password-reset');
        return () => s.post('/auth/password-reset/confirm', { token, new_password: NEXT });
      },
    },
    {
      when: 'the link is not good',
      status: 400,
      leaves: ['password.reset failure anonymous - -'],
      by: (s) => Promise.resolve(() => s.post('/auth/password-reset/confirm', { token: GARBAGE, new_password: NEXT })),
    },
  ],
  'POST /auth/email/verify/resend': [
    {
      status: 202,
      leaves: ['email.verification_requested success anonymous user -'],
      by: async (s) => {
        const { email } = await s.aPerson();
        return () => s.post('/auth/email/verify/resend', { email });
      },
    },
    {
      when: 'there is no such account',
      status: 202,
      leaves: ['email.verification_requested failure anonymous - -'],
      by: (s) => Promise.resolve(() => s.post('/auth/email/verify/resend', { email: s.anAddress() })),
    },
  ],
  'POST /auth/email/verify': [
    {
      status: 204,
      leaves: ['email.verified success anonymous user -'],
      by: async (s) => {
        const { email } = await s.aPerson();
        await s.done(s.post('/auth/email/verify/resend', { email }));
        const token = s.tokenTo(email, 'email-verification');
        return () => s.post('/auth/email/verify', { token });
      },
    },
    {
      when: 'the link is not good',
      status: 400,
      leaves: ['email.verified failure anonymous - -'],
      by: (s) => Promise.resolve(() => s.post('/auth/email/verify', { token: GARBAGE })),
    },
  ],
  'POST /auth/email/change': [
    {
      status: 202,
      leaves: ['email.change_requested success user user in'],
      by: async (s) => {
        const person = await s.aPerson();
        return () => person.post('/auth/email/change', { new_email: s.anAddress() });
      },
    },
  ],
  'POST /auth/email/change/confirm': [
    {
      status: 204,
      leaves: ['email.changed success anonymous user -'],
      by: async (s) => {
        const [person, email] = [await s.aPerson(), s.anAddress()];
        await s.done(person.post('/auth/email/change', { new_email: email }));
        const token = s.tokenTo(email, 'email-change');
        return () => person.post('/auth/email/change/confirm', { token });
      },
    },
    {
      when: 'the link is not good',
      status: 400,
      leaves: ['email.changed failure anonymous - -'],
      by: (s) => Promise.resolve(() => s.post('/auth/email/change/confirm', { token: GARBAGE })),
    },
  ],
  'POST /auth/email/change/undo': [
    {
      status: 204,
      leaves: ['session.revoked success anonymous - -', 'email.changed success anonymous user -'],
      by: async (s) => {
        const [person, email] = [await s.aPerson(), s.anAddress()];
        await s.done(s.post('/auth/email/verify/resend', { email: person.email }));
        await s.done(s.post('/auth/email/verify', { token: s.tokenTo(person.email, 'email-verification') }));
        await s.done(person.post('/auth/email/change', { new_email: email }));
        await s.done(person.post('/auth/email/change/confirm', { token: s.tokenTo(email, 'email-change') }));
        const token = s.tokenTo(person.email, 'email-changed');
        return () => s.post('/auth/email/change/undo', { token });
      },
    },
    {
      when: 'the link is not good',
      status: 400,
      leaves: ['email.changed failure anonymous - -'],
      by: (s) => Promise.resolve(() => s.post('/auth/email/change/undo', { token: GARBAGE })),
    },
  ],
};
