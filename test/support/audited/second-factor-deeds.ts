import { PASSWORD } from '../client';
import { asks, type Deed, type Deeds } from './deed';
import type { Person } from './person';
import type { Stage } from './stage';

const CHALLENGE = '/auth/mfa/challenge/verify';

/** By one who has an authenticator app and proves both factors. */
const removing =
  (method: string, path: string): Deed['by'] =>
  async (s) => {
    const { person, app } = await s.withApp();
    return () => person.call(method, path, { password: PASSWORD, code: s.codeOf(app) });
  };

/** Somebody with a factor that codes are sent to. */
async function withMailbox(s: Stage): Promise<Person> {
  const person = await s.aPerson();
  await s.done(person.post('/mfa/email/setup'));
  const { code } = s.told(person.email, 'second-factor-code');
  await s.done(person.post('/mfa/email/verify', { email_code: code }));
  return person;
}

async function withTelephone(s: Stage): Promise<{ person: Person; number: string }> {
  const [person, number] = [await s.aPerson(), s.aNumber()];
  await s.done(person.post('/mfa/sms/setup', { phone_number: number }));
  await s.done(person.post('/mfa/sms/verify', { sms_code: s.told(number, 'code').code }));
  return { person, number };
}

/** A sign-in by two factors on a device that is trusted from now on, and its id. */
async function withDevice(s: Stage): Promise<{ person: Person; id: string }> {
  const { person, app } = await s.withApp();
  const challenge = { challenge_id: await s.aChallenge(person), method: 'totp', code: s.codeOf(app) };
  await s.done(s.post(CHALLENGE, { ...challenge, remember_device: true }));
  const { body } = await s.done(person.get('/mfa/trusted-devices'));
  return { person, id: String(body.items[0]?.id) };
}

export const SECOND_FACTOR_DEEDS: Deeds = {
  'POST /auth/mfa/challenge/verify': [
    {
      status: 200,
      leaves: ['auth.login success anonymous session in'],
      by: async (s) => {
        const { person, app } = await s.withApp();
        const challenge = await s.aChallenge(person);
        return () => s.post(CHALLENGE, { challenge_id: challenge, method: 'totp', code: s.codeOf(app) });
      },
    },
    {
      when: 'the device is to be trusted',
      status: 200,
      leaves: ['mfa.device_trusted success anonymous trusted_device in', 'auth.login success anonymous session in'],
      by: async (s) => {
        const { person, app } = await s.withApp();
        const challenge = { challenge_id: await s.aChallenge(person), method: 'totp' };
        return () => s.post(CHALLENGE, { ...challenge, code: s.codeOf(app), remember_device: true });
      },
    },
    {
      when: 'a backup code is shown',
      status: 200,
      leaves: ['mfa.backup_code_used success anonymous user -', 'auth.login success anonymous session in'],
      by: async (s) => {
        const { person, backupCodes } = await s.withApp();
        const challenge = await s.aChallenge(person);
        return () => s.post(CHALLENGE, { challenge_id: challenge, method: 'backup_codes', code: backupCodes[0] });
      },
    },
    {
      when: 'the code is wrong',
      status: 401,
      leaves: ['mfa.challenge_failed failure anonymous - in'],
      by: async (s) => {
        const { person, app } = await s.withApp();
        const challenge = { challenge_id: await s.aChallenge(person), method: 'totp' };
        return () => s.post(CHALLENGE, { ...challenge, code: app.wrongAt(s.service.clock.now()) });
      },
    },
  ],
  'POST /auth/mfa/challenge/send': [
    {
      status: 202,
      leaves: ['mfa.code_sent success anonymous user in'],
      by: async (s) => {
        const challenge = await s.aChallenge(await withMailbox(s));
        return () => s.post('/auth/mfa/challenge/send', { challenge_id: challenge, method: 'email' });
      },
    },
  ],
  'POST /auth/step-up': [
    {
      status: 200,
      leaves: ['auth.step_up success user session in'],
      by: async (s) => {
        const person = await s.aPerson();
        return () => person.post('/auth/step-up', { password: PASSWORD });
      },
    },
    {
      when: 'the password is wrong',
      status: 401,
      leaves: ['auth.step_up failure user session in'],
      by: async (s) => {
        const person = await s.aPerson();
        return () => person.post('/auth/step-up', { password: 'a wrong password indeed' });
      },
    },
    {
      when: 'the code is wrong',
      status: 401,
      leaves: ['auth.step_up failure user session in'],
      by: async (s) => {
        const { person, app } = await s.withApp();
        return () => person.post('/auth/step-up', { method: 'totp', code: app.wrongAt(s.service.clock.now()) });
      },
    },
  ],
  'POST /auth/step-up/send': [
    {
      status: 202,
      leaves: ['mfa.code_sent success user user in'],
      by: async (s) => {
        const person = await withMailbox(s);
        return () => person.post('/auth/step-up/send', { method: 'email' });
      },
    },
  ],
  'GET /mfa/status': asks(async (s) => {
    const person = await s.aPerson();
    return () => person.get('/mfa/status');
  }),
  'POST /mfa/totp/setup': [
    {
      status: 200,
      leaves: ['mfa.setup_begun success user user in'],
      by: async (s) => {
        const person = await s.aPerson();
        return () => person.post('/mfa/totp/setup', {});
      },
    },
  ],
  'POST /mfa/totp/verify': [
    {
      status: 200,
      leaves: ['session.revoked success user - in', 'mfa.enrolled success user user in'],
      by: async (s) => {
        const { person, app } = await s.withAppBegun();
        await person.elsewhere();
        return () => person.post('/mfa/totp/verify', { totp_code: s.codeOf(app) });
      },
    },
    {
      when: 'the code is wrong',
      status: 401,
      leaves: ['mfa.enrolled failure user user in'],
      by: async (s) => {
        const { person, app } = await s.withAppBegun();
        return () => person.post('/mfa/totp/verify', { totp_code: app.wrongAt(s.service.clock.now()) });
      },
    },
  ],
  'DELETE /mfa/totp': [
    { status: 204, leaves: ['mfa.disabled success user user in'], by: removing('DELETE', '/mfa/totp') },
    {
      when: 'the password is wrong',
      status: 401,
      leaves: ['mfa.disabled failure user user in'],
      by: async (s) => {
        const { person, app } = await s.withApp();
        return () => person.call('DELETE', '/mfa/totp', { password: 'a wrong password indeed', code: s.codeOf(app) });
      },
    },
  ],
  'POST /mfa/disable': [
    { status: 204, leaves: ['mfa.disabled success user user in'], by: removing('POST', '/mfa/disable') },
    {
      when: 'the code is wrong',
      status: 401,
      leaves: ['mfa.disabled failure user user in'],
      by: async (s) => {
        const { person, app } = await s.withApp();
        const code = app.wrongAt(s.service.clock.now());
        return () => person.post('/mfa/disable', { password: PASSWORD, code });
      },
    },
  ],
  'POST /mfa/backup-codes/regenerate': [
    {
      status: 200,
      leaves: ['mfa.backup_codes_renewed success user user in'],
      by: async (s) => {
        const { person, app } = await s.withApp();
        await s.done(person.post('/auth/step-up', { method: 'totp', code: s.codeOf(app) }));
        return () => person.post('/mfa/backup-codes/regenerate');
      },
    },
  ],
  'POST /mfa/email/setup': [
    {
      status: 200,
      leaves: ['mfa.setup_begun success user user in', 'mfa.code_sent success user user in'],
      by: async (s) => {
        const person = await s.aPerson();
        return () => person.post('/mfa/email/setup');
      },
    },
  ],
  'POST /mfa/email/verify': [
    {
      status: 200,
      leaves: ['email.verified success user user -', 'mfa.enrolled success user user in'],
      by: async (s) => {
        const person = await s.aPerson();
        await s.done(person.post('/mfa/email/setup'));
        const { code } = s.told(person.email, 'second-factor-code');
        return () => person.post('/mfa/email/verify', { email_code: code });
      },
    },
    {
      when: 'there is nothing to confirm',
      status: 409,
      leaves: ['mfa.enrolled failure user user in'],
      by: async (s) => {
        const person = await s.aPerson();
        return () => person.post('/mfa/email/verify', { email_code: '123456' });
      },
    },
  ],
  'DELETE /mfa/email': [
    {
      status: 204,
      leaves: ['mfa.disabled success user user in'],
      by: async (s) => {
        const person = await withMailbox(s);
        await s.done(person.post('/auth/step-up/send', { method: 'email' }));
        const { code } = s.told(person.email, 'second-factor-code');
        return () => person.call('DELETE', '/mfa/email', { password: PASSWORD, code });
      },
    },
  ],
  'POST /mfa/sms/setup': [
    {
      status: 200,
      leaves: ['mfa.setup_begun success user user in', 'mfa.code_sent success user user in'],
      by: async (s) => {
        const person = await s.aPerson();
        return () => person.post('/mfa/sms/setup', { phone_number: s.aNumber() });
      },
    },
  ],
  'POST /mfa/sms/verify': [
    {
      status: 200,
      leaves: ['mfa.enrolled success user user in'],
      by: async (s) => {
        const [person, number] = [await s.aPerson(), s.aNumber()];
        await s.done(person.post('/mfa/sms/setup', { phone_number: number }));
        const { code } = s.told(number, 'code');
        return () => person.post('/mfa/sms/verify', { sms_code: code });
      },
    },
    {
      when: 'there is nothing to confirm',
      status: 409,
      leaves: ['mfa.enrolled failure user user in'],
      by: async (s) => {
        const person = await s.aPerson();
        return () => person.post('/mfa/sms/verify', { sms_code: '123456' });
      },
    },
  ],
  'DELETE /mfa/sms': [
    {
      status: 204,
      leaves: ['mfa.disabled success user user in'],
      by: async (s) => {
        const { person, number } = await withTelephone(s);
        await s.done(person.post('/auth/step-up/send', { method: 'sms' }));
        const { code } = s.told(number, 'code');
        return () => person.call('DELETE', '/mfa/sms', { password: PASSWORD, code });
      },
    },
  ],
  'GET /mfa/trusted-devices': asks(async (s) => {
    const person = await s.aPerson();
    return () => person.get('/mfa/trusted-devices');
  }),
  'PATCH /mfa/trusted-devices/{id}': [
    {
      when: 'what it is called is its user’s, and nobody else’s to know',
      status: 200,
      leaves: ['mfa.device_renamed success user trusted_device in'],
      by: async (s) => {
        const { person, id } = await withDevice(s);
        return () => person.call('PATCH', `/mfa/trusted-devices/${id}`, { name: 'of Ann' });
      },
    },
  ],
  'DELETE /mfa/trusted-devices/{id}': [
    {
      status: 204,
      leaves: ['mfa.device_revoked success user trusted_device in'],
      by: async (s) => {
        const { person, id } = await withDevice(s);
        return () => person.call('DELETE', `/mfa/trusted-devices/${id}`);
      },
    },
  ],
};
