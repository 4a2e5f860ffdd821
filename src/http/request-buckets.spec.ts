import { randomUUID } from 'node:crypto';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import { tenantId, userId } from '../kernel/ids';
import type { Principal } from '../kernel/principal';
import { readSettings } from '../platform/config/read-settings';
import { MasterKey } from '../platform/crypto/master-key';
import { RateLimited } from '../platform/http/rate-limited';
import { noRequest, RequestContext } from '../platform/http/request-context';
import type { PresentedDevice } from './presented-device';
import { RequestBuckets } from './request-buckets';

class Routes {
  @RateLimited({ name: 'login', by: 'address', account: 'username', everybody: true, uncounted: 'refuse' })
  login(): void {}
  @RateLimited({ name: 'step_up', by: 'caller', uncounted: 'serve' })
  stepUp(): void {}
  other(): void {}
}

const ANN: Principal = {
  kind: 'user',
  userId: userId(randomUUID()),
  tenantId: tenantId(randomUUID()),
  sessionId: null,
  apiKeyId: null,
  authenticatedAt: null,
  roles: [],
  permissions: [],
  systemAdministrator: false,
  assurance: null,
  confined: false,
  networks: [],
};

describe('the buckets of a request', () => {
  const context = new RequestContext();
  const { limits } = readSettings({});
  /** Knows one device, of whoever signs in as ann. */
  const devices = {
    hasSignedInAs: (login: string, { headers }: { readonly headers?: object }) =>
      login === 'ann' && headers !== undefined && 'x-device-token' in headers,
  } as unknown as PresentedDevice;
  const requests = (key = 1): RequestBuckets =>
    new RequestBuckets(new Reflector(), context, limits, devices, new MasterKey(Buffer.alloc(32, key)));

  function keys(
    route: keyof Routes,
    request: object,
    ipAddress: string | null = '203.0.113.7',
    of = requests(),
  ): string[] {
    const handler = Reflect.get<Routes, keyof Routes>(Routes.prototype, route);
    const execution = new ExecutionContextHost([request], Routes, handler);
    const { ofRoute, ofCaller } = context.run({ ...noRequest('anonymous'), ipAddress }, () => of.of(execution));
    return [...ofRoute, ...ofCaller].map(({ key }) => key);
  }
  const account = (username: unknown, of = requests()) => keys('login', { body: { username } }, null, of)[1];

  it('are those of the address, the account and everybody where somebody signs in', () => {
    expect(keys('login', { body: { username: 'ann' } })).toEqual([
      'login:203.0.113.7',
      expect.stringMatching(/^account:[\w-]{43}$/),
      'global:all',
    ]);
  });

  it('is one for all devices that have signed in by that name: strangers use up nothing of it', () => {
    const headers = { 'x-device-token': 'token' };
    expect(keys('login', { body: { username: 'ann' }, headers })).toEqual([
      expect.stringMatching(/^login:known:account:[\w-]{43}$/),
    ]);
    expect(keys('login', { body: { username: 'bob' }, headers })).toHaveLength(3);
  });

  it.each([
    ['2001:db8::1', 'login:2001:db8::/64'],
    ['2001:db8:0:0:ffff::9', 'login:2001:db8::/64'],
    ['2001:db8:0:1::1', 'login:2001:db8:0:1::/64'],
    ['fe80::1%eth0', 'login:fe80::/64'],
    ['203.0.113.7', 'login:203.0.113.7'],
    [null, 'login:unknown'],
  ])('of the address %s are %s', (address, key) => {
    expect(keys('login', {}, address)[0]).toBe(key);
  });

  it('are the same for every spelling of an account, and others for another', () => {
    expect(account('Ann@Example.com')).toBe(account('ann@example.com'));
    expect(account('bob@example.com')).not.toBe(account('ann@example.com'));
  });

  it('say nothing of the account to who has not the master key', () => {
    expect(account('ann', requests(1))).not.toBe(account('ann', requests(2)));
  });

  it.each([[undefined], [null], ['text'], [{}], [{ username: 5 }], [{ username: ['ann'] }]])(
    'have none of an account where the body is %j',
    (body) => {
      expect(keys('login', { body })).toEqual(['login:203.0.113.7', 'global:all']);
    },
  );

  it('are those of the user and of the tenant where somebody is signed in', () => {
    expect(keys('stepUp', { user: ANN })).toEqual([`step_up:${ANN.userId}`, `tenant:${ANN.tenantId}`]);
  });

  it('are none of the route where nobody is signed in and users are counted', () => {
    expect(keys('stepUp', {})).toEqual([]);
  });

  it.each(['user', 'api_key'] as const)('are those of the tenant on any route, for a caller by %s', (kind) => {
    expect(keys('other', { user: { ...ANN, kind } })).toEqual([`tenant:${ANN.tenantId}`]);
  });

  it('are those of the key, too, for a caller by one', () => {
    const user = { ...ANN, kind: 'api_key', apiKeyId: 'ak_01890a5dac96774bbcceb302099a8057' };
    expect(keys('other', { user })).toEqual([
      `tenant:${ANN.tenantId}`,
      `api_key:${ANN.tenantId}:ak_01890a5dac96774bbcceb302099a8057`,
    ]);
  });

  it('is one of the address for a key that is not good', () => {
    const { key } = context.run({ ...noRequest('anonymous'), ipAddress: '2001:db8::1' }, () =>
      requests().ofBadApiKey(),
    );
    expect(key).toBe('bad_api_key:2001:db8::/64');
  });

  it('are none for who is nobody, or everybody, on a route without a limit', () => {
    expect(keys('other', {})).toEqual([]);
    expect(keys('other', { user: { ...ANN, kind: 'development' } })).toEqual([]);
  });
});
