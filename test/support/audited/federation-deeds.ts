import type { ProvenIdentity } from '../../../src/modules/federation/domain/proven-identity';
import type { Answer } from '../client';
import { asks, type Deeds } from './deed';
import type { Person } from './person';
import type { Stage } from './stage';

const LOGIN = '/auth/oauth/acme/login';
const PROGRAM = { accept: 'application/json' };
const STATE = 'x'.repeat(43);

type Begun = { readonly state: string; readonly cookie: string };

/** A sign-in at a provider, or a link of who is signed in, that waits for the answer. */
async function begun(s: Stage, by: Person | null = null): Promise<Begun> {
  const call = { headers: PROGRAM, ...(by && { token: by.token }) };
  const { body, headers } = await s.done(s.service.client.get(`${LOGIN}${by ? '?link=true' : ''}`, call));
  return { state: String(body.state), cookie: (headers.getSetCookie()[0] ?? '').split(';')[0] ?? '' };
}

/** Its answer: that somebody signed in there. */
async function finished(
  s: Stage,
  identity: Partial<ProvenIdentity>,
  by: Person | null = null,
): Promise<() => Promise<Answer>> {
  const { acme } = s.providers;
  const { state } = await begun(s, by);
  const code = acme.signsIn(state, acme.identity({ email: s.anAddress(), ...identity }));
  const call = { json: { provider: 'acme', code, state }, ...(by && { token: by.token }) };
  return () => s.service.client.post('/auth/oauth/callback', call);
}

async function linked(s: Stage): Promise<Person> {
  const person = await s.aPerson();
  const link = await finished(s, {}, person);
  await s.done(link());
  return person;
}

/** Signing in at identity providers, and what is linked to whom. */
export const FEDERATION_DEEDS: Deeds = {
  'GET /auth/oauth/providers': asks((s) => Promise.resolve(() => s.get('/auth/oauth/providers'))),
  'GET /auth/oauth/{provider}/login': [
    ...asks((s) => Promise.resolve(() => s.service.client.get(LOGIN, { headers: PROGRAM }))),
    {
      when: 'nobody is signed in whose account is to be linked',
      status: 401,
      leaves: [],
      by: (s) => Promise.resolve(() => s.get(`${LOGIN}?link=true`)),
    },
    {
      when: 'the sign-in of who links is too old',
      status: 403,
      leaves: ['access.denied failure user - in'],
      by: async (s) => {
        const person = await s.aPerson();
        s.service.clock.advance({ seconds: 601 });
        return () => person.get(`${LOGIN}?link=true`);
      },
    },
  ],
  'GET /auth/oauth/{provider}/callback': [
    {
      status: 200,
      leaves: [
        'tenant.created success anonymous tenant in',
        'user.registered success anonymous user in',
        'oauth.linked success anonymous user -',
        'oauth.login success anonymous user -',
        'auth.login success anonymous session in',
      ],
      by: async (s) => {
        const { state, cookie } = await begun(s);
        const code = s.providers.acme.signsIn(state, s.providers.acme.identity({ email: s.anAddress() }));
        return () =>
          s.service.client.get(`/auth/oauth/acme/callback?state=${state}&code=${code}`, { headers: { cookie } });
      },
    },
    {
      when: 'nobody began it',
      status: 400,
      leaves: ['oauth.login failure anonymous - -'],
      by: (s) => Promise.resolve(() => s.get(`/auth/oauth/acme/callback?state=${STATE}&code=x`)),
    },
    {
      when: 'it says nothing',
      status: 400,
      leaves: ['oauth.login failure anonymous - -'],
      by: (s) => Promise.resolve(() => s.get('/auth/oauth/acme/callback')),
    },
  ],
  'POST /auth/oauth/callback': [
    {
      when: 'the address has an account that nobody has proven',
      status: 200,
      leaves: [
        'session.revoked success anonymous - -',
        'user.reclaimed success anonymous user -',
        'oauth.linked success anonymous user -',
        'oauth.login success anonymous user -',
        'auth.login success anonymous session in',
      ],
      by: async (s) => {
        const { email } = await s.aPerson();
        return finished(s, { email });
      },
    },
    {
      when: 'the address has an account, and the provider did not see that it is theirs',
      status: 409,
      leaves: ['oauth.login failure anonymous - -'],
      by: async (s) => {
        const { email } = await s.aPerson();
        return finished(s, { email, emailProven: false });
      },
    },
    {
      when: 'the account is disabled',
      status: 401,
      leaves: ['oauth.login success anonymous user -', 'auth.login failure anonymous - -'],
      by: async (s) => {
        const subject = s.aName();
        const first = await finished(s, { subject });
        const { body } = await s.done(first());
        const sql = `UPDATE users SET status = 'disabled' WHERE id = (SELECT user_id FROM sessions WHERE id = $1)`;
        await s.service.source.query(sql, [body.session_id]);
        return finished(s, { subject });
      },
    },
    {
      when: 'an identity is linked',
      status: 200,
      leaves: ['oauth.linked success user user -'],
      by: async (s) => finished(s, {}, await s.aPerson()),
    },
    {
      when: 'the identity to be linked is somebody else’s',
      status: 409,
      leaves: ['oauth.linked failure user user -'],
      by: async (s) => {
        const subject = s.aName();
        const first = await finished(s, { subject });
        await s.done(first());
        return finished(s, { subject }, await s.aPerson());
      },
    },
  ],
  'GET /auth/oauth/links': asks(async (s) => {
    const person = await s.aPerson();
    return () => person.get('/auth/oauth/links');
  }),
  'DELETE /auth/oauth/links/{provider}': [
    {
      status: 204,
      leaves: ['oauth.unlinked success user user in'],
      by: async (s) => {
        const person = await linked(s);
        return () => person.call('DELETE', '/auth/oauth/links/acme');
      },
    },
    {
      when: 'nothing else opens the account',
      status: 409,
      leaves: ['oauth.unlinked failure user user in'],
      by: async (s) => {
        const person = await linked(s);
        await s.service.source.query(
          'UPDATE users SET password_hash = NULL, password_changed_at = NULL WHERE id = $1',
          [person.userId],
        );
        return () => person.call('DELETE', '/auth/oauth/links/acme');
      },
    },
  ],
  'GET /auth/oauth/links/{provider}/tokens': [
    {
      status: 200,
      leaves: ['oauth.tokens_read success user user in'],
      by: async (s) => {
        const person = await linked(s);
        return () => person.get('/auth/oauth/links/acme/tokens');
      },
    },
  ],
};
