import { Client } from 'pg';
import type { Request } from 'autocannon';
import { startPostgres } from '../test/support/postgres-server';
import { load, type Measured, percentile } from './load';
import { callersOf, LISTED_MEMBERS, ownersOfListed, populate } from './population';
import { type Service, startService } from './service';

const PASSWORD = 'correct horse battery staple';
const TEMPLATE = 'template@bench.example.com';
const [FEW, MANY] = [10, 10_000];
const MEMBERS_EACH = 3;
const ROUNDS = 5;
const SECONDS = 4;
const MOST = 1.2;
const NAMES = ['login', 'me', 'member list'] as const;

type Name = (typeof NAMES)[number];
type Side = {
  readonly tenants: number;
  readonly service: Service;
  readonly requests: Readonly<Record<Name, readonly Request[]>>;
};
export type Row = {
  readonly what: Name;
  readonly few: Figures;
  readonly many: Figures;
  readonly ratio: number;
  readonly holds: boolean;
};
type Figures = {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly perSecond: number;
  readonly errors: number;
};

/** What a request costs among 10,000 tenants against the same request among 10: both asked in turns, on one PostgreSQL. */
export async function manyTenants(): Promise<readonly Row[]> {
  const postgres = await startPostgres();
  if (!postgres) throw new Error('There are no binaries of PostgreSQL to start one from');
  const sides: Side[] = [];
  try {
    for (const tenants of [FEW, MANY]) sides.push(await side(postgres.url, tenants));
    const [few, many] = sides;
    if (!few || !many) throw new Error('A side is missing');
    const rows: Row[] = [];
    for (const what of NAMES) rows.push(await compared(what, few, many));
    return rows;
  } finally {
    for (const { service } of sides) await service.stop();
    await postgres.stop();
  }
}

async function side(server: string, tenants: number): Promise<Side> {
  const url = await createDatabase(server, `bench_${tenants}`);
  const service = await startService(url);
  await post(service, '/auth/register', { email: TEMPLATE, password: PASSWORD });
  await populate(url, TEMPLATE, { tenants, membersEach: MEMBERS_EACH });
  const callers = await callersOf(url);
  const listed = await Promise.all((await ownersOfListed(url)).map((email) => tokenOf(service, email)));
  const tokens: string[] = [];
  for (const email of callers) tokens.push(await tokenOf(service, email));
  const signIn = (email: string): Request => ({
    method: 'POST',
    path: '/api/v1/auth/login',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: email, password: PASSWORD }),
  });
  const get = (path: string, token: string): Request => ({
    method: 'GET',
    path: `/api/v1${path}`,
    headers: { authorization: `Bearer ${token}` },
  });
  return {
    tenants,
    service,
    requests: {
      login: callers.map(signIn),
      me: tokens.map((token) => get('/auth/me', token)),
      'member list': listed.map((token) => get(`/users?limit=${LISTED_MEMBERS}`, token)),
    },
  };
}

/** Round by round, now the one and then the other first, so that whatever else the machine does is shared. */
async function compared(what: Name, few: Side, many: Side): Promise<Row> {
  const connections = what === 'login' ? 2 : 10;
  const of = new Map<Side, Measured[]>([
    [few, []],
    [many, []],
  ]);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const each of round % 2 === 0 ? [few, many] : [many, few]) {
      const measured = await load({
        url: each.service.url,
        requests: each.requests[what],
        connections,
        seconds: SECONDS,
      });
      // The first round warms both up.
      if (round > 0) of.get(each)?.push(measured);
    }
  }
  const [one, other] = [figuresOf(of.get(few) ?? []), figuresOf(of.get(many) ?? [])];
  const ratio = other.p95 / one.p95;
  return { what, few: one, many: other, ratio, holds: ratio <= MOST && one.errors + other.errors === 0 };
}

function figuresOf(rounds: readonly Measured[]): Figures {
  const latencies = rounds.flatMap((round) => round.latencies);
  return {
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
    perSecond: rounds.reduce((sum, { perSecond }) => sum + perSecond, 0) / rounds.length,
    errors: rounds.reduce((sum, { errors }) => sum + errors, 0),
  };
}

async function createDatabase(server: string, name: string): Promise<string> {
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function post({ url }: Service, path: string, json: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(json) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}

async function tokenOf(service: Service, email: string): Promise<string> {
  return String((await post(service, '/auth/login', { username: email, password: PASSWORD })).access_token);
}
