import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { CONNECTION_LIMITS } from '../../src/http/connections';
import { answerTo, rawRequest } from '../support/raw-http';
import { expectSecurityHeaders } from '../support/security-headers';
import { aService, type TestService } from '../support/service';

/** The limits of every service in small, so that nobody has to wait for them. */
const LIMITS = { headersMs: 300, requestMs: 2_000, stalledMs: 900, idleMs: 500, checkMs: 30 };
/** A busy machine is late; a client that is never cut is later. */
const LATE_MS = 3_000;
const DRIP_EVERY_MS = 20;
const HEADERS =
  'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n';

let service: TestService;
const sockets = new Set<Socket>();

beforeAll(async () => {
  service = await aService({ connections: LIMITS });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await service.stop();
});

async function connected(): Promise<Socket> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  sockets.add(socket);
  await once(socket, 'connect');
  return socket;
}

type Cut = { readonly afterMs: number; readonly said: string };

/** Sends `first` and then, if there is one, the same byte again and again, until it is cut. */
async function untilCut(first: string, drip = ''): Promise<Cut> {
  const socket = await connected();
  const begunAt = performance.now();
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => (said += text));
  socket.write(first);
  const dripping = setInterval(() => drip !== '' && socket.writable && socket.write(drip), DRIP_EVERY_MS);
  await once(socket, 'close');
  clearInterval(dripping);
  return { afterMs: performance.now() - begunAt, said };
}

function expectCut({ afterMs }: Cut, limitMs: number): void {
  expect(afterMs).toBeGreaterThan(limitMs - 50);
  expect(afterMs).toBeLessThan(limitMs + LATE_MS);
}

type Dawdler = readonly [how: string, first: string, drip: string];

const SLOW_HEADERS: readonly Dawdler[] = [
  ['says nothing', '', ''],
  ['begins a request and stops', 'GET /health', ''],
  ['sends its headers byte by byte', 'GET /health HTTP/1.1\r\nX: ', 'x'],
  ['sends one header after the other', 'GET /health HTTP/1.1\r\n', 'X: y\r\n'],
];
const SLOW_BODIES: readonly Dawdler[] = [
  ['sends its body byte by byte', HEADERS, 'x'],
  [
    'sends its body in the smallest chunks',
    HEADERS.replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked'),
    '1\r\nx\r\n',
  ],
];

describe('a client is cut', () => {
  const cuts = new Map<string, Promise<Cut>>();
  // All at once, for each of them takes its time.
  beforeAll(() => {
    for (const [how, first, drip] of [...SLOW_HEADERS, ...SLOW_BODIES]) cuts.set(how, untilCut(first, drip));
  });

  function expectTold({ said }: Cut): void {
    expect(said).toMatch(/^HTTP\/1\.1 408 [^]*\r\nConnection: close\r\n[^]*"error_code":"REQUEST_TIMEOUT"/);
    expect(said.match(/HTTP\/1\.1/g)).toHaveLength(1);
    const lines = said.split('\r\n\r\n')[0]!.split('\r\n').slice(1);
    expectSecurityHeaders(new Headers(lines.map((line) => line.split(': ') as [string, string])));
  }

  it.each(SLOW_HEADERS)('soon, with a 408, when it %s', async (how) => {
    const cut = await cuts.get(how)!;
    expectTold(cut);
    expect(cut.afterMs).toBeGreaterThan(LIMITS.headersMs - 50);
    expect(cut.afterMs).toBeLessThan(LIMITS.requestMs);
  });

  it.each(SLOW_BODIES)('with a 408 when it %s', async (how) => {
    const cut = await cuts.get(how)!;
    expectTold(cut);
    expectCut(cut, LIMITS.requestMs);
  });

  it('when it sends headers and no body', async () => {
    expectCut(await untilCut(HEADERS), LIMITS.stalledMs);
  });

  it('without another word when it keeps its connection and asks nothing', async () => {
    const cut = await untilCut('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    expectCut(cut, LIMITS.idleMs);
    expect(cut.said).toMatch(/^HTTP\/1\.1 200 [^]*\{"status":"ok"\}$/);
  });

  it('when it dawdles over its second request as over its first', async () => {
    const { said } = await untilCut('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nX: ', 'x');
    expect(said).toMatch(/^HTTP\/1\.1 200 [^]*\{"status":"ok"\}HTTP\/1\.1 408 /);
  });

  it('when it was answered before it had sent all, and goes on sending byte by byte', async () => {
    const cut = await untilCut(HEADERS.replace('application/json', 'text/plain'), 'x');
    expect(cut.said).toMatch(/^HTTP\/1\.1 415 /);
    expectCut(cut, 0);
  });

  it('when it never reads what it asked for', async () => {
    const server: Server = service.app.getHttpServer();
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = await connected();
    const [connection] = await accepted;
    const cut = once(connection, 'close');
    const begunAt = performance.now();
    client.pause();
    // More than the buffers of both ends hold together.
    client.write('GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(12));
    await cut;
    expectCut({ afterMs: performance.now() - begunAt, said: '' }, LIMITS.stalledMs);
  });
});

describe('a client that asks for many things in one breath', () => {
  const many = (count: number): string => 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(count);
  const answersTo = async (text: string): Promise<number> => {
    const client = await connected();
    let said = '';
    client.setEncoding('utf8').on('data', (part: string) => (said += part));
    const closed = once(client, 'close');
    client.write(text);
    client.end();
    await closed;
    return said.split('HTTP/1.1 200').length - 1;
  };

  it('is answered all of them, as long as they are a few', async () => {
    expect(await answersTo(many(16))).toBe(16);
  });

  it('is cut when they are more: begun all at once they would come before everybody else’s', async () => {
    expect(await answersTo(many(400))).toBeLessThan(17);
  });
});

describe('a client is not cut', () => {
  it('when it is slow and reads all the while', async () => {
    const socket = await connected();
    const request = 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const { text } = await service.client.get('//docs/swagger-ui-bundle.js');
    let bytes = 0;
    socket.on('data', ({ length }: Buffer) => {
      bytes += length;
      socket.pause();
      setTimeout(() => socket.resume(), 5);
    });
    socket.write(request);
    await once(socket, 'close');
    expect(bytes).toBeGreaterThan(Buffer.byteLength(text));
  });

  it('in the middle of an answer by another that is not its own', async () => {
    const socket = await connected();
    let said = '';
    socket.setEncoding('utf8').on('data', (text: string) => (said += text));
    const asset = 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n';
    socket.write(asset);
    await once(socket, 'data');
    socket.pause().write('nonsense\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    const [, body = ''] = said.split('\r\n\r\n', 2);
    expect(said.slice(said.indexOf(body))).not.toContain('MALFORMED_REQUEST');
  });
});

it('clients that drip hold nobody up', async () => {
  const clients = await Promise.all(Array.from({ length: 100 }, connected));
  const dripping = setInterval(() => {
    for (const socket of clients) if (socket.writable) socket.write('x');
  }, DRIP_EVERY_MS);
  for (const [at, socket] of clients.entries()) socket.write(at % 2 === 0 ? HEADERS : 'GET / HTTP/1.1\r\nX: ');

  const times: number[] = [];
  const begunAt = performance.now();
  while (performance.now() - begunAt < LIMITS.headersMs) {
    const askedAt = performance.now();
    expect((await answerTo(service.url, rawRequest('GET /health/ready'))).status).toBe(200);
    times.push(performance.now() - askedAt);
  }
  clearInterval(dripping);
  const median = times.sort((a, b) => a - b)[times.length >> 1];
  expect(median).toBeLessThan(100);
});

it('what every service grants is a matter of seconds, and longer than balancers keep a connection', () => {
  expect(CONNECTION_LIMITS.headersMs).toBeLessThanOrEqual(10_000);
  expect(CONNECTION_LIMITS.requestMs).toBeLessThanOrEqual(30_000);
  expect(CONNECTION_LIMITS.stalledMs).toBeLessThanOrEqual(30_000);
  expect(CONNECTION_LIMITS.idleMs).toBeGreaterThan(60_000);
  expect(CONNECTION_LIMITS.checkMs).toBeLessThanOrEqual(2_000);
});
