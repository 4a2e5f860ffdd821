import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Client, PASSWORD } from '../support/client';
import { eventually } from '../support/gates';
import { answerTo, rawRequest } from '../support/raw-http';
import { shown } from '../support/recorded';
import { aService, type TestService } from '../support/service';

const PEER = '127.0.0.1';
const SPOOFED = '198.51.100.66';
const CLIENT = '203.0.113.9';
const LOGIN = 'POST /api/v1/auth/login';

let sent = 0;
const credentials = (password = PASSWORD): string => JSON.stringify({ username: 'ann@example.com', password });
const login = (headers: readonly string[], password?: string): string => {
  const json = 'Content-Type: application/json';
  return rawRequest(LOGIN, { headers: [json, ...headers], body: credentials(password) });
};

/** Signs in with these header lines; the address that the session list, the record and its search have of it. */
async function seenAs({ url, client }: TestService, headers: readonly string[]): Promise<unknown[]> {
  const requestId = `address-${(sent += 1)}`;
  const { status, body } = await answerTo(url, login([`X-Request-ID: ${requestId}`, ...headers]));
  expect(status).toBe(200);
  const token = body.access_token;
  const sessions = await client.get('/auth/sessions', { token });
  const events = await client.get(`/auth/audit-logs?action=auth.login&request_id=${requestId}`, { token });
  return [
    ...sessions.body.items.filter(({ current }) => current).map(({ ip_address }) => ip_address),
    ...events.body.items.map(({ ip_address }) => ip_address),
  ];
}

async function aServiceBehind(proxies: string): Promise<TestService> {
  const service = await aService({ variables: { TRUSTED_PROXIES: proxies } });
  await service.client.register('ann@example.com');
  return service;
}

describe('the address of a client, where no proxy is trusted', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await aServiceBehind('');
  });
  afterAll(() => service.stop());

  it.each([
    ['X-Forwarded-For', [`X-Forwarded-For: ${SPOOFED}`]],
    ['x-forwarded-for, in lower case', [`x-forwarded-for: ${SPOOFED}`]],
    ['X-FORWARDED-FOR, in capitals', [`X-FORWARDED-FOR: ${SPOOFED}`]],
    ['X-Forwarded-For twice', [`X-Forwarded-For: ${SPOOFED}`, `X-Forwarded-For: ${SPOOFED}`]],
    ['a list of hops', [`X-Forwarded-For: ${SPOOFED}, 10.0.0.1, ${PEER}`]],
    ['the peer’s own address', [`X-Forwarded-For: ${PEER}`]],
    ['an underscore in the name', [`X_Forwarded_For: ${SPOOFED}`]],
    ['X-Forwarded', [`X-Forwarded: for=${SPOOFED}`]],
    ['X-Original-Forwarded-For', [`X-Original-Forwarded-For: ${SPOOFED}`]],
    ['Forwarded', [`Forwarded: for=${SPOOFED};proto=https;by=${PEER}`]],
    ['Forwarded-For', [`Forwarded-For: ${SPOOFED}`]],
    ['X-Real-IP', [`X-Real-IP: ${SPOOFED}`]],
    ['X-Client-IP', [`X-Client-IP: ${SPOOFED}`]],
    ['Client-IP', [`Client-IP: ${SPOOFED}`]],
    ['X-Cluster-Client-IP', [`X-Cluster-Client-IP: ${SPOOFED}`]],
    ['X-Originating-IP', [`X-Originating-IP: [${SPOOFED}]`]],
    ['X-Remote-IP and X-Remote-Addr', [`X-Remote-IP: ${SPOOFED}`, `X-Remote-Addr: ${SPOOFED}`]],
    ['CF-Connecting-IP', [`CF-Connecting-IP: ${SPOOFED}`, `CF-Connecting-IPv6: 2001:db8::66`]],
    ['True-Client-IP', [`True-Client-IP: ${SPOOFED}`]],
    ['Fastly-Client-IP', [`Fastly-Client-IP: ${SPOOFED}`]],
    ['X-Azure-ClientIP', [`X-Azure-ClientIP: ${SPOOFED}`]],
    ['Via', [`Via: 1.1 ${SPOOFED}`]],
    ['all at once', ['X-Forwarded-For', 'X-Real-IP', 'True-Client-IP'].map((name) => `${name}: ${SPOOFED}`)],
    ['a thousand hops', [`X-Forwarded-For: ${Array(1_000).fill(SPOOFED).join(',')}`]],
  ])('is the peer’s, whatever is said in %s', async (_name, headers) => {
    expect(await seenAs(service, headers)).toEqual([PEER, PEER]);
  });

  it('is the peer’s in the record of a wrong password too', async () => {
    await answerTo(service.url, login(['X-Request-ID: wrong', `X-Forwarded-For: ${SPOOFED}`], 'not the password'));
    expect(await shown(service.app, { requestId: 'wrong' })).toMatchObject([{ ipAddress: PEER }]);
  });

  it('is known even of a client that is gone before it is asked for', async () => {
    const { hostname, port } = new URL(service.url);
    const server: Server = service.app.getHttpServer();
    const socket: Socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    await Promise.all([once(socket, 'connect'), once(server, 'connection')]);
    socket.write(login(['X-Request-ID: gone'], 'not the password'), () => socket.resetAndDestroy());

    const recorded = (): Promise<readonly unknown[]> => shown(service.app, { requestId: 'gone' });
    await eventually('the sign-in is recorded', async () => (await recorded()).length > 0);
    expect(await recorded()).toMatchObject([{ ipAddress: PEER }]);
  });
});

describe('the address of a client behind a trusted proxy', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await aServiceBehind('127.0.0.1, 10.0.0.0/8, 2001:db8:ffff::/48');
  });
  afterAll(() => service.stop());

  it.each<[string, readonly string[], string]>([
    ['as the proxy wrote it', [`X-Forwarded-For: ${CLIENT}`], CLIENT],
    ['in an odd case', [`x-FoRwArDeD-fOr: ${CLIENT}`], CLIENT],
    ['among blanks and tabs', [`X-Forwarded-For: \t ${CLIENT} \t`], CLIENT],
    ['with a port', [`X-Forwarded-For: ${CLIENT}:4711`], CLIENT],
    ['as IPv6 around IPv4', [`X-Forwarded-For: ::FFFF:${CLIENT}`], CLIENT],
    ['as long IPv6 in capitals', ['X-Forwarded-For: 2001:DB8:0:0:0:0:0:1'], '2001:db8::1'],
    ['in brackets with a port', ['X-Forwarded-For: [2001:db8::1]:443'], '2001:db8::1'],
    ['with a zone', ['X-Forwarded-For: fe80::9%eth0'], 'fe80::9'],
    ['right of what the client made up', [`X-Forwarded-For: ${SPOOFED}, ${CLIENT}`], CLIENT],
    ['right of a trusted address the client made up', [`X-Forwarded-For: ${PEER}, ${CLIENT}`], CLIENT],
    ['right of garbage the client made up', [`X-Forwarded-For: ",;unknown, ${CLIENT}`], CLIENT],
    ['in a header beside the client’s own', [`X-Forwarded-For: ${SPOOFED}`, `X-Forwarded-For: ${CLIENT}`], CLIENT],
    ['left of further proxies', [`X-Forwarded-For: ${SPOOFED}, ${CLIENT}, 10.1.2.3:80, 2001:DB8:FFFF::7`], CLIENT],
    ['right of a thousand hops', [`X-Forwarded-For: ${'1.1.1.1,'.repeat(1_000)}${CLIENT}`], CLIENT],
    [
      'after more headers than Node keeps',
      [...Array<string>(1_200).fill('A: b'), `X-Forwarded-For: ${CLIENT}`],
      CLIENT,
    ],
    ['beside headers nobody asked for', ['X-Real-IP: 1.1.1.1', 'Forwarded: for=1.1.1.1'], PEER],
    ['nowhere', [], PEER],
    ['nowhere, in an empty header', ['X-Forwarded-For:'], PEER],
    ['nowhere, behind a comma', [`X-Forwarded-For: ${SPOOFED},`], PEER],
    ['as garbage', [`X-Forwarded-For: ${SPOOFED}, unknown`], PEER],
    ['as garbage, between proxies', [`X-Forwarded-For: ${SPOOFED}, unknown, 10.1.2.3`], '10.1.2.3'],
  ])('is read where that wrote it: %s', async (_name, headers, address) => {
    expect(await seenAs(service, headers)).toEqual([address, address]);
  });

  it('brings no belief in a host or a protocol: they change no link and no cookie', async () => {
    const claims = ['X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https', 'X-Forwarded-Port: 666'];
    const { headers, text } = await answerTo(service.url, login([...claims, 'X-Token-Delivery: cookie'], 'wrong'));
    expect(text).toContain('"type":"http://localhost:3000/docs/errors#');
    expect(text).not.toContain('evil');
    expect(headers.get('location')).toBeNull();
  });
});

it('the address of a client is the peer’s when the proxy that is trusted is another', async () => {
  const service = await aServiceBehind('10.0.0.0/8');
  expect(await seenAs(service, [`X-Forwarded-For: ${CLIENT}`])).toEqual([PEER, PEER]);
  expect((await new Client(service.url).get('//health/live')).status).toBe(200);
  await service.stop();
});
