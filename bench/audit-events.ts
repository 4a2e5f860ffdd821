import { Client } from 'pg';

/** How many there are, in tenants of which the first has every tenth of them. */
export type Events = { readonly events: number; readonly tenants: number; readonly first: string };

const USERS_OF_A_TENANT = 20;
/** However many events there are, an address has as many of them: the pages that are compared are of the same size. */
const EVENTS_OF_AN_ADDRESS = 10_000;
const MONTHS = 12;
/** Each stands for so many of a hundred. */
const ACTIONS: readonly (readonly [action: string, share: number])[] = [
  ['auth.token_refreshed', 52],
  ['auth.login', 25],
  ['auth.logout', 8],
  ['access.denied', 5],
  ['session.revoked', 3],
  ['audit.read', 2],
  ['password.changed', 2],
  ['mfa.enrolled', 1],
  ['api_key.used', 1],
  ['role.granted', 1],
];

/**
 * A log of this size was sealed and counted as it grew. The seal says nothing that is true; it is there so that the sealer
 * has no ten million to catch up with while the pages are measured.
 */
const SEALED: readonly string[] = [
  `INSERT INTO audit_seals (number, previous, hash, month, first_sequence, last_sequence, events, sequences, sequences_hash,
                            leaves, root, tenants, tenants_hash, foreign_sequences, unsigned, sealed_at, key_id, signature)
   SELECT number + 1, hash, sha256('made up'), month, last, last, 1, ARRAY[last], sha256(''), sha256(''), sha256(''), '{}',
          sha256(''), '{}', 0, now(), key_id, signature
   FROM audit_seals, (SELECT max(sequence) AS last FROM audit_events) AS events ORDER BY number DESC LIMIT 1`,
  `INSERT INTO audit_daily (day, tenant_id, action, outcome, count)
   SELECT (occurred_at AT TIME ZONE 'UTC')::date, tenant_id, action, outcome, count(*) FROM audit_events GROUP BY 1, 2, 3, 4
   ON CONFLICT (tenant_id, day, action, outcome) DO UPDATE SET count = excluded.count`,
];

/**
 * A year of events up to now, loaded without the indexes, which are made again from their definitions. Nothing is random:
 * what is of an event follows from its number.
 */
export async function fill(url: string, events: Events): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 0`);
    await client.query(
      `SELECT add_audit_month((date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => ago))::date)
       FROM generate_series(1, ${MONTHS}) AS ago`,
    );
    const indexes = await taken(client);
    await client.query('BEGIN');
    await client.query(insert(events), [events.first]);
    for (const statement of SEALED) await client.query(statement);
    await client.query('COMMIT');
    for (const definition of indexes) await client.query(definition);
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

/** Drops the indexes of the events and returns the statements that make them. */
async function taken(client: Client): Promise<readonly string[]> {
  const { rows: constraints } = await client.query<{ name: string; definition: string }>(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
     WHERE conrelid = 'audit_events'::regclass AND contype IN ('p', 'u')`,
  );
  for (const { name } of constraints) await client.query(`ALTER TABLE audit_events DROP CONSTRAINT ${name}`);
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'audit_events'`,
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  return [
    ...constraints.map(({ name, definition }) => `ALTER TABLE audit_events ADD CONSTRAINT ${name} ${definition}`),
    // "ON ONLY" would leave the months without.
    ...indexes.map(({ definition }) => definition.replace(' ON ONLY ', ' ON ')),
  ];
}

/** `h` is a number that looks like chance. */
function insert({ events, tenants }: Events): string {
  const tenant = `CASE WHEN n % 10 = 0 OR ${tenants} = 1 THEN $1::uuid
                       ELSE ('01900000-0000-7000-8000-' || lpad(to_hex(1 + h % ${tenants - 1}), 12, '0'))::uuid END`;
  const user = `('01900000-0000-7000-9000-' || lpad(to_hex(t_of * ${USERS_OF_A_TENANT} + (h >> 8) % ${USERS_OF_A_TENANT}), 12, '0'))::uuid`;
  let below = 0;
  const action = ACTIONS.map(([name, share]) => `WHEN (h >> 4) % 100 < ${(below += share)} THEN '${name}'`).join(' ');
  return `
    INSERT INTO audit_events (id, occurred_at, tenant_id, user_id, actor, actor_id, action, outcome, target_type, target_id,
                              ip_address, request_id, risk_score, details, personal_digest, personal_box, ip_tag, mac)
    SELECT ('019a' || lpad(to_hex(n), 4, '0') || '-' || lpad(to_hex(n % 65536), 4, '0') || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
           at, ${tenant}, ${user}, 'user', ${user}, CASE ${action} END,
           CASE WHEN h % 10 = 3 THEN 'failure' ELSE 'success' END, 'session', md5(n::text)::uuid::text,
           CASE WHEN h % 50 = 7 THEN host(inet '10.0.0.0' + (h >> 6) % ${Math.ceil(events / EVENTS_OF_AN_ADDRESS)}) END,
           md5((n / 2)::text)::uuid::text, CASE WHEN h % 20 = 9 THEN (h >> 5) % 100 ELSE 0 END,
           jsonb_build_object('session_id', md5((n / 7)::text)::uuid, 'methods', jsonb_build_array('pwd')),
           CASE WHEN h % 50 <> 7 THEN sha256(n::text::bytea) END,
           CASE WHEN h % 50 <> 7 THEN sha512(n::text::bytea) || sha512(n::text::bytea) END,
           CASE WHEN h % 50 <> 7 THEN (h >> 3) % 1048576 END, sha256(n::text::bytea)
    FROM (SELECT n, abs(hashint8(n))::bigint AS h, abs(hashint8(n))::bigint % ${tenants} AS t_of,
                 now() - (${events} - n) * (interval '364 days' / ${events}) - interval '1 minute' AS at
          FROM generate_series(1, ${events}) AS n) AS numbered`;
}

/** Things that are in the log, spread over it: by these it is asked. */
export type Samples = {
  readonly users: readonly string[];
  readonly requests: readonly string[];
  readonly addresses: readonly string[];
  readonly cursors: readonly string[];
  readonly spans: readonly (readonly [from: string, to: string])[];
};

const SAMPLES = 20;

/** Of the first tenant, which everybody asks about. */
export async function samplesOf(url: string, { events, first }: Events): Promise<Samples> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const step = Math.floor(events / 10 / (SAMPLES + 1));
    const { rows } = await client.query<{ sequence: string; user_id: string; request_id: string; at: Date }>(
      `SELECT sequence, user_id, request_id, occurred_at AS at
       FROM (SELECT e.*, row_number() OVER (ORDER BY sequence) AS n FROM audit_events e WHERE tenant_id = $1) AS own
       WHERE n % ${step} = 0 LIMIT ${SAMPLES}`,
      [first],
    );
    const { rows: addresses } = await client.query<{ ip_address: string }>(
      `SELECT DISTINCT ip_address FROM audit_events WHERE tenant_id = $1 AND ip_address IS NOT NULL LIMIT ${SAMPLES}`,
      [first],
    );
    return {
      users: rows.map((row) => row.user_id),
      requests: rows.map((row) => row.request_id),
      addresses: addresses.map(({ ip_address: address }) => address),
      cursors: rows.map((row) => row.sequence),
      spans: rows.map(({ at }) => [new Date(at.getTime() - 7 * 86_400_000).toISOString(), at.toISOString()]),
    };
  } finally {
    await client.end();
  }
}
