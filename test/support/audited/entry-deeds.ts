import { FIREFOX_ON_WINDOWS } from '../a-device';
import { PASSWORD } from '../client';
import { asks, type Deeds } from './deed';

const WRONG = 'a wrong password indeed';
const GARBAGE = 'x'.repeat(43);

/** Registering, signing in and out, and what tokens are good for. */
export const ENTRY_DEEDS: Deeds = {
  'POST /auth/register': [
    {
      status: 201,
      leaves: ['tenant.created success anonymous tenant in', 'user.registered success anonymous user in'],
      by: (s) => Promise.resolve(() => s.service.client.register(s.anAddress())),
    },
    {
      when: 'the address has an account',
      status: 409,
      leaves: ['user.registered failure anonymous - -'],
      by: async (s) => {
        const { email } = await s.aPerson();
        return () => s.service.client.register(email);
      },
    },
    {
      when: 'a field was filled in that people do not see',
      status: 201,
      leaves: ['auth.suspicious_activity failure anonymous - -'],
      by: (s) =>
        Promise.resolve(() => s.service.client.register(s.anAddress(), { website_url: 'http://spam.example' })),
    },
  ],
  'POST /auth/login': [
    {
      status: 200,
      leaves: ['auth.login success anonymous session in'],
      by: async (s) => {
        const { email } = await s.aPerson();
        return () => s.service.client.login(email);
      },
    },
    {
      when: 'the password is wrong',
      status: 401,
      leaves: ['auth.login failure anonymous - -'],
      by: async (s) => {
        const { email } = await s.aPerson();
        return () => s.service.client.login(email, WRONG);
      },
    },
    {
      when: 'there is no such account',
      status: 401,
      leaves: ['auth.login failure anonymous - -'],
      by: (s) => Promise.resolve(() => s.service.client.login(s.anAddress())),
    },
    {
      when: 'the password is wrong for the fifth time',
      status: 401,
      leaves: ['user.locked success anonymous user -', 'auth.login failure anonymous - -'],
      by: async (s) => {
        const { email } = await s.aPerson();
        for (let n = 0; n < 4; n += 1) await s.service.client.login(email, WRONG);
        return () => s.service.client.login(email, WRONG);
      },
    },
    {
      when: 'there is a second factor',
      status: 200,
      leaves: ['auth.mfa_challenged success anonymous - in'],
      by: async (s) => {
        const { person } = await s.withApp();
        return () => s.service.client.login(person.email);
      },
    },
    {
      when: 'a field was filled in that people do not see',
      status: 401,
      leaves: ['auth.suspicious_activity failure anonymous - -'],
      by: async (s) => {
        const { email } = await s.aPerson();
        return () => s.post('/auth/login', { username: email, password: PASSWORD, website_url: 'http://spam.example' });
      },
    },
  ],
  'POST /auth/token': [
    {
      status: 200,
      leaves: ['auth.login success anonymous session in'],
      by: async (s) => {
        const { email } = await s.aPerson();
        return () => s.post('/auth/token', { grant_type: 'password', username: email, password: PASSWORD });
      },
    },
    {
      when: 'the password is wrong',
      status: 401,
      leaves: ['auth.login failure anonymous - -'],
      by: async (s) => {
        const { email } = await s.aPerson();
        return () => s.post('/auth/token', { grant_type: 'password', username: email, password: WRONG });
      },
    },
  ],
  'POST /auth/refresh': [
    {
      status: 200,
      leaves: ['auth.token_refreshed success anonymous session in'],
      by: async (s) => {
        const { refreshToken } = await s.aPerson();
        return () => s.service.client.refresh(refreshToken);
      },
    },
    {
      when: 'the answer of a moment ago was lost',
      status: 200,
      leaves: ['auth.token_repeated success anonymous session in'],
      by: async (s) => {
        const { refreshToken } = await s.aPerson();
        await s.done(s.service.client.refresh(refreshToken));
        return () => s.service.client.refresh(refreshToken);
      },
    },
    {
      when: 'the token was spent long ago',
      status: 401,
      leaves: [
        'auth.token_reuse_detected failure anonymous session in',
        'session.revoked success anonymous session in',
      ],
      by: async (s) => {
        const { refreshToken } = await s.aPerson();
        const { body } = await s.done(s.service.client.refresh(refreshToken));
        await s.done(s.service.client.refresh(body.refresh_token));
        s.service.clock.advance({ seconds: 60 });
        return () => s.service.client.refresh(refreshToken);
      },
    },
    {
      when: 'the session is over',
      status: 401,
      leaves: ['auth.token_refreshed failure anonymous session in'],
      by: async (s) => {
        const { refreshToken, ...person } = await s.aPerson();
        await s.done(s.service.client.post('/auth/logout', { token: person.token }));
        return () => s.service.client.refresh(refreshToken);
      },
    },
    {
      when: 'another device has the token, which the tenant refuses',
      userAgent: FIREFOX_ON_WINDOWS,
      status: 401,
      leaves: [
        'auth.suspicious_activity failure anonymous session in',
        'auth.token_refreshed failure anonymous session in',
      ],
      by: async (s) => {
        const owner = await s.anOwner();
        await s.done(owner.call('PATCH', `/tenants/${owner.tenantId}/policy`, { refresh_from_new_device: 'refuse' }));
        const headers = { 'user-agent': FIREFOX_ON_WINDOWS };
        return () => s.post('/auth/refresh', { refresh_token: owner.refreshToken }, { headers });
      },
    },
    {
      when: 'there is no such token',
      status: 401,
      leaves: [],
      by: (s) => Promise.resolve(() => s.service.client.refresh(GARBAGE)),
    },
  ],
  'POST /auth/logout': [
    {
      status: 204,
      leaves: ['auth.logout success user session in'],
      by: async (s) => {
        const person = await s.aPerson();
        return () => person.post('/auth/logout');
      },
    },
  ],
  'POST /auth/revoke': [
    {
      status: 200,
      leaves: ['session.revoked success anonymous session in'],
      by: async (s) => {
        const { refreshToken } = await s.aPerson();
        return () => s.post('/auth/revoke', { token: refreshToken });
      },
    },
    {
      when: 'there is no such token',
      status: 200,
      leaves: [],
      by: (s) => Promise.resolve(() => s.post('/auth/revoke', { token: GARBAGE })),
    },
  ],
  'POST /auth/introspect': [
    {
      status: 200,
      leaves: [],
      by: async (s) => {
        const person = await s.aPerson();
        const { key } = await person.key(['token:introspect']);
        return () => s.post('/auth/introspect', { token: person.token }, { headers: { 'x-api-key': key } });
      },
    },
    {
      when: 'the key may not',
      status: 403,
      leaves: ['access.denied failure api_key - in'],
      by: async (s) => {
        const person = await s.aPerson();
        const { key } = await person.key(['dataset:read']);
        return () => s.post('/auth/introspect', { token: person.token }, { headers: { 'x-api-key': key } });
      },
    },
  ],
  'GET /auth/sessions': asks(async (s) => {
    const person = await s.aPerson();
    return () => person.get('/auth/sessions');
  }),
  'DELETE /auth/sessions': [
    {
      status: 200,
      leaves: ['session.revoked success user - in'],
      by: async (s) => {
        const person = await s.aPerson();
        await person.elsewhere();
        return () => person.call('DELETE', '/auth/sessions?except=current');
      },
    },
  ],
  'DELETE /auth/sessions/{id}': [
    {
      status: 204,
      leaves: ['session.revoked success user session in'],
      by: async (s) => {
        const person = await s.aPerson();
        const { sessionId } = await person.elsewhere();
        return () => person.call('DELETE', `/auth/sessions/${sessionId}`);
      },
    },
  ],
  'GET /auth/me': asks(async (s) => {
    const person = await s.aPerson();
    return () => person.get('/auth/me');
  }),
  'POST /auth/switch-tenant': [
    {
      status: 200,
      leaves: ['auth.tenant_switched success user session in'],
      by: async (s) => {
        const [owner, person] = [await s.anOwner(), await s.aPerson()];
        await s.joins(owner, person);
        return () => person.post('/auth/switch-tenant', { tenant: owner.tenantId });
      },
    },
    {
      when: 'they are no member there',
      status: 404,
      leaves: ['auth.tenant_switched failure user - in'],
      by: async (s) => {
        const [owner, person] = [await s.anOwner(), await s.aPerson()];
        return () => person.post('/auth/switch-tenant', { tenant: owner.tenantId });
      },
    },
  ],
  'POST /authz/check': asks(async (s) => {
    const person = await s.aPerson();
    return () => person.post('/authz/check', { permission: 'dataset:read' });
  }),
  'GET /.well-known/jwks.json': asks((s) => Promise.resolve(() => s.get('//.well-known/jwks.json'))),
  'GET /.well-known/oauth-authorization-server': asks((s) =>
    Promise.resolve(() => s.get('//.well-known/oauth-authorization-server')),
  ),
  'GET /health': asks((s) => Promise.resolve(() => s.get('//health'))),
  'GET /health/live': asks((s) => Promise.resolve(() => s.get('//health/live'))),
  'GET /health/ready': asks((s) => Promise.resolve(() => s.get('//health/ready'))),
};
