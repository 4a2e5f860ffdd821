import type { LookupAddress } from 'node:dns';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createPlainServer, isIP, type Server as PlainServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { TestSmtpServer } from '../../../../test/support/smtp-server';
import { GuardedOutboundClient } from './guarded-outbound-client';
import { OutboundFailed, OutboundRefused, type OutboundRequest } from './outbound-client';
import type { Resolver } from './shared-lookups';

type Mode = 'development' | 'production' | 'test';
type Answering = (request: IncomingMessage, response: ServerResponse) => void;
type World = { readonly mode?: Mode; readonly allowed?: readonly string[]; readonly answers?: readonly string[][] };

const LONG_MS = 10_000;
const SHORT_MS = 300;
const SECRET = 'a-secret-nobody-is-to-see';

const records = (addresses: readonly string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: isIP(address) }));

describe('a request to the outside', () => {
  let server: Server;
  let port: number;
  let answer: Answering;
  let asked: { to: string | undefined; request: IncomingMessage }[];
  let lookedUp: string[];
  let stranger: TestSmtpServer | undefined;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push({ to: request.socket.localAddress, request });
      answer(request, response);
    });
    // On all addresses of the machine, to see to which one a request comes.
    ({ port } = await listening(server, '0.0.0.0'));
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await stranger?.stop();
  });
  beforeEach(() => {
    [asked, lookedUp] = [[], []];
    answer = (_, response) => response.end('fine');
  });

  /** Each name is what is said first, then what is said next, and so on; the last for ever. */
  const client = ({ mode = 'production', allowed = [], answers }: World = {}): GuardedOutboundClient => {
    const resolve: Resolver = (name) => {
      lookedUp.push(name);
      return Promise.resolve(records(answers?.[Math.min(lookedUp.length, answers.length) - 1] ?? []));
    };
    return new GuardedOutboundClient({ allowedNetworks: allowed }, { mode }, answers && resolve);
  };
  const here = (change: World = {}): GuardedOutboundClient => client({ mode: 'development', ...change });
  const url = (path = '/'): string => `http://127.0.0.1:${port}${path}`;
  const failureOf = async (
    of: GuardedOutboundClient,
    to: string,
    request: Partial<OutboundRequest> = {},
  ): Promise<Error> => {
    const answered = await of.fetch(to, { timeoutMs: LONG_MS, ...request }).catch((error: unknown) => error);
    if (answered instanceof Error) return answered;
    throw new Error('It was answered');
  };

  it('brings the whole answer, and says who asks', async () => {
    answer = ({ method, headers }, response) =>
      response
        .writeHead(418, { 'x-made-of': 'clay', 'content-encoding': 'gzip' })
        .end(gzipSync(`${method ?? ''} by ${headers['user-agent'] ?? ''}, then ${headers.connection ?? ''}`));
    const answered = await here().fetch(url(), { timeoutMs: LONG_MS });
    expect([answered.status, await answered.text()]).toEqual([418, 'GET by doorward, then close']);
    // Nothing of how it came, for it is inflated already.
    expect(Object.fromEntries(answered.headers)).toMatchObject({ 'x-made-of': 'clay' });
    for (const ofTheWay of ['content-encoding', 'content-length']) expect(answered.headers.has(ofTheWay)).toBe(false);
  });

  it('sends what it is given', async () => {
    answer = (request, response) => void request.pipe(response.writeHead(201, { ...request.headers }));
    const headers = { 'content-type': 'application/json', authorization: 'Bearer x' };
    const answered = await here().fetch(url(), { method: 'POST', headers, body: '{"ü":1}', timeoutMs: LONG_MS });
    expect([answered.status, await answered.json()]).toEqual([201, { ü: 1 }]);
    expect(asked[0]?.request.headers).toMatchObject({ ...headers, 'content-length': '8' });
  });

  it('may be answered with nothing', async () => {
    answer = (_, response) => response.writeHead(204).end();
    const answered = await here().fetch(url(), { timeoutMs: LONG_MS });
    expect([answered.status, await answered.text()]).toEqual([204, '']);
  });

  describe('goes nowhere', () => {
    it.each<[string, string, string]>([
      ['what is no address', 'issuer', 'NO_URL'],
      ['another scheme', 'ftp://issuer.example', 'NOT_HTTPS'],
      ['a file', 'file:///etc/passwd', 'NOT_HTTPS'],
      ['a name in the clear', 'http://issuer.example', 'NOT_HTTPS'],
      ['a public address in the clear', 'http://8.8.8.8', 'NOT_HTTPS'],
      ['a user', 'https://user@issuer.example', 'CREDENTIALS_IN_URL'],
      ['a password', 'https://:pw@issuer.example', 'CREDENTIALS_IN_URL'],
    ])('that is %s', async (_, to, reason) => {
      const of = client({ answers: [['8.8.8.8']] });
      expect(await failureOf(of, to)).toEqual(new OutboundRefused(reason));
      expect(lookedUp).toEqual([]);
    });

    it.each([
      ...['127.0.0.1', '127.0.0.1.', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '１２７.0.0.1', '0', '0.0.0.0'],
      ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[0:0:0:0:0:0:0:1]'],
      ...['169.254.169.254', '10.0.0.1', '[fd00::1]', '[fe80::1]', '[64:ff9b::10.0.0.1]', '[2002:7f00:1::]'],
    ])('in production that is not public, as https://%s', async (host) => {
      expect(await failureOf(client(), `https://${host}:${port}`)).toEqual(new OutboundRefused('ADDRESS_NOT_PUBLIC'));
      expect(asked).toEqual([]);
    });

    it.each(['localhost', 'LOCALHOST'])('in production that is this machine: %s', async (name) => {
      const error = await failureOf(client(), `https://${name}:${port}`);
      expect(error).toEqual(new OutboundRefused('ADDRESS_NOT_PUBLIC'));
      // In the clear it may be asked for, and is refused by where it leads.
      expect(await failureOf(client(), `http://${name}:${port}`)).toBeInstanceOf(OutboundRefused);
      expect(asked).toEqual([]);
    });

    it.each([[['127.0.0.1']], [['8.8.8.8', '10.0.0.1']], [['2606:4700::1111', '::1']], [['8.8.8.8', 'fe80::1%eth0']]])(
      'whose name has an address that is not public among its addresses: %j',
      async (addresses) => {
        for (const name of ['issuer.example', 'localhost.']) {
          const error = await failureOf(client({ answers: [addresses] }), `https://${name}:${port}`);
          expect(error).toEqual(new OutboundRefused('ADDRESS_NOT_PUBLIC'));
        }
      },
    );

    it('in the clear but to this machine, whatever its name says', async () => {
      const of = here({ allowed: ['10.0.0.0/8'], answers: [['8.8.8.8'], ['10.0.0.1']] });
      for (const name of ['a', 'b']) {
        const error = await failureOf(of, `http://${name}.localhost:${port}`);
        expect(error).toEqual(new OutboundRefused('ADDRESS_NOT_PUBLIC'));
      }
      expect(await failureOf(of, 'http://10.0.0.1')).toEqual(new OutboundRefused('NOT_HTTPS'));
    });
  });

  it.each(['127.0.0.1', 'localhost', '0x7f.1', '[::ffff:127.0.0.1]'])(
    'reaches this machine but in production, as %s',
    async (host) => {
      const answered = await here().fetch(`http://${host}:${port}`, { timeoutMs: LONG_MS });
      expect(await answered.text()).toBe('fine');
    },
  );

  it('reaches in production what the operator allows, and no more', async () => {
    const of = client({ allowed: ['127.0.0.2'] });
    const answered = await of.fetch(`http://127.0.0.2:${port}`, { timeoutMs: LONG_MS });
    expect(await answered.text()).toBe('fine');
    expect(await failureOf(of, url())).toEqual(new OutboundRefused('ADDRESS_NOT_PUBLIC'));
  });

  it('goes to the addresses that were looked at, though the name is another a moment later', async () => {
    const of = client({ allowed: ['127.0.0.2'], answers: [['127.0.0.2'], ['127.0.0.1']] });
    await of.fetch(`http://issuer.localhost:${port}/a`, { timeoutMs: LONG_MS });
    expect(lookedUp).toEqual(['issuer.localhost']);
    // Looked up anew for the next one, which no connection of before carries.
    const error = await failureOf(of, `http://issuer.localhost:${port}/b`);
    expect(error).toEqual(new OutboundRefused('ADDRESS_NOT_PUBLIC'));
    expect(asked.map(({ to, request }) => [to, request.url, request.headers.host])).toEqual([
      ['127.0.0.2', '/a', `issuer.localhost:${port}`],
    ]);
  });

  it('tries the next address where nobody is at the first', async () => {
    const of = here({ answers: [['::1', '127.0.0.1']] });
    const answered = await of.fetch(`http://issuer.localhost:${port}`, { timeoutMs: LONG_MS });
    expect(await answered.text()).toBe('fine');
  });

  it('asks by TLS for the name, not for the address', async () => {
    let hello = '';
    const listener: PlainServer = createPlainServer((socket) => {
      socket
        .on('error', () => undefined)
        .once('data', (data) => {
          hello = data.toString('latin1');
          socket.destroy();
        });
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const of = here({ answers: [['127.0.0.1']] });
    const error = await failureOf(of, `https://issuer.example:${(listener.address() as AddressInfo).port}`);
    listener.close();
    expect(error).toMatchObject({ constructor: OutboundFailed, status: null });
    expect(hello).toContain('issuer.example');
  });

  it('believes no certificate that nobody vouches for', async () => {
    stranger = await TestSmtpServer.start('smtps');
    const error = await failureOf(here(), stranger.url.replace('smtps:', 'https:'));
    expect(error).toEqual(new OutboundFailed('CERT_HAS_EXPIRED'));
  });

  describe('has no answer', () => {
    it.each([300, 301, 302, 303, 304, 307, 308])('when it is sent elsewhere (%i)', async (status) => {
      answer = (_, response) => response.writeHead(status, { location: url('/elsewhere') }).end();
      expect(await failureOf(here(), url())).toEqual(new OutboundFailed('REDIRECT', status));
      expect(asked).toHaveLength(1);
    });

    it('when its status is none', async () => {
      answer = (_, response) => response.writeHead(999).end();
      expect(await failureOf(here(), url())).toEqual(new OutboundFailed('NO_STATUS'));
    });

    it('when it is longer than it may be, said or not, and not when it is just as long', async () => {
      for (const told of [true, false]) {
        answer = ({ url: path }, response) => {
          const body = 'x'.repeat(Number(path?.slice(1)));
          if (told) response.setHeader('content-length', body.length);
          else response.write(body.slice(0, 5));
          response.end(told ? body : body.slice(5));
        };
        const answered = await here().fetch(url('/1000'), { timeoutMs: LONG_MS, maxBytes: 1_000 });
        expect(await answered.text()).toHaveLength(1_000);
        const error = await failureOf(here(), url('/1001'), { maxBytes: 1_000 });
        expect(error).toEqual(new OutboundFailed('TOO_LARGE', 200));
      }
    });

    it('when it never ends, or inflates to more than it may', async () => {
      const bomb = gzipSync(Buffer.alloc(64 * 1_048_576));
      expect(bomb.length).toBeLessThan(100_000);
      answer = (request, response) => {
        if (request.url === '/bomb') response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
        else endless(request, response);
      };
      for (const path of ['/bomb', '/endless']) {
        expect(await failureOf(here(), url(path))).toEqual(new OutboundFailed('TOO_LARGE', 200));
      }
    });

    it.each<[string, Answering, number | null]>([
      ['nothing is said', () => undefined, null],
      ['it stops in the middle', (_, response) => void response.writeHead(202).write('so'), 202],
      ['it comes in drops', drip, 202],
    ])('when the time is over and %s', async (_, answering, status) => {
      answer = answering;
      const from = performance.now();
      const error = await failureOf(here(), url(), { timeoutMs: SHORT_MS });
      expect(error).toEqual(new OutboundFailed('TIMEOUT', status));
      expect(performance.now() - from).toBeLessThan(2_000);
    });

    it('when the time is over and the name is not looked up yet', async () => {
      const never: Resolver = () => new Promise(() => undefined);
      const of = new GuardedOutboundClient({ allowedNetworks: [] }, { mode: 'production' }, never);
      const error = await failureOf(of, 'https://issuer.example', { timeoutMs: SHORT_MS });
      expect(error).toEqual(new OutboundFailed('TIMEOUT'));
    });

    it('when it breaks off, or inflates to nothing', async () => {
      answer = ({ url: path }, response) => {
        if (path === '/no-gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end(SECRET);
        else response.writeHead(200, { 'content-length': 100 }).write('so', () => response.destroy());
      };
      expect(await failureOf(here(), url('/no-gzip'))).toMatchObject({ reason: 'Z_DATA_ERROR', status: 200 });
      expect(await failureOf(here(), url())).toMatchObject({ constructor: OutboundFailed, status: 200 });
    });

    it('when nobody is there, or the name is nobody’s', async () => {
      const closed = await listening(createPlainServer());
      await new Promise((resolve) => closed.server.close(resolve));
      const error = await failureOf(here(), `http://127.0.0.1:${closed.port}`);
      expect(error).toEqual(new OutboundFailed('ECONNREFUSED'));
      expect(await failureOf(here({ answers: [[]] }), 'https://issuer.example')).toMatchObject({ reason: 'ENOTFOUND' });
      expect(await failureOf(here(), 'https://nobody.invalid')).toBeInstanceOf(OutboundFailed);
    });

    it('but for its status where the rest is of no use, and waits for no more', async () => {
      answer = endless;
      const answered = await here().fetch(url(), { timeoutMs: LONG_MS, reads: (status) => status !== 200 });
      expect([answered.status, await answered.text()]).toEqual([200, '']);
    });
  });

  it('that failed says nothing of where it went, what it sent and what came back', async () => {
    const told: string[] = [];
    answer = ({ url: path }, response) => {
      if (path === `/cut?${SECRET}`) response.destroy();
      else if (path === `/garbage?${SECRET}`) response.socket?.end(`HTTP/1.1 ${SECRET}\r\n\r\n`);
      else response.writeHead(302, { location: `https://${SECRET}.example` }).end(SECRET);
    };
    const request = { method: 'POST', headers: { authorization: SECRET }, body: SECRET } as const;
    const places = [url(`/?${SECRET}`), url(`/cut?${SECRET}`), url(`/garbage?${SECRET}`), `https://${SECRET}.invalid`];
    for (const to of [...places, `http://${SECRET}`, `https://${SECRET}@x.example`, SECRET]) {
      const error = await failureOf(here(), to, request);
      told.push(JSON.stringify(error), String(error), String(error.cause));
    }
    expect(told.join('\n')).not.toContain(SECRET);
    expect(told.join('\n')).not.toContain('127.0.0.1');
  });
});

async function listening<Of extends PlainServer>(
  server: Of,
  address = '127.0.0.1',
): Promise<{ server: Of; port: number }> {
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** More than anybody should read, for as long as somebody listens. */
function endless(_: IncomingMessage, response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
  };
  response.writeHead(200).on('drain', more);
  more();
}

/** A byte at a time, each before anybody would call it silent. */
function drip(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(202).write('.');
  const drops = setInterval(() => response.write('.'), 5);
  response.on('close', () => {
    clearInterval(drops);
  });
}
