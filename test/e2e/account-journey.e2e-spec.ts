import { DATABASES } from '../support/database';
import { PASSWORD } from '../support/client';
import { aService, type TestService } from '../support/service';

describe.each(DATABASES)('an account, from its registration on (%s)', (database) => {
  let service: TestService;

  beforeAll(async () => {
    service = await aService({ database });
  });
  afterAll(() => service.stop());

  it('registers, signs in, is known, refreshes and signs out', async () => {
    const { client } = service;
    const registered = await client.register('ann@example.com', { username: 'ann', first_name: 'Ann' });
    expect(registered.status).toBe(201);
    expect(registered.body).toEqual({
      user: {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/) as string,
        email: 'ann@example.com',
        username: 'ann',
        first_name: 'Ann',
        last_name: null,
        email_verified: false,
        status: 'active',
        created_at: expect.any(String) as string,
        last_login_at: null,
      },
      email_verification: 'not_required',
    });

    const { access, refresh } = await client.signedIn('ann');
    const me = await client.get('/auth/me', { token: access });
    expect(me.body).toMatchObject({
      email: 'ann@example.com',
      roles: ['owner'],
      permissions: ['*:*'],
      mfa_enabled: false,
    });

    const refreshed = await client.refresh(refresh);
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.refresh_token).not.toBe(refresh);

    expect((await client.post('/auth/logout', { token: access })).status).toBe(204);
    expect((await client.get('/auth/me', { token: access })).status).toBe(401);
    expect((await client.refresh(refreshed.body.refresh_token)).status).toBe(401);
  });

  it('signs in by form as by JSON, with the address in any case', async () => {
    const { client } = service;
    await client.register('form@example.com');
    const form = { username: 'FORM@example.com', password: PASSWORD };
    for (const path of ['/auth/login', '/auth/token']) {
      const answer = await client.post(path, { form });
      expect([answer.status, answer.body.token_type]).toEqual([200, 'bearer']);
    }
  });
});
