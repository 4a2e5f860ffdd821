import { setTimeout as wait } from 'node:timers/promises';
import type { Request } from 'autocannon';
import { Client } from 'pg';
import { startPostgres } from '../test/support/postgres-server';
import { type Events, fill, type Samples, samplesOf } from './audit-events';
import { compared, type Comparison } from './compare';
import { createDatabase, post, type Service, startService, tokenOf } from './service';

const PASSWORD = 'correct horse battery staple';
const [OWNER, ADMINISTRATOR] = ['owner@bench.example.com', 'administrator@bench.example.com'];
const SIZES: readonly Omit<Events, 'first'>[] = [
  { events: 10_000, tenants: 10 },
  { events: Number(process.argv[3] ?? 10_000_000), tenants: 10_000 },
];
/** Asked for all of them, or for those whose names have this in them. */
const WANTED = process.argv[4] ?? '';
const PACE = { connections: 2, rounds: 4, seconds: 2 };

/** What is asked for, as it stands in the address. */
const QUESTIONS: Readonly<Record<string, (samples: Samples) => readonly string[]>> = {
  'no filter': () => [''],
  action: () => ['action=role.granted', 'action=auth.login', 'action=mfa.enrolled'],
  user_id: ({ users }) => users.map((id) => `user_id=${id}`),
  'outcome=failure': () => ['outcome=failure'],
  ip_address: ({ addresses }) => addresses.map((address) => `ip_address=${address}`),
  'own ip_address': () => ['ip_address=127.0.0.1'],
  request_id: ({ requests }) => requests.map((id) => `request_id=${id}`),
  min_risk: () => ['min_risk=50', 'min_risk=90', 'min_risk=99'],
  'from, to': ({ spans }) => spans.map(([from, to]) => `from=${from}&to=${to}`),
  'deep cursor': ({ cursors }) => cursors.map((cursor) => `cursor=${cursor}`),
  summary: ({ spans }) => spans.map(([from, to]) => `/summary?from=${from.slice(0, 10)}&to=${to.slice(0, 10)}`),
  'action, failure, to': ({ spans }) => spans.map(([, to]) => `action=auth.login&outcome=failure&to=${to}`),
};

type Side = { readonly service: Service; readonly samples: Samples; readonly tokens: readonly [string, string] };
export type AuditRow = Comparison & { readonly what: string };

/** What a page costs among ten million events against the same page among ten thousand: asked in turns, on one PostgreSQL. */
export async function auditLog(): Promise<readonly AuditRow[]> {
  const postgres = await startPostgres();
  if (!postgres) throw new Error('There are no binaries of PostgreSQL to start one from');
  const sides: Side[] = [];
  try {
    for (const size of SIZES) sides.push(await side(postgres.url, size));
    const [few, many] = sides;
    if (!few || !many) throw new Error('A side is missing');
    const rows: AuditRow[] = [];
    for (const [reader, who] of ['tenant administrator', 'system administrator'].entries()) {
      for (const [what, queriesOf] of Object.entries(QUESTIONS).filter(([name]) => name.includes(WANTED))) {
        const ask = ({ service, samples, tokens }: Side) => ({
          url: service.url,
          requests: queriesOf(samples).map((query) => get(query, tokens[reader] ?? '')),
        });
        const row = { what: `${who}: ${what}`, ...(await compared(ask(few), ask(many), PACE)) };
        process.stderr.write(`${row.what}: ${row.few.p95.toFixed(2)} ms, ${row.many.p95.toFixed(2)} ms\n`);
        rows.push(row);
      }
    }
    return rows;
  } finally {
    for (const { service } of sides) await service.stop();
    await postgres.stop();
  }
}

/** The owner of the largest tenant, which has a tenth of all events, and somebody who sees all of them. */
async function side(server: string, size: Omit<Events, 'first'>): Promise<Side> {
  const url = await createDatabase(server, `bench_${size.events}`);
  const service = await startService(url);
  await post(service, '/auth/register', { email: ADMINISTRATOR, password: PASSWORD });
  await post(service, '/auth/register', { email: OWNER, password: PASSWORD, tenant_name: 'Largest' });
  const first = await prepared(url);
  process.stderr.write(`Filling with ${size.events.toLocaleString('en')} events\n`);
  await fill(url, { ...size, first });
  const samples = await samplesOf(url, { ...size, first });
  const tokens = [await tokenOf(service, OWNER, PASSWORD), await tokenOf(service, ADMINISTRATOR, PASSWORD)] as const;
  return { service, samples, tokens };
}

/** Returns the tenant of the owner, once the service has sealed what it did so far: with its key the log is sealed. */
async function prepared(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    while ((await client.query('SELECT FROM audit_seals')).rowCount === 0) await wait(100);
    await client.query('UPDATE users SET system_administrator = true WHERE email = $1', [ADMINISTRATOR]);
    const { rows } = await client.query<{ id: string }>(`SELECT id FROM tenants WHERE slug = 'largest'`);
    return rows[0]?.id ?? '';
  } finally {
    await client.end();
  }
}

function get(query: string, token: string): Request {
  const path = `/api/v1/audit-logs${query.startsWith('/') || query === '' ? query : `?${query}`}`;
  return { method: 'GET', path, headers: { authorization: `Bearer ${token}` } };
}
