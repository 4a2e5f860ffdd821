import { connect, type Socket } from 'node:net';
import { PASSWORD } from '../support/client';
import { aDatabase, DATABASES, type TestDatabase } from '../support/database';
import { cleanUp, type Exit, rows, type Server, startServer, until } from '../support/process';

/** Far below the 30 seconds a drain may take, far above what it takes. */
const SOON_MS = 15_000;

/** A connection that is spoken to by hand. */
class Line {
  private received = '';
  private ended = false;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (text: string) => (this.received += text));
    socket.on('close', () => (this.ended = true)).on('error', () => (this.ended = true));
  }

  static async to({ url }: Server): Promise<Line> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
    });
    return new Line(socket);
  }

  say(...lines: readonly string[]): void {
    this.socket.write(lines.join('\r\n'));
  }

  /** Everything heard so far, once `pattern` is in it. */
  async hears(pattern: RegExp): Promise<string> {
    await until(`the server says ${pattern.source}, not ${this.received}`, () => pattern.test(this.received));
    return this.received;
  }

  get isClosed(): boolean {
    return this.ended;
  }
}

type Half = { readonly line: Line; readonly rest: string };

/** Half a request. The server has begun with it: it said to go on. */
async function halfOf(server: Server, path: string, json: unknown, credential: readonly string[] = []): Promise<Half> {
  const body = JSON.stringify(json);
  const line = await Line.to(server);
  line.say(
    `POST /api/v1${path} HTTP/1.1`,
    'Host: localhost',
    ...credential,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Expect: 100-continue',
    '',
    body.slice(0, 20),
  );
  await line.hears(/^HTTP\/1\.1 100 Continue/);
  return { line, rest: body.slice(20) };
}

/** Half a request of a session, and half of one by a key: who they are is asked when all of it is there. */
async function halvesOfSomebodyKnown(server: Server): Promise<readonly Half[]> {
  const { access: token } = await server.client.signedUp('bob@example.com');
  const key = { name: 'k', permissions: ['user:read'] };
  const { body } = await server.client.post('/api-keys', { json: key, token });
  const question = { permission: 'user:read' };
  return [
    await halfOf(server, '/authz/check', question, [`Authorization: Bearer ${token}`]),
    await halfOf(server, '/authz/check', question, [`X-API-Key: ${String(body.key)}`]),
  ];
}

/** A connection whose first request was answered, kept open for more. */
async function keptConnection(server: Server): Promise<Line> {
  const line = await Line.to(server);
  line.say('GET /health/ready HTTP/1.1', 'Host: localhost', '', '');
  await line.hears(/^HTTP\/1\.1 200 OK[^]*"status":"ok"/);
  return line;
}

async function isRefused(server: Server): Promise<boolean> {
  return fetch(`${server.url}/health/live`).then(
    () => false,
    () => true,
  );
}

afterAll(cleanUp);

describe.each(DATABASES)('a server that is told to stop (%s)', (kind) => {
  let database: TestDatabase;
  let server: Server;
  let upload: Half;
  let checks: readonly Half[];
  let idle: Line;
  let kept: Line;
  let exit: Promise<Exit>;
  let told: number;

  beforeAll(async () => {
    database = await aDatabase(kind);
    server = await startServer({ database });
    checks = await halvesOfSomebodyKnown(server);
    upload = await halfOf(server, '/auth/register', { email: 'ann@example.com', password: PASSWORD });
    idle = await keptConnection(server);
    kept = await keptConnection(server);
    // The beginning of the next request, so that the connection counts as busy until its end has come.
    kept.say('GET /health/ready HTTP/1.1', 'Host: localhost', 'X-Request-ID: while-draining', '');
    exit = server.stop('SIGTERM');
    told = performance.now();
    await until('the server drains', () => server.stdout().includes('"msg":"draining"'));
  });

  it('answers on a kept connection that it is no longer ready, and closes it', async () => {
    kept.say('', '');
    const answers = await kept.hears(/HTTP\/1\.1 503[^]*while-draining[^]*\}/);
    expect(answers).toMatch(/HTTP\/1\.1 503 [^]*\r\nconnection: close\r\n/i);
    expect(answers).toMatch(/\r\nretry-after: \d+\r\n/i);
    expect(answers).toContain('"error_code":"DEPENDENCY_UNAVAILABLE"');
    await until('the kept connection is closed', () => kept.isClosed);
  });

  it('takes no new connections and hangs up on idle ones', async () => {
    await until('new connections are refused', () => isRefused(server));
    await until('the idle connection is closed', () => idle.isClosed);
  });

  it('finishes the request whose body is still on its way', async () => {
    upload.line.say(upload.rest);
    const answer = await upload.line.hears(/HTTP\/1\.1 201 Created[^]*"email_verification"/);
    expect(answer).toContain('"email":"ann@example.com"');
    for (const { line, rest } of checks) {
      line.say(rest);
      await line.hears(/HTTP\/1\.1 200 OK[^]*"allowed":true/);
    }
  });

  it('ends with 0, soon, with nothing left in its way', async () => {
    const { code, stderr, stdout } = await exit;
    expect([code, stderr]).toEqual([0, '']);
    expect(performance.now() - told).toBeLessThan(SOON_MS);
    expect(stdout).toContain('"msg":"stopped"');
  });

  it('has stored what it answered', async () => {
    const [ann] = await rows(database, `SELECT email FROM users WHERE email = 'ann@example.com'`);
    expect(ann).toEqual({ email: 'ann@example.com' });
  });

  it('has stored what was used to the last, by session and by key', async () => {
    const [used] = await rows(
      database,
      `SELECT (SELECT sum(amount)::int FROM tenant_usage WHERE metric = 'requests') AS requests,
              (SELECT count(*)::int FROM api_keys WHERE last_used_at IS NOT NULL) AS keys,
              (SELECT count(*)::int FROM audit_events WHERE action = 'api_key.used') AS first_uses`,
    );
    expect(used).toEqual({ requests: 3, keys: 1, first_uses: 1 });
  });
});

it('stops on SIGINT as on SIGTERM, with an idle connection open', async () => {
  const server = await startServer({ database: await aDatabase() });
  const idle = await keptConnection(server);
  const begun = performance.now();
  const { code } = await server.stop('SIGINT');
  expect(code).toBe(0);
  expect(performance.now() - begun).toBeLessThan(SOON_MS);
  await until('the idle connection is closed', () => idle.isClosed);
});
