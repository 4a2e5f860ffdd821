import { createHttpApplication } from '../../src/boot/http-application';
import { Installation } from '../../src/boot/installation';
import { readSettings } from '../../src/platform/config/read-settings';
import { type Answer, Client, PASSWORD } from '../support/client';
import { type OwnServer, startPostgres } from '../support/postgres-server';
import { expectProblem } from '../support/problems';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Should the outage never show, the test ends all the same, and fails. */
const ENOUGH = 20_000;

describe('while PostgreSQL goes away under load', () => {
  it('every answer is an answer of before or a 503, and what needs no database is served', async () => {
    const postgres = (await startPostgres()) as OwnServer;
    expect(postgres).not.toBeNull();
    const dataDir = mkdtempSync(join(tmpdir(), 'doorward-data-'));
    const variables = { NODE_ENV: 'test', LOG_LEVEL: 'silent', PUBLIC_URL: 'http://localhost:3000', DATA_DIR: dataDir };
    const app = await createHttpApplication(readSettings({ ...variables, DATABASE_URL: postgres.url }), 0);
    await new Installation(app).prepare();
    await app.listen(0, '127.0.0.1');
    const client = new Client(await app.getUrl());
    const { access, refresh } = await client.signedUp('ann@example.com');

    const calls: readonly (() => Promise<Answer>)[] = [
      () => client.get('/auth/me', { token: access }),
      () => client.patch('/users/me', { json: { first_name: `A${Math.random()}` }, token: access }),
      () => client.login('ann@example.com'),
      () => client.register(`user-${Math.random()}@example.com`),
      () => client.refresh(refresh),
      () => client.get('//health/ready'),
      () => client.get('//.well-known/jwks.json'),
    ];
    const answers: Answer[] = [];
    const outages = (): number => answers.filter(({ status }) => status === 503).length;
    const loops = [...calls, ...calls, ...calls].map(async (call) => {
      while (outages() < 60 && answers.length < ENOUGH) answers.push(await call());
    });
    const stopping = postgres.stop();
    await Promise.all([...loops, stopping]);

    const faults = answers.filter(({ status }) => status >= 500);
    for (const answer of faults) expectProblem(answer, 503, 'DEPENDENCY_UNAVAILABLE');
    expect(faults.length).toBeGreaterThanOrEqual(60);
    expect((await client.get('//health/live', { token: access })).status).toBe(200);
    expectProblem(await client.login('ann@example.com', PASSWORD), 503, 'DEPENDENCY_UNAVAILABLE');

    app.getHttpServer().closeAllConnections();
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
});
