import { type Answer, PASSWORD, type Tokens } from '../support/client';
import { eventually } from '../support/gates';
import { expectProblem } from '../support/problems';
import { retryAfterOf, toldBy } from '../support/rate-limit-headers';
import { MortalRedis } from '../support/redis-server';
import { aService, type TestService } from '../support/service';

const REFUSED_WITHIN_MS = 1_000;
const SERVED_WITHIN_MS = 1_000;
/** What nobody waits for any more. */
const QUICKLY_MS = 250;

async function timed(call: () => Promise<Answer>): Promise<{ answer: Answer; ms: number }> {
  const since = performance.now();
  const answer = await call();
  return { answer, ms: performance.now() - since };
}

describe('while Redis', () => {
  let redis: MortalRedis;
  let service: TestService;
  let tokens: Tokens;
  let key: string;

  beforeAll(async () => {
    redis = await MortalRedis.start();
    service = await aService({
      variables: { RATE_LIMITS: 'on', REDIS_URL: redis.url, RATE_LIMIT_LOGIN: '600/60', RATE_LIMIT_REGISTER: '600/60' },
    });
    tokens = await service.client.signedUp('ann@example.com');
    const json = { name: 'pipeline', permissions: ['detector:read'] };
    key = String((await service.client.post('/api-keys', { json, token: tokens.access })).body.key);
  });
  afterAll(async () => {
    await service.stop();
    await redis.stop();
  });

  const counts = (): Promise<unknown> =>
    service.source.query(`SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM sessions) AS sessions,
      (SELECT count(*) FROM outbox) AS mails, (SELECT count(*) FROM audit_events) AS events`);
  const readiness = async () => {
    const { status, body } = await service.client.get('//health/ready');
    return { status, is: body.status };
  };
  /** With what there is to serve without Redis; the refresh token is replaced by its successor. */
  const served: readonly [string, number, () => Promise<Answer>][] = [
    ['me', 200, () => service.client.get('/auth/me', { token: tokens.access })],
    ['a key', 200, () => service.client.get('/auth/me', { headers: { 'x-api-key': key } })],
    ['a bad key', 401, () => service.client.get('/auth/me', { headers: { 'x-api-key': 'dw_live_' } })],
    ['keys', 200, () => service.client.get('//.well-known/jwks.json')],
    [
      'step-up',
      200,
      () => service.client.post('/auth/step-up', { json: { password: PASSWORD }, token: tokens.access }),
    ],
    [
      'refresh',
      200,
      async () => {
        const answer = await service.client.refresh(tokens.refresh);
        tokens = { ...tokens, access: answer.body.access_token, refresh: answer.body.refresh_token };
        return answer;
      },
    ],
  ];

  const faults: readonly { name: string; begin: () => unknown; end: () => unknown }[] = [
    { name: 'is stopped', begin: () => redis.stop(), end: () => redis.start() },
    {
      name: 'hangs',
      begin: () => {
        redis.pause();
      },
      end: () => {
        redis.resume();
      },
    },
    { name: 'is full', begin: () => redis.fill(), end: () => redis.empty() },
  ];

  it.each(faults)(
    '$name, what must be counted is refused, all else is served, and it heals by itself',
    async ({ name, begin, end }) => {
      const login = () => service.client.login('ann@example.com');
      const register = () => service.client.register(`somebody.${name.replaceAll(' ', '.')}@example.com`);
      expect(await readiness()).toEqual({ status: 200, is: 'ok' });
      const before = await counts();

      await begin();
      try {
        const mailed = [
          '/auth/password-reset/request',
          '/auth/password-reset/confirm',
          '/auth/email/verify',
          '/auth/email/verify/resend',
        ].map((path) => () => service.client.post(path, { json: { email: 'ann@example.com' } }));
        const token = { json: {} };
        const codes = ['/auth/mfa/challenge/verify', '/auth/mfa/challenge/send'].map(
          (path) => () => service.client.post(path, { json: { challenge_id: 'x', method: 'email', code: '123456' } }),
        );
        const send = (): Promise<Answer> =>
          service.client.post('/auth/step-up/send', { json: { method: 'email' }, token: tokens.access });
        const counted = [...mailed, ...codes, send];
        for (const call of [login, register, () => service.client.post('/auth/token', token), ...counted]) {
          const { answer, ms } = await timed(call);
          expectProblem(answer, 503, 'DEPENDENCY_UNAVAILABLE');
          expect(retryAfterOf(answer)).toBeGreaterThanOrEqual(1);
          expect(toldBy(answer)).toBeNull();
          expect(ms).toBeLessThan(REFUSED_WITHIN_MS);
        }
        expect(await counts()).toEqual(before);
        for (const [what, status, call] of served) {
          const { answer, ms } = await timed(call);
          expect([what, answer.status]).toEqual([what, status]);
          expect(ms).toBeLessThan(SERVED_WITHIN_MS);
        }
        const waits = await Promise.all(
          Array.from({ length: 5 }, () => timed(() => service.client.get('/auth/me', { token: tokens.access }))),
        );
        expect(waits.filter(({ ms }) => ms < QUICKLY_MS).length).toBeGreaterThanOrEqual(4);
        expect(await readiness()).toEqual({ status: 200, is: 'degraded' });
      } finally {
        await end();
      }

      await eventually('who signs in is let in again', async () => (await login()).status === 200);
      expect(await readiness()).toEqual({ status: 200, is: 'ok' });
      expect((await register()).status).toBe(201);
    },
  );
});
