import type { AuditFilter, AuditSubject } from '../application/audit-queries';

/**
 * What narrows a statement over audit_events, and the values it refers to by number. An event is wanted that meets one of
 * the alternatives; none meets two.
 */
export type Conditions = { readonly alternatives: readonly string[]; readonly values: readonly unknown[] };

type Condition = readonly [sql: string, value: unknown];

/**
 * The subject is said again though the policies of the database hold to it: indexes serve what the statement says.
 * @param tagOf finds what may be of an address; whoever opens the rows looks again
 */
export function conditionsOf(
  subject: AuditSubject,
  filter: AuditFilter,
  tagOf: (address: string) => number,
): Conditions {
  const values: unknown[] = [];
  const place = (value: unknown): string => `$${String(values.push(value))}`;
  const parts = [...subjectOf(subject), ...filterOf(filter)].map(([sql, value]) => sql.replace('?', place(value)));
  const common = parts.length === 0 ? 'true' : parts.join(' AND ');
  const { ipAddress } = filter;
  if (ipAddress === undefined) return { alternatives: [common], values };
  const [clear, boxed] = [`ip_address = ${place(ipAddress)}`, `ip_tag = ${place(tagOf(ipAddress))}`];
  return { alternatives: [`${common} AND ${clear}`, `${common} AND ${boxed} AND ip_address IS NULL`], values };
}

function subjectOf(subject: AuditSubject): readonly Condition[] {
  if (subject.kind === 'everybody') return [];
  return subject.kind === 'user' ? [['user_id = ?', subject.user]] : [['tenant_id = ?', subject.tenant]];
}

function filterOf(filter: AuditFilter): readonly Condition[] {
  const conditions: readonly Condition[] = [
    ['user_id = ?', filter.userId],
    ['action = ?', filter.action],
    ['outcome = ?', filter.outcome],
    ['request_id = ?', filter.requestId],
    ['occurred_at >= ?', filter.from],
    ['occurred_at < ?', filter.to],
    // A condition that is always true is said all the same: only with it does the index of risks serve.
    ['risk_score > 0 AND risk_score >= ?', filter.minRisk === 0 ? undefined : filter.minRisk],
  ];
  return conditions.filter(([, value]) => value !== undefined);
}
