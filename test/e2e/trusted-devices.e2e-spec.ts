import { tenantId, userId } from '../../src/kernel/ids';
import { LockoutFacade } from '../../src/modules/identity/lockout.facade';
import { TrustedDevicesFacade } from '../../src/modules/mfa/trusted-devices.facade';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { FIREFOX_ON_WINDOWS, SAFARI_ON_IPHONE } from '../support/a-device';
import { type Answer, PASSWORD } from '../support/client';
import { aFurtherTenant } from '../support/further-tenant';
import { expectProblem, masked } from '../support/problems';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';
import { Stored } from '../support/stored';

const UNKNOWN = '01890a5d-ac96-774b-bcce-b302099a8057';
const FIELDS = ['created_at', 'current', 'expires_at', 'id', 'ip_address', 'last_used_at', 'name'];

type Visitor = { readonly token: string; readonly userId: string; readonly tenantId: string; readonly email: string };

describe('the trusted devices of a user', () => {
  let service: TestService;
  let users = 0;

  beforeAll(async () => {
    service = await aService();
  });
  afterAll(() => service.stop());

  const aVisitor = async (): Promise<Visitor> => {
    users += 1;
    const email = `user-${users}@example.com`;
    const registered = await service.client.register(email);
    const { body } = await service.client.login(email);
    return { token: body.access_token, userId: registered.body.user.id, tenantId: body.tenant_id, email };
  };
  /** As a sign-in by two factors does it. */
  const trust = async (visitor: Visitor, userAgent = FIREFOX_ON_WINDOWS): Promise<string> => {
    const member = { userId: userId(visitor.userId), tenantId: tenantId(visitor.tenantId) };
    const securityStamp = await new Stored(service).stampOf(member);
    const owner = { id: member.userId, securityStamp };
    const deviceToken = service.app.get(LockoutFacade).issueDeviceToken(owner, visitor.email, null);
    const facade = service.app.get(TrustedDevicesFacade);
    const traits = { ipAddress: '203.0.113.7', userAgent };
    await service.app.get(UnitOfWork).run(() => facade.trust({ ...member, securityStamp }, deviceToken, traits));
    service.clock.advance({ seconds: 1 });
    return deviceToken;
  };
  const list = ({ token }: Visitor, headers: Record<string, string> = {}): Promise<Answer> =>
    service.client.get('/mfa/trusted-devices', { token, headers });
  const idsOf = async (visitor: Visitor): Promise<string[]> =>
    (await list(visitor)).body.items.map(({ id }) => String(id));
  const rename = ({ token }: Visitor, id: string, json: unknown): Promise<Answer> =>
    service.client.patch(`/mfa/trusted-devices/${id}`, { token, json });
  const revoke = ({ token }: Visitor, id: string): Promise<Answer> =>
    service.client.call('DELETE', `/mfa/trusted-devices/${id}`, { token });
  /** One trusted device, and its id. */
  const aDevice = async (visitor: Visitor): Promise<string> => {
    await trust(visitor);
    return (await idsOf(visitor))[0]!;
  };

  it('are none at first', async () => {
    const answer = await list(await aVisitor());
    expect([answer.status, answer.body]).toEqual([200, { items: [] }]);
  });

  it('are listed with the fields of the contract and nothing of their tokens, newest first', async () => {
    const ann = await aVisitor();
    const tokens = [await trust(ann, FIREFOX_ON_WINDOWS), await trust(ann, SAFARI_ON_IPHONE)];
    const answer = await list(ann);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(answer.body.items).toMatchObject([
      { name: 'Safari on iOS', ip_address: '203.0.113.7', last_used_at: null, current: false },
      { name: 'Firefox on Windows', ip_address: '203.0.113.7', last_used_at: null, current: false },
    ]);
    for (const item of answer.body.items) {
      expect(Object.keys(item).sort()).toEqual(FIELDS);
      const seconds = (Date.parse(String(item.expires_at)) - Date.parse(String(item.created_at))) / 1000;
      expect(seconds).toBe(2_592_000);
    }
    for (const token of tokens) expect(answer.text).not.toContain(token.slice(5));
  });

  it('are current where the request shows the device token, by header or cookie', async () => {
    const ann = await aVisitor();
    const [first, second] = [await trust(ann), await trust(ann)];
    const current = async (headers: Record<string, string>): Promise<unknown[]> =>
      (await list(ann, headers)).body.items.map((item) => item.current);
    expect(await current({ 'x-device-token': second })).toEqual([true, false]);
    expect(await current({ cookie: `dw_device=${first}` })).toEqual([false, true]);
    expect(await current({ 'x-device-token': `${first}x` })).toEqual([false, false]);
  });

  it('are those that are trusted still', async () => {
    const ann = await aVisitor();
    const id = await aDevice(ann);
    await service.source.query(`UPDATE trusted_devices SET expires_at = now() WHERE id = $1`, [id]);
    expect(await idsOf(ann)).toEqual([]);
    expectProblem(await rename(ann, id, { name: 'Laptop' }), 404, 'NOT_FOUND');
    expectProblem(await revoke(ann, id), 404, 'NOT_FOUND');
  });

  it('are gone when the password changes, on the session that goes on too', async () => {
    const ann = await aVisitor();
    const id = await aDevice(ann);
    const json = { current_password: PASSWORD, new_password: 'a wholly new phrase to remember' };
    expect((await service.client.post('/auth/password/change', { json, token: ann.token })).status).toBe(204);
    expect(await idsOf(ann)).toEqual([]);
    expectProblem(await rename(ann, id, { name: 'Laptop' }), 404, 'NOT_FOUND');
    expectProblem(await revoke(ann, id), 404, 'NOT_FOUND');
  });

  it.each(['Laptop at home', 'x', '🦊'.repeat(60), 'Anns Gerät (grün)', "Robert'); DROP TABLE--"])(
    'are called as their user likes: %s',
    async (name) => {
      const ann = await aVisitor();
      const id = await aDevice(ann);
      const answer = await rename(ann, id.toUpperCase(), { name });
      expect([answer.status, Object.keys(answer.body).sort()]).toEqual([200, FIELDS]);
      expect(answer.body).toMatchObject({ id, name });
      expect((await list(ann)).body.items).toEqual([answer.body]);
    },
  );

  it.each<[string, unknown]>([
    ['empty', ''],
    ['of blanks', '   '],
    ['of 61 characters', 'x'.repeat(61)],
    ['of 61 characters that are more units', '🦊'.repeat(61)],
    ['with a line in it', 'one\ntwo'],
    ['with a control character', 'a\u0007b'],
    ['with a NUL', 'a\u0000b'],
    ['that turns around what follows', 'a\u202eb'],
    ['that isolates a direction', 'a\u2066b'],
    ['with half a character', 'a\ud83d'],
    ['that is none', null],
    ['that is a number', 7],
    ['that is a list', ['Laptop']],
  ])('are not called by a name %s', async (_, name) => {
    const ann = await aVisitor();
    const id = await aDevice(ann);
    const answer = await rename(ann, id, { name });
    expect([400, 422]).toContain(answer.status);
    expect((await list(ann)).body.items).toMatchObject([{ name: 'Firefox on Windows' }]);
  });

  it('change nothing but their name', async () => {
    const ann = await aVisitor();
    const id = await aDevice(ann);
    const answer = await rename(ann, id, { name: 'Laptop', expires_at: '2099-01-01T00:00:00Z' });
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expectProblem(await rename(ann, id, {}), 422, 'VALIDATION_FAILED');
  });

  it('are revoked one by one, at once, without a fresh sign-in; the sessions go on', async () => {
    const ann = await aVisitor();
    const kept = await aDevice(ann);
    const id = await aDevice(ann);
    await service.source.query(
      `UPDATE sessions SET authenticated_at = authenticated_at - interval '1 day' WHERE user_id = $1`,
      [ann.userId],
    );
    const answer = await revoke(ann, id);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await idsOf(ann)).toEqual([kept]);
    expectProblem(await revoke(ann, id), 404, 'NOT_FOUND');
    const events = (await recorded(service.source, 'mfa.device_revoked')).filter(
      ({ user_id }) => user_id === ann.userId,
    );
    expect(events).toMatchObject([
      { outcome: 'success', actor: 'user', tenant_id: ann.tenantId, details: { reason: 'user' } },
    ]);
  });

  it('are not there when they are another user’s, another tenant’s, unknown or no ids: one answer', async () => {
    const [ann, bob] = [await aVisitor(), await aVisitor()];
    const { slug } = await aFurtherTenant(service.app, ann.userId);
    const login = { username: ann.email, password: PASSWORD, tenant: slug };
    const { body } = await service.client.post('/auth/login', { json: login });
    const there = { ...ann, token: body.access_token, tenantId: body.tenant_id };
    const [mine, bobs, elsewhere] = [await aDevice(ann), await aDevice(bob), await aDevice(there)];
    expect([await idsOf(ann), await idsOf(bob), await idsOf(there)]).toEqual([[mine], [bobs], [elsewhere]]);
    const answers: Answer[] = [];
    for (const id of [bobs, elsewhere, UNKNOWN, 'current', '1', `${mine}%20`, "'--"]) {
      answers.push(await revoke(ann, id), await rename(ann, id, { name: 'Laptop' }));
    }
    for (const answer of answers) {
      expectProblem(answer, 404, 'NOT_FOUND');
      expect(masked(answer)).toEqual(masked(answers[0]!));
    }
    expect([await idsOf(ann), await idsOf(bob), await idsOf(there)]).toEqual([[mine], [bobs], [elsewhere]]);
    expect((await list(bob)).body.items).toMatchObject([{ name: 'Firefox on Windows' }]);
  });

  it('are shown and changed for nobody who is not signed in, and for no API key', async () => {
    const ann = await aVisitor();
    const id = await aDevice(ann);
    const json = { name: 'k', permissions: ['*:*'] };
    const { body } = await service.client.post('/api-keys', { json, token: ann.token });
    const [nobody, key] = [{}, { 'x-api-key': String(body.key) }];
    const calls: readonly [string, string, unknown][] = [
      ['GET', '/mfa/trusted-devices', undefined],
      ['PATCH', `/mfa/trusted-devices/${id}`, { name: 'Laptop' }],
      ['DELETE', `/mfa/trusted-devices/${id}`, undefined],
    ];
    for (const [method, path, sent] of calls) {
      const call = (headers: Record<string, string>): Promise<Answer> =>
        service.client.call(method, path, { headers, json: sent });
      expectProblem(await call(nobody), 401, 'TOKEN_MISSING');
      expectProblem(await call(key), 403, 'INSUFFICIENT_PERMISSIONS');
    }
    expect(await idsOf(ann)).toEqual([id]);
  });
});
