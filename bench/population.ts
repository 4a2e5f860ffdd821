import { Client } from 'pg';

/** How many there are beside whom the load is made by. */
export type Population = { readonly tenants: number; readonly membersEach: number };

/** Whom the load is made by, in both databases alike: they are spread over the tenants there are. */
export const CALLERS = 200;
/** The tenants whose members are listed are of the same size in both, or the lists would not be the same work. */
export const LISTED_MEMBERS = 100;
const LISTED_TENANTS = 10;

const UUID_OF = (kind: string, n: string): string =>
  `('01900000-0000-7000-${kind}-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

/** Tenants with an owner and viewers each, all with the password whose hash the template account has. */
export async function populate(url: string, template: string, population: Population): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements(population))
      await client.query(statement, statement.includes('$1') ? [template] : []);
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

function statements({ tenants, membersEach }: Population): readonly string[] {
  const tenant = UUID_OF('8000', 't');
  const user = UUID_OF('9000', 'u');
  const sizeOf = `CASE WHEN t < ${LISTED_TENANTS} THEN ${LISTED_MEMBERS} ELSE ${membersEach} END`;
  return [
    `INSERT INTO tenants (id, name, slug, kind, status, created_at, updated_at)
     SELECT ${tenant}, 'Tenant ' || t, 'tenant-' || t, 'organization', 'active', now(), now()
     FROM generate_series(0, ${tenants - 1}) t`,
    `CREATE TEMP TABLE places AS
     SELECT t, m, row_number() OVER (ORDER BY t, m)::int AS u
     FROM generate_series(0, ${tenants - 1}) t, LATERAL generate_series(0, ${sizeOf} - 1) m`,
    `INSERT INTO users (id, email, email_key, email_verified_at, status, system_administrator, password_hash,
                        password_changed_at, password_change_required, security_stamp, created_at, updated_at)
     SELECT ${user}, 'u' || u || '@bench.example.com', 'u' || u || '@bench.example.com', now(), 'active', false, o.password_hash,
            now(), false, ${user}, now(), now()
     FROM places, users o WHERE o.email_key = $1`,
    `INSERT INTO memberships (tenant_id, user_id, created_at) SELECT ${tenant}, ${user}, now() FROM places`,
    `INSERT INTO membership_roles (tenant_id, user_id, role_id, granted_at)
     SELECT ${tenant}, ${user}, r.id, now() FROM places
     JOIN roles r ON r.tenant_id IS NULL AND r.name = CASE WHEN m = 0 THEN 'owner' ELSE 'viewer' END`,
  ];
}

/**
 * The addresses of owners, as many as there are callers, spread over all tenants; where there are fewer tenants,
 * members too.
 */
export async function callersOf(url: string): Promise<readonly string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ email: string }>(
      `SELECT email FROM (SELECT email, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS all
                          FROM users WHERE email LIKE 'u%@bench.example.com') u
       WHERE n % greatest(1, u.all / ${CALLERS}) = 0 LIMIT ${CALLERS}`,
    );
    return rows.map(({ email }) => email);
  } finally {
    await client.end();
  }
}

/** The owner of each tenant whose members are listed. */
export async function ownersOfListed(url: string): Promise<readonly string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ email: string }>(
      `SELECT u.email FROM tenants t JOIN memberships m ON m.tenant_id = t.id JOIN users u ON u.id = m.user_id
       JOIN membership_roles mr ON mr.tenant_id = t.id AND mr.user_id = u.id JOIN roles r ON r.id = mr.role_id
       WHERE t.slug = ANY ($1) AND r.name = 'owner' ORDER BY t.slug`,
      [Array.from({ length: LISTED_TENANTS }, (_none, t) => `tenant-${t}`)],
    );
    return rows.map(({ email }) => email);
  } finally {
    await client.end();
  }
}
