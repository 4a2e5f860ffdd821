import { styleText } from 'node:util';
import { AuditEventResponse, type AuditEventView } from '../modules/audit/audit-log.facade';
import { type Json, printable } from './terminal';

/** An event as programs read one: as over HTTP. */
export function eventJson(event: AuditEventView): Json {
  return JSON.parse(JSON.stringify(AuditEventResponse.from(event))) as Json;
}

export const EVENT_HEADING = ['SEQUENCE', 'TIME', 'ACTION', 'OUTCOME', 'ACTOR', 'USER', 'TENANT', 'FROM', 'RISK'];

/** An event as a row of a table. What it holds may be anybody's words. */
export function eventRow(event: AuditEventView): string[] {
  return [
    event.sequence,
    event.occurredAt,
    event.action,
    event.outcome,
    event.actor,
    event.userId ?? '-',
    event.tenantId ?? '-',
    event.ipAddress ?? '-',
    String(event.riskScore),
  ].map(printable);
}

const HIGH_RISK = 50;

/** An event as a line that goes by: in colour on a terminal, unless NO_COLOR says otherwise. */
export function eventLine(event: AuditEventView): string {
  const { outcome, riskScore } = event;
  const parts = [
    styleText('dim', printable(event.occurredAt)),
    styleText(outcome === 'success' ? 'green' : 'red', outcome.padEnd('success'.length)),
    styleText('bold', printable(event.action)),
    printable(event.actor),
    named('user', event.userId),
    named('tenant', event.tenantId),
    event.target === null ? null : named(event.target.type, event.target.id),
    named('from', event.ipAddress),
    riskScore === 0 ? null : styleText(riskScore >= HIGH_RISK ? 'red' : 'yellow', `risk ${String(riskScore)}`),
    Object.keys(event.details).length === 0 ? null : styleText('dim', printable(JSON.stringify(event.details))),
  ];
  return parts.filter((part) => part !== null).join('  ');
}

function named(what: string, value: string | null): string | null {
  return value === null ? null : `${styleText('dim', printable(what))} ${printable(value)}`;
}
