import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { Database } from '../../../../platform/database/database';
import {
  type DailyStanding,
  type UsageBatch,
  type UsagePeriod,
  UsageStore,
} from '../../application/limits/usage-store.port';
import type { Day, Sighting, UsageCount, UsageSpan } from '../../domain/limits/usage';

type Standing = {
  tenant_id: TenantId;
  max_requests_per_day: string | null;
  max_mails_per_day: number | null;
  max_sms_per_day: number | null;
  requests: number;
  mails: number;
  sms: number;
};

type Period = Omit<UsagePeriod, 'activeUsers'> & { readonly active_users: number };

/** Whoever asks for what is not known meanwhile waits that long too, and counts that are not written are kept. */
const PATIENCE_MS = 1_000;
const TABLES = ['tenant_usage', 'tenant_active_users'] as const;

/** Counts are of any tenants, whoever's request it is in which they are written. */
@Injectable()
export class SqlUsageStore extends UsageStore {
  constructor(private readonly database: Database) {
    super();
  }

  async add({ counts, sightings }: UsageBatch): Promise<void> {
    await this.hold(counts, sightings);
    if (counts.length > 0) await this.addCounts(counts);
    if (sightings.length > 0) await this.addSightings(sightings);
  }

  async standings(tenants: readonly TenantId[], day: Day): Promise<readonly DailyStanding[]> {
    const amount = (metric: string): string =>
      `coalesce((SELECT u.amount FROM tenant_usage u
                 WHERE u.tenant_id = t.id AND u.day = $2::date AND u.metric = '${metric}'), 0)::float8 AS ${metric}`;
    const found = await this.database.acrossTenants.reader.query<Standing[]>(
      `SELECT t.id AS tenant_id, l.max_requests_per_day, l.max_mails_per_day, l.max_sms_per_day,
              ${amount('requests')}, ${amount('mails')}, ${amount('sms')}
       FROM tenants t LEFT JOIN tenant_limits l ON l.tenant_id = t.id WHERE t.id = ANY ($1::uuid[])`,
      [tenants, day],
    );
    return found.map(standingOf);
  }

  async periods(tenant: TenantId, { from, to, granularity }: UsageSpan): Promise<readonly UsagePeriod[]> {
    const start = (column: string): string => `date_trunc('${granularity}', ${column}::timestamp)::date`;
    const sum = (metric: string): string => `sum(amount) FILTER (WHERE metric = '${metric}') AS ${metric}`;
    const found = await this.database.reader.query<Period[]>(
      `SELECT to_char(p.start, '${granularity === 'month' ? 'YYYY-MM' : 'YYYY-MM-DD'}') AS period,
              coalesce(u.requests, 0)::float8 AS requests, coalesce(u.sign_ins, 0)::float8 AS sign_ins,
              coalesce(u.mails, 0)::float8 AS mails, coalesce(u.sms, 0)::float8 AS sms,
              coalesce(a.active_users, 0)::float8 AS active_users
       FROM generate_series(${start('$2::date')}, $3::date, interval '1 ${granularity}') AS p (start)
       LEFT JOIN (SELECT ${start('day')} AS start, ${sum('requests')}, ${sum('sign_ins')}, ${sum('mails')}, ${sum('sms')}
                  FROM tenant_usage WHERE tenant_id = $1 AND day BETWEEN $2::date AND $3::date GROUP BY 1) u
         ON u.start = p.start
       LEFT JOIN (SELECT ${start('day')} AS start, count(DISTINCT user_id) AS active_users
                  FROM tenant_active_users WHERE tenant_id = $1 AND day BETWEEN $2::date AND $3::date GROUP BY 1) a
         ON a.start = p.start
       ORDER BY p.start`,
      [tenant, from, to],
    );
    return found.map(({ active_users: activeUsers, ...period }) => ({ ...period, activeUsers }));
  }

  async removeBefore(day: Day, most: number): Promise<number> {
    let removed = 0;
    for (const table of TABLES) {
      // What DELETE answers is a pair: the rows, and how many.
      const [, count] = await this.database.writer.query<[unknown, number]>(
        `DELETE FROM ${table} WHERE ctid IN (
           SELECT ctid FROM ${table} WHERE day < $1::date ORDER BY day LIMIT $2 FOR UPDATE SKIP LOCKED)`,
        [day, most],
      );
      removed = Math.max(removed, count);
    }
    return removed;
  }

  /**
   * So that none of them goes while it is written of; and tenants before users, in the order of everybody who holds
   * several.
   */
  private async hold(counts: readonly UsageCount[], sightings: readonly Sighting[]): Promise<void> {
    await this.database.writer.query(`SET LOCAL lock_timeout = ${PATIENCE_MS}`);
    const tenants = new Set([...counts, ...sightings].map(({ tenantId }) => tenantId));
    const sql = (table: string): string => `SELECT FROM ${table} WHERE id = ANY ($1::uuid[]) ORDER BY id FOR KEY SHARE`;
    await this.database.acrossTenants.writer.query(sql('tenants'), [[...tenants]]);
    if (sightings.length === 0) return;
    const users = new Set(sightings.map(({ userId }) => userId));
    await this.database.acrossTenants.writer.query(sql('users'), [[...users]]);
  }

  /** In one order for everybody who adds to several. */
  private async addCounts(counts: readonly UsageCount[]): Promise<void> {
    await this.database.acrossTenants.writer.query(
      `INSERT INTO tenant_usage (tenant_id, day, metric, amount)
       SELECT c.tenant_id, c.day, c.metric, c.amount
       FROM unnest($1::uuid[], $2::date[], $3::text[], $4::bigint[]) AS c (tenant_id, day, metric, amount)
       JOIN tenants t ON t.id = c.tenant_id
       ORDER BY c.tenant_id, c.day, c.metric
       ON CONFLICT ON CONSTRAINT tenant_usage_pkey DO UPDATE SET amount = tenant_usage.amount + excluded.amount`,
      [
        counts.map(({ tenantId }) => tenantId),
        counts.map(({ day }) => day),
        counts.map(({ metric }) => metric),
        counts.map(({ amount }) => amount),
      ],
    );
  }

  private async addSightings(sightings: readonly Sighting[]): Promise<void> {
    await this.database.acrossTenants.writer.query(
      `INSERT INTO tenant_active_users (tenant_id, day, user_id)
       SELECT s.tenant_id, s.day, s.user_id
       FROM unnest($1::uuid[], $2::date[], $3::uuid[]) AS s (tenant_id, day, user_id)
       JOIN tenants t ON t.id = s.tenant_id JOIN users u ON u.id = s.user_id
       ORDER BY s.tenant_id, s.day, s.user_id
       ON CONFLICT ON CONSTRAINT tenant_active_users_pkey DO NOTHING`,
      [
        sightings.map(({ tenantId }) => tenantId),
        sightings.map(({ day }) => day),
        sightings.map(({ userId }) => userId),
      ],
    );
  }
}

function standingOf(found: Standing): DailyStanding {
  const { tenant_id: tenantId, requests, mails, sms } = found;
  const limits = {
    // The driver reads a bigint as a text.
    maxRequestsPerDay: found.max_requests_per_day === null ? null : Number(found.max_requests_per_day),
    maxMailsPerDay: found.max_mails_per_day,
    maxSmsPerDay: found.max_sms_per_day,
  };
  return { tenantId, limits, spent: { requests, mails, sms } };
}
