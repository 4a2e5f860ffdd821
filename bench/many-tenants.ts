import type { Request } from 'autocannon';
import { startPostgres } from '../test/support/postgres-server';
import { compared, type Comparison } from './compare';
import { callersOf, LISTED_MEMBERS, ownersOfListed, populate } from './population';
import { createDatabase, post, type Service, startService, tokenOf } from './service';

const PASSWORD = 'correct horse battery staple';
const TEMPLATE = 'template@bench.example.com';
const [FEW, MANY] = [10, 10_000];
const MEMBERS_EACH = 3;
const ROUNDS = 5;
const SECONDS = 4;
const NAMES = ['login', 'me', 'member list'] as const;

type Name = (typeof NAMES)[number];
type Side = {
  readonly tenants: number;
  readonly service: Service;
  readonly requests: Readonly<Record<Name, readonly Request[]>>;
};
export type Row = Comparison & { readonly what: Name };

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
    for (const what of NAMES) {
      const ask = (each: Side) => ({ url: each.service.url, requests: each.requests[what] });
      const connections = what === 'login' ? 2 : 10;
      rows.push({ what, ...(await compared(ask(few), ask(many), { connections, rounds: ROUNDS, seconds: SECONDS })) });
    }
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
  const listed = await Promise.all((await ownersOfListed(url)).map((email) => tokenOf(service, email, PASSWORD)));
  const tokens: string[] = [];
  for (const email of callers) tokens.push(await tokenOf(service, email, PASSWORD));
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
