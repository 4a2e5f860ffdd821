import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readSettings } from '../../../platform/config/read-settings';
import { Log } from '../../../platform/logging/log';
import { GuardedOutboundClient } from '../../../platform/network/outbound/guarded-outbound-client';
import { SystemClock } from '../../../platform/time/clock';
import { HttpBreachedPasswords } from './http-breached-passwords';

const PASSWORD = 'correct horse battery staple';
const HASH = createHash('sha1').update(PASSWORD).digest('hex').toUpperCase();
const [PREFIX, SUFFIX] = [HASH.slice(0, 5), HASH.slice(5)];
const OTHERS = ['0018A45C4D1DEF81644B54AB7F969B88D65:3', '00D4F6E8FA6EECAD2A3AA415EEC418D38EC:0'];

type Answering = (request: IncomingMessage, response: ServerResponse) => void;

class KeptLog extends Log {
  readonly warnings: string[] = [];

  constructor() {
    super('silent');
  }

  override warn(message: unknown): void {
    this.warnings.push(String(message));
  }
}

class StandingClock extends SystemClock {
  private elapsed = 0;

  override elapsedMs(): number {
    return this.elapsed;
  }

  advance({ seconds }: { readonly seconds: number }): void {
    this.elapsed += seconds * 1000;
  }
}

describe('passwords that were published in breaches', () => {
  let server: Server;
  let url: string;
  let answer: Answering;
  let asked: IncomingMessage[];
  let log: KeptLog;
  let clock: StandingClock;
  let breached: HttpBreachedPasswords;
  const outbound = new GuardedOutboundClient({ allowedNetworks: [] }, { mode: 'test' });

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/range`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    [asked, log, clock] = [[], new KeptLog(), new StandingClock()];
    breached = asking(url);
  });

  const asking = (address: string | undefined): HttpBreachedPasswords => {
    const variables = { NODE_ENV: 'test', ...(address === undefined ? {} : { BREACHED_PASSWORDS_URL: address }) };
    const { signIn, hashing } = readSettings({ HASHING_CONCURRENCY: '3', ...variables });
    return new HttpBreachedPasswords(signIn, outbound, clock, log, hashing);
  };
  const says =
    (body: string, status = 200): Answering =>
    (_, response) =>
      response.writeHead(status).end(body);
  const range = (...lines: string[]): Answering => says([...OTHERS, ...lines].join('\r\n'));

  it('are known by a hash of which no more than five digits are told', async () => {
    answer = range(`${SUFFIX}:42`);
    expect(await breached.has(PASSWORD)).toBe(true);
    expect(asked.map(({ method, url: path }) => [method, path])).toEqual([['GET', `/range/${PREFIX}`]]);
    expect(asked[0]?.headers).toMatchObject({ 'add-padding': 'true', 'user-agent': 'doorward' });
    expect(JSON.stringify([asked[0]?.rawHeaders, asked[0]?.url])).not.toContain(SUFFIX.slice(0, 6));
  });

  it.each<[string, string[], boolean]>([
    ['of another one', [], false],
    ['in lower case', [`${SUFFIX.toLowerCase()}:1`], true],
    ['of padding, which counts nothing', [`${SUFFIX}:0`], false],
    ['that is not whole', [`${SUFFIX.slice(0, 34)}:7`, `${SUFFIX}:1`], true],
  ])('are compared with each line of the answer: %s', async (_, lines, known) => {
    answer = range(...lines);
    expect(await breached.has(PASSWORD)).toBe(known);
    expect(log.warnings).toEqual([]);
  });

  it('are none, and nobody is asked, unless the settings say where', async () => {
    expect(await asking(undefined).has(PASSWORD)).toBe(false);
    expect(asked).toEqual([]);
  });

  const known = [...OTHERS, `${SUFFIX}:42`].join('\r\n');
  it.each<[string, Answering, string]>([
    ['fails', says(known, 500), 'it answered with 500'],
    ['says there is nothing', says(known, 404), 'it answered with 404'],
    ['has no content', says('', 204), 'it answered with 204'],
    ['says something else', says('<html>Please sign in to the network</html>'), 'its answer is not a range'],
    ['never stops', endless, 'TOO_LARGE'],
    ['hangs up', hangUp, 'UND_ERR_SOCKET'],
    [
      'sends us elsewhere',
      ({ url: path }, response) => {
        if (path === '/elsewhere') response.end(known);
        else response.writeHead(302, { location: '/elsewhere' }).end();
      },
      'REDIRECT',
    ],
  ])('are none when the one who is asked %s, which is said in the log', async (_, answering, reason) => {
    answer = answering;
    expect(await breached.has(PASSWORD)).toBe(false);
    expect(asked).toHaveLength(1);
    expect(log.warnings).toEqual([
      `Breached passwords cannot be looked up, so the list that is built in decides alone: ${reason}`,
    ]);
  });

  it.each<[string, Answering]>([
    ['says nothing', () => undefined],
    ['stops in the middle', (_, response) => void response.writeHead(200).write(`${SUFFIX}:42\r\n`)],
  ])('are none two seconds after the question when the one who is asked %s', async (_, answering) => {
    answer = answering;
    const from = performance.now();
    expect(await breached.has(PASSWORD)).toBe(false);
    expect(performance.now() - from).toBeGreaterThan(1_900);
    expect(performance.now() - from).toBeLessThan(3_500);
    expect(log.warnings).toEqual([expect.stringContaining('TIMEOUT')]);
  });

  it('are none when nobody is there to be asked, or it is nobody the service would ask', async () => {
    expect(await asking('http://127.0.0.1:1').has(PASSWORD)).toBe(false);
    clock.advance({ seconds: 60 });
    expect(await asking('https://10.0.0.1').has(PASSWORD)).toBe(false);
    expect(log.warnings).toEqual([
      expect.stringContaining('alone: '),
      expect.stringContaining('alone: ADDRESS_NOT_PUBLIC'),
    ]);
  });

  it('are asked about by no more at once than hash, so that slow answers leave turns to those who sign in', async () => {
    const waiting: (() => void)[] = [];
    answer = (_, response) => {
      waiting.push(() => response.writeHead(200).end(`${SUFFIX}:3`));
      if (waiting.length === 3) for (const answerIt of waiting) answerIt();
    };
    expect(await Promise.all([1, 2, 3, 4].map(() => breached.has(PASSWORD)))).toEqual([true, true, true, false]);
  });

  it('are not asked about while nobody answers, but for one every ten seconds', async () => {
    answer = says('', 500);
    await breached.has(PASSWORD);
    answer = range(`${SUFFIX}:42`);
    clock.advance({ seconds: 9 });
    expect(await breached.has(PASSWORD)).toBe(false);
    clock.advance({ seconds: 1 });
    expect(await Promise.all([1, 2, 3].map(() => breached.has(PASSWORD)))).toEqual([true, false, false]);
    expect(await Promise.all([1, 2, 3].map(() => breached.has(PASSWORD)))).toEqual([true, true, true]);
    expect(asked).toHaveLength(5);
  });

  it('are missed in the log once a minute at most, and never with what was asked', async () => {
    answer = says(known, 500);
    for (let tenSeconds = 0; tenSeconds < 12; tenSeconds += 1) {
      expect(await breached.has(PASSWORD)).toBe(false);
      clock.advance({ seconds: 10 });
    }
    expect(asked).toHaveLength(12);
    expect(log.warnings).toHaveLength(2);
    for (const secret of [PASSWORD, PREFIX, SUFFIX]) expect(log.warnings.join().toUpperCase()).not.toContain(secret);
  });
});

/** More than anybody should read, for as long as somebody listens. */
function endless(_: IncomingMessage, response: ServerResponse): void {
  const line = `${OTHERS.join('\r\n')}\r\n`.repeat(1_000);
  const more = (): void => {
    while (!response.destroyed && response.write(line));
  };
  response.writeHead(200).on('drain', more);
  more();
}

function hangUp(request: IncomingMessage): void {
  request.socket.destroy();
}
