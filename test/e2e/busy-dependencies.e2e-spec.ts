import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Client as Postgres } from 'pg';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { DeliverMails } from '../../src/platform/mail/deliver-mails';
import { Outbox } from '../../src/platform/mail/outbox';
import { aMail } from '../support/a-mail';
import type { Answer } from '../support/client';
import { DATABASES } from '../support/database';
import { expectProblem } from '../support/problems';
import { untilWaiting } from '../support/replicas';
import { aService, type TestService } from '../support/service';

type Timed = { readonly answer: Answer; readonly afterMs: number };

async function timed(call: Promise<Answer>): Promise<Timed> {
  const begunAt = performance.now();
  const answer = await call;
  return { answer, afterMs: performance.now() - begunAt };
}

// An embedded database has one session, which nobody else can hold.
if (DATABASES.includes('postgres')) {
  describe('while the only connection to the database waits for a lock', () => {
    /** Two seconds for a connection, five for a statement, and what a busy machine takes. */
    const [ACQUIRE_MS, STATEMENT_MS, LATE_MS] = [2_000, 5_000, 2_000];
    let service: TestService;
    let holder: Postgres;

    beforeAll(async () => {
      service = await aService({ database: 'postgres', variables: { DATABASE_POOL_SIZE: '1' } });
      holder = new Postgres({ connectionString: service.database.variables.DATABASE_URL });
      await holder.connect();
    });
    afterAll(async () => {
      await holder.end();
      await service.stop();
    });

    it('everything is answered in time, with a 503 that says when to come back, and all is well afterwards', async () => {
      const { client } = service;
      const { access, refresh } = await client.signedUp('ann@example.com');
      await holder.query("BEGIN; SELECT FROM users WHERE email = 'ann@example.com' FOR UPDATE");

      const waiting = timed(client.patch('/users/me', { json: { first_name: 'Ann' }, token: access }));
      await untilWaiting(holder, 1);
      const others = await Promise.all(
        [
          client.login('ann@example.com'),
          client.register('bob@example.com'),
          client.refresh(refresh),
          client.get('/auth/sessions', { token: access }),
          client.get('//health/ready'),
        ].map(timed),
      );
      const first = await waiting;

      for (const { answer, afterMs } of others) {
        expectProblem(answer, 503, 'DEPENDENCY_UNAVAILABLE');
        expect(afterMs).toBeGreaterThan(ACQUIRE_MS - 500);
        expect(afterMs).toBeLessThan(ACQUIRE_MS + LATE_MS);
      }
      expectProblem(first.answer, 503, 'DEPENDENCY_UNAVAILABLE');
      expect(first.afterMs).toBeLessThan(STATEMENT_MS + LATE_MS);
      expect((await client.get('//health/live')).status).toBe(200);

      await holder.query('ROLLBACK');
      expect((await client.patch('/users/me', { json: { first_name: 'Ann' }, token: access })).status).toBe(200);
      expect((await client.refresh(refresh)).status).toBe(200);
      expect((await client.get('//health/ready')).status).toBe(200);
    });
  });
}

describe('while the mail server takes connections and says nothing', () => {
  /** Far less than the ten seconds the mail server is waited for. */
  const AT_ONCE_MS = 3_000;
  let silent: Server;
  let service: TestService;

  beforeAll(async () => {
    silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const variables = { SMTP_URL: `smtp://127.0.0.1:${port}`, DATABASE_POOL_SIZE: '1' };
    service = await aService({ variables });
  });
  afterAll(async () => {
    await service.stop();
    silent.close();
  });

  it('no request waits for it, not even for the connection to the database', async () => {
    const { app, client } = service;
    await app.get(UnitOfWork).run(() => app.get(Outbox).enqueue(aMail()));
    const called = once(silent, 'connection') as Promise<[Socket]>;
    const delivering = app.get(DeliverMails).execute();
    const [connection] = await called;

    const answers = [
      await timed(client.register('ann@example.com')),
      await timed(client.login('ann@example.com')),
      await timed(client.get('//health/ready')),
    ];

    expect(answers.map(({ answer }) => answer.status)).toEqual([201, 200, 200]);
    for (const { afterMs } of answers) expect(afterMs).toBeLessThan(AT_ONCE_MS);
    connection.destroy();
    expect(await delivering).toBe(0);
  });
});
